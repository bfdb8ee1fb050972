"""Of readings that can both be true, the most specific, with the broader as its context."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import say

from bot.qa.candidates import Candidate
from bot.qa.merging import Reading, merge
from bot.qa.questions import question_kind
from bot.qa.specificity import most_specific

RAID = (
    "Omar Karim was killed in western Nigeria. Karim died in the town of Lorvik, Hald province, "
    "in Nigeria, in March. Salim Dar was found in Marn, also in Hald province, in 2019."
)
SWAP = (
    "The unit moved from the town of Taft to a village. Soldiers raided the remote village of Brun "
    "Sar in Hald province. A raid was near the city of Kano."
)
DATES = (
    "The dam was opened in 2019. Workers had opened the dam on 26 October 2019. The old dam had "
    "been opened in 1970, in October."
)
TOLL = "Dozens died in the Lorvik fire. More than 30 people died there, and 34 died in Lorvik."
PAIR = (
    "His wife opened the school in Lorvik. The mayor came with his wife, Ann Lee, on Monday. "
    "A Kenyan-born lawyer spoke. Ben Okoro is a Kenyan-born lawyer. Carl Dunn spoke too."
)

# question, article, (words, score) best first, then what comes out: answer, broader wordings
CASES = [
    ("Where was Karim killed?", RAID, [("western Nigeria", 9), ("the town of Lorvik", 5)],
     [("the town of Lorvik", ["western Nigeria"])]),
    ("where was karim killed", RAID, [("western Nigeria", 9), ("Lorvik", 5)],
     [("Lorvik", ["western Nigeria"])]),
    ("Where was Karim killed?", RAID, [("Nigeria", 9), ("Hald province", 8), ("Lorvik", 4)],
     [("Lorvik", ["Nigeria", "Hald province"])]),
    ("Where was Karim killed?", RAID,
     [("western Nigeria", 9), ("the town of Lorvik, Hald province", 5), ("Marn", 5.5)],
     [("the town of Lorvik, Hald province", ["western Nigeria"]), ("Marn", [])]),
    # too far behind, too weak, or about someone else and not near enough
    ("Where was Karim killed?", RAID, [("western Nigeria", 12), ("Lorvik", 5)],
     [("western Nigeria", []), ("Lorvik", [])]),
    ("Where was Karim killed?", RAID, [("western Nigeria", 4), ("Lorvik", -1)],
     [("western Nigeria", []), ("Lorvik", [])]),
    ("Where was Karim killed?", RAID, [("Nigeria", 9), ("Marn", 5)],
     [("Nigeria", []), ("Marn", [])]),
    ("Where was Karim killed?", RAID, [("Hald province", 9), ("Marn", 7)],
     [("Marn", ["Hald province"])]),
    # places that nothing puts into one another
    ("Where was Karim killed?", RAID, [("Lorvik", 9), ("Marn", 8)], [("Lorvik", []), ("Marn", [])]),
    # the answer is the finer one already
    ("Where was Karim killed?", RAID, [("Lorvik", 9), ("western Nigeria", 6)],
     [("Lorvik", ["western Nigeria"])]),
    ("Where was Karim killed?", RAID, [("Lorvik", 9), ("western Nigeria", 1)],
     [("Lorvik", []), ("western Nigeria", [])]),
    # no finer than asked for
    ("In which country was Karim killed?", RAID, [("Lorvik", 7), ("Nigeria", 3)],
     [("Nigeria", []), ("Lorvik", [])]),
    ("In what province was Karim killed?", RAID, [("Hald province", 7), ("Lorvik", 6.5)],
     [("Hald province", []), ("Lorvik", [])]),
    ("In what province was Karim killed?", RAID, [("western Nigeria", 7), ("Hald province", 5)],
     [("Hald province", ["western Nigeria"])]),
    # of the kind asked for
    ("Which village was raided?", SWAP, [("Taft", 6), ("Brun Sar", 2)],
     [("Brun Sar", []), ("Taft", [])]),
    ("Which village was raided?", SWAP, [("the town of Taft", 6), ("Hald province", 5),
                                         ("the remote village of Brun Sar", 3)],
     [("the remote village of Brun Sar", ["Hald province"]), ("the town of Taft", [])]),
    ("Which village was raided?", SWAP, [("Taft", 9), ("Brun Sar", 2)],
     [("Taft", []), ("Brun Sar", [])]),
    ("Where was the raid?", SWAP, [("Taft", 6), ("Brun Sar", 2)], [("Taft", []), ("Brun Sar", [])]),
    # dates
    ("When was the dam opened?", DATES, [("2019", 8), ("26 October 2019", 4)],
     [("26 October 2019", ["2019"])]),
    ("When was the dam opened?", DATES, [("26 October 2019", 8), ("2019", 4)],
     [("26 October 2019", ["2019"])]),
    ("When was the dam opened?", DATES, [("2019", 8), ("1970", 4)], [("2019", []), ("1970", [])]),
    ("In what year was the dam opened?", DATES, [("2019", 8), ("26 October 2019", 7)],
     [("2019", []), ("26 October 2019", [])]),
    ("In what year was the dam opened?", DATES, [("26 October 2019", 8), ("2019", 5)],
     [("2019", []), ("26 October 2019", [])]),
    # numbers
    ("How many people died in the Lorvik fire?", TOLL, [("Dozens", 8), ("34", 5)],
     [("34", ["Dozens"])]),
    ("How many people died in the Lorvik fire?", TOLL,
     [("Dozens", 8), ("More than 30 people", 7), ("34", 5)],
     [("34", ["Dozens", "More than 30 people"])]),
    ("How many people died in the Lorvik fire?", TOLL, [("Dozens", 8), ("More than 30", 7)],
     [("More than 30", ["Dozens"])]),
    # names and descriptions
    ("Who opened the school?", PAIR, [("His wife", 8), ("Ann Lee", 6)],
     [("Ann Lee", ["His wife"])]),
    ("Who spoke?", PAIR, [("A Kenyan-born lawyer", 8), ("Ben Okoro", 5)],
     [("Ben Okoro", ["A Kenyan-born lawyer"])]),
    ("Who spoke?", PAIR, [("A Kenyan-born lawyer", 8), ("Carl Dunn", 7)],
     [("A Kenyan-born lawyer", []), ("Carl Dunn", [])]),
    ("Who opened the school?", PAIR, [("His wife", 8), ("Carl Dunn", 7)],
     [("His wife", []), ("Carl Dunn", [])]),
    # a kind of question to which nothing is finer than anything
    ("What was opened?", PAIR, [("the school", 8), ("Lorvik", 6)],
     [("the school", []), ("Lorvik", [])]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "said", "expected"), CASES)
def test_the_most_specific_answers(
    question: str,
    text: str,
    said: list[tuple[str, float]],
    expected: list[tuple[str, list[str]]],
) -> None:
    readings = specific(question, [say(text, words, score) for words, score in said])
    assert [(r.text, [c.text for c in r.broader]) for r in readings] == expected


def test_another_article_can_state_what_is_where() -> None:
    question = "Where did the fire break out?"
    candidates = [
        say("The fire broke out in Hald province.", "Hald province", 8, article="a"),
        say("The fire broke out in Lorvik.", "Lorvik", 6, article="b"),
    ]
    assert len(specific(question, candidates)) == 2
    stating = say("Lorvik in Hald province is old. The fire is out.", "The fire", -3, article="c")
    assert specific(question, [*candidates, stating])[0].text == "Lorvik"


def test_the_answer_keeps_the_standing_of_what_it_explains() -> None:
    candidates = [
        say(RAID, "western Nigeria", 9.0),
        say(RAID, "Lorvik", 4.0),
        say("Karim was killed in Kenya.", "Kenya", 8.0, article="b"),
    ]
    first, second = specific("Where was Karim killed?", candidates)
    assert (first.text, first.score, first.peak) == ("Lorvik", 4.0, 9.0)
    assert first.evidence > second.evidence


def test_margin_and_floor_are_settings() -> None:
    candidates = [say(RAID, "western Nigeria", 9.0), say(RAID, "Lorvik", 4.0)]
    question = "Where was Karim killed?"
    assert specific(question, candidates, margin=5.0)[0].text == "Lorvik"
    assert specific(question, candidates, margin=4.9)[0].text == "western Nigeria"
    assert specific(question, candidates, floor=4.1)[0].text == "western Nigeria"


def test_no_readings_give_none() -> None:
    assert specific("Where was it?", []) == []


ALL = [
    (RAID, ["western Nigeria", "Nigeria", "Lorvik", "the town of Lorvik, Hald province", "Marn"]),
    (RAID, ["Hald province", "March", "2019", "Omar Karim", "Salim Dar", "Karim"]),
    (SWAP, ["Taft", "Brun Sar", "the city of Kano", "near the city of Kano", "a village"]),
    (DATES, ["2019", "26 October 2019", "1970", "October"]),
    (TOLL, ["Dozens", "More than 30", "34", "30", "Lorvik"]),
    (PAIR, ["His wife", "Ann Lee", "Ben Okoro", "A Kenyan-born lawyer", "Lorvik"]),
]
PIECES = [(text, words) for text, pieces in ALL for words in pieces]
QUESTIONS = [*sorted({case[0] for case in CASES}), "Which city was it?", "When?", "Who?"]


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(QUESTIONS),
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from("abc"), st.integers(-3, 12)), max_size=8
    ),
    st.randoms(),
)
def test_order_changes_nothing_and_nothing_is_lost(
    question: str, drawn: list[tuple[tuple[str, str], str, int]], random: object
) -> None:
    kind = question_kind(question)
    candidates = [
        say(text, words, float(score), article=article + text[:9])
        for (text, words), article, score in drawn
    ]
    merged = merge(candidates, kind=kind)
    readings = most_specific(merged, kind, question)
    kept = [c for reading in readings for c in (*reading.candidates, *reading.broader)]
    assert sorted(map(repr, kept)) == sorted(map(repr, candidates))
    heads = {reading.candidates for reading in merged}
    assert all(reading.candidates in heads for reading in readings), "readings are never mixed"
    random.shuffle(merged)  # type: ignore[attr-defined]
    assert most_specific(merged, kind, question) == readings
    assert most_specific(readings, kind, question) == readings, "once is enough"


def specific(question: str, candidates: list[Candidate], **settings: float) -> list[Reading]:
    kind = question_kind(question)
    return most_specific(merge(candidates, kind=kind), kind, question, **settings)
