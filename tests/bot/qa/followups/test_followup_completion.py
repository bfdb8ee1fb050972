"""What a completion tells besides its question, and that nothing breaks it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.followups.completing import complete
from bot.qa.followups.turns import MAX_MESSAGE, MAX_TURNS, Turn

LEADER = "Abu Ibrahim al-Hashimi al-Qurashi"


def asked(question: str, answer: str = "") -> Turn:
    return Turn(question, question, answer, bool(answer))


def test_what_was_understood_names_the_pronoun_and_its_meaning() -> None:
    got = complete("Who was his wife?", [asked("Who led ISIS in 2020?", LEADER)])

    assert got.understood == f"his = {LEADER}"
    assert got.ready


def test_two_people_are_offered_instead_of_guessed() -> None:
    got = complete("What did he say?", [asked("Why did Biden call Putin?", "about grain")])

    assert got.unclear == "“he”: Biden or Putin"
    assert got.options == ("What did Biden say?", "What did Putin say?")
    assert got.question == "What did he say?"
    assert not got.ready


def test_a_time_that_counts_from_the_article_is_not_carried_over() -> None:
    got = complete("Who was mayor then?", [asked("When was the ferry sold?", "on Monday")])

    assert got.unclear


def test_a_month_keeps_the_year_that_was_asked_about() -> None:
    got = complete("and in May?", [asked("What happened in Sudan in April 2023?", "fighting")])

    assert got.question == "What happened in Sudan in May 2023?"


def test_an_older_turn_counts_where_the_latest_has_nothing_that_fits() -> None:
    turns = [asked("Who is Joana Reis?", "a judge"), asked("When was the ferry sold?", "in 2019")]

    assert complete("Where does she live?", turns).question == "Where does Joana Reis live?"


def test_turns_before_the_bound_are_forgotten() -> None:
    turns = [asked("Who is Joana Reis?", "a judge")]
    turns += [asked("When was the ferry sold?", "in 2019")] * MAX_TURNS

    assert complete("Where does she live?", turns).unclear


def test_an_answer_that_was_not_found_is_not_carried_over() -> None:
    turn = Turn("Who owns the ferry?", "Who owns the ferry?", "Leo Marsh", answered=False)

    assert complete("How old is he?", [turn]).unclear


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=3),
)
def test_any_text_is_completed_or_left(message: str, said: list[tuple[str, str]]) -> None:
    got = complete(message, [asked(question, answer) for question, answer in said])

    assert not (got.changed and got.unclear)
    assert got.changed == bool(got.understood)


WORDS = ["and", "his", "it", "there", "then", "when", "who", "Al", "Baghdadi", "Syria", "2020"]
WORDS += ["the", "raid", "'s", "?", ",", "in", "of"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join))
def test_any_order_of_the_words_that_matter_is_completed_or_left(message: str) -> None:
    got = complete(message, [asked(f"Where was {message} killed?", message)])

    assert not (got.changed and got.unclear)


def test_a_long_message_is_cut() -> None:
    got = complete("why " * MAX_MESSAGE, [])

    assert len(got.question) <= MAX_MESSAGE


def test_runs_of_punctuation_are_read_at_once() -> None:
    assert not complete("ok.,.," * 300 + "!", []).asks
    assert complete("ok.,.," * 300 + "1", []).asks
