"""Candidates that say the same, and the evidence of readings."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import say

from bot.qa.candidates import Candidate
from bot.qa.merging import Reading, merge, soft_maximum
from bot.qa.questions import QuestionKind

PLACE, TIME, NUMBER = QuestionKind.PLACE, QuestionKind.TIME, QuestionKind.NUMBER
PERSON, THING = QuestionKind.PERSON, QuestionKind.THING

SAME = [
    ("Hald", "Hald province", PLACE),
    ("in Lorvik", "Lorvik", PLACE),
    ("Lorvik", "the town of Lorvik, Hald province", PLACE),
    ("Kenya's Hald province", "Hald province", PLACE),
    ("the northern Nigerian city of Kano", "Kano", PLACE),
    ("drone raids in western Kenya", "western Kenya", PLACE),
    ("the US", "the United States", PLACE),
    ("12", "twelve", NUMBER),
    ("12", "12 people", NUMBER),
    ("1,200 people", "1200", NUMBER),
    ("a dozen", "12 dead", NUMBER),
    ("$1.5 million", "$1.5m", NUMBER),
    ("12%", "12 percent", NUMBER),
    ("Biden", "President Joe Biden", PERSON),
    ("Joe Biden", "President Biden", PERSON),
    ("Joe Biden", "Joe R. Biden", PERSON),
    ("al-Karim", "Abu Salim Al Karim", PERSON),
    ("Erdogan", "Recep Tayyip Erdo\u011fan", PERSON),
    ("actor Ann Lee", "Ann Lee", PERSON),
    ("his wife, Ann Lee", "Ann Lee", PERSON),
    ("Ann Lee, the former mayor", "Ann Lee", PERSON),
    ("Queen Elizabeth", "Queen Elizabeth II", PERSON),
    ("explosion", "a gas explosion", THING),
    ("a bomb", "a bomb in the market", THING),
    ("Acme", "Acme Inc.", THING),
    ("The Taliban", "the Taliban", THING),
]
DIFFERENT = [
    ("12", "12 million", NUMBER),
    ("12 dead", "12 injured", NUMBER),
    ("$12", "12", NUMBER),
    ("more than 30", "30", NUMBER),
    ("10", "10 March", NUMBER),
    ("York", "New York", PLACE),
    ("Kenya", "western Kenya", PLACE),
    ("Hald province", "the town of Lorvik, Hald province", PLACE),
    ("Hald city", "Hald province", PLACE),
    ("Kansas", "Kansas City", PLACE),
    ("Mexico", "Mexico City", PLACE),
    ("city", "Kansas City", PLACE),
    ("Texas", "the University of Texas", PLACE),
    ("Baghdad", "a market in Baghdad", PLACE),
    ("near Lorvik", "Lorvik", PLACE),
    ("Paris", "Paris and Rome", PLACE),
    ("Paris, France", "Paris, Texas", PLACE),
    ("Washington", "George Washington", PLACE),
    ("Obama", "Obama's wife", PERSON),
    ("Joe Biden", "Hunter Biden", PERSON),
    ("Joe", "Joe Biden", PERSON),
    ("he", "he and his wife", PERSON),
    ("the president", "the former president", PERSON),
    ("the president", "the vice president", PERSON),
    ("Smith", "an uncle of Smith", PERSON),
    ("guilty", "not guilty", THING),
    ("Acme", "Acme workers", THING),
    ("Boeing", "Boeing 737", THING),
]


@pytest.mark.parametrize(("one", "other", "kind"), SAME)
def test_the_same_in_other_words_is_one_reading(one: str, other: str, kind: QuestionKind) -> None:
    assert len(merge([told(one, "a"), told(other, "b")], kind=kind)) == 1


@pytest.mark.parametrize(("one", "other", "kind"), DIFFERENT)
def test_what_only_shares_words_is_two_readings(one: str, other: str, kind: QuestionKind) -> None:
    assert len(merge([told(one, "a"), told(other, "b")], kind=kind)) == 2


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("on Feb. 3", "on 3 February", 1),
        ("on Thursday", "on October 6", 1),
        ("in February", "in February 2022", 1),
        ("in 2019", "in October 2019", 2),
        ("on May 3", "on May 4", 2),
        ("on May 3", "in the morning", 2),
    ],
)
def test_dates_are_the_same_if_their_days_are(one: str, other: str, count: int) -> None:
    assert len(merge([told(one, "a"), told(other, "b")], kind=TIME)) == count


def test_a_surname_does_not_join_two_people() -> None:
    candidates = [told("Joe Biden", "a", 3), told("Hunter Biden", "b", 2), told("Biden", "c", 1)]
    readings = merge(candidates, kind=PERSON)
    assert [[c.text for c in reading.candidates] for reading in readings] == [
        ["Joe Biden", "Biden"],
        ["Hunter Biden"],
    ]


def test_stories_that_agree_outweigh_a_better_score() -> None:
    agreeing = [told("Lorvik", id, 4.0) for id in ("a", "b", "c")]
    first, second = merge([told("Marn", "d", 4.5), *agreeing], kind=PLACE)
    assert (first.text, first.stories) == ("Lorvik", 3)
    assert first.evidence == pytest.approx(4.0 + math.log(3))
    assert (second.score, second.evidence) == (4.5, pytest.approx(4.5))


def test_an_article_counts_once() -> None:
    text = "The fire in Lorvik went on. Lorvik burned."
    twice = [say(text, "Lorvik", 4.0), say(text, "Lorvik", 3.0)]
    (reading,) = merge(twice, kind=PLACE)
    assert (reading.stories, reading.evidence) == (1, pytest.approx(4.0))
    assert reading.score == 4.0


def test_broader_wordings_add_to_the_evidence_and_not_to_the_stories() -> None:
    reading = Reading((told("Lorvik", "a", 2.0),), (told("Hald", "b", 5.0),))
    assert (reading.score, reading.peak, reading.stories) == (2.0, 5.0, 1)
    assert reading.evidence == pytest.approx(math.log(math.exp(2) + math.exp(5)))


def test_a_reading_needs_a_candidate() -> None:
    with pytest.raises(ValueError, match="needs a candidate"):
        Reading(())


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == []


def test_a_soft_maximum_lies_little_above_the_largest() -> None:
    assert soft_maximum([]) == -math.inf
    assert soft_maximum([-2000.0]) == -2000.0
    assert soft_maximum([3000.0, 1.0]) == 3000.0


WORDS = ["Hald", "Hald province", "western Hald", "12", "12 people", "twelve", "Joe Biden", "Biden"]
WORDS += [
    "President Biden",
    "Hunter Biden",
    "in May",
    "on May 3",
    "York",
    "New York",
    "he",
    "a fire",
]


@st.composite
def candidate_lists(draw: st.DrawFn) -> list[Candidate]:
    drawn = draw(
        st.lists(
            st.tuples(st.sampled_from(WORDS), st.sampled_from("abc"), st.integers(-9, 9)),
            max_size=8,
        )
    )
    return [
        told(words, f"{article}{WORDS.index(words)}", float(score))
        for words, article, score in drawn
    ]


@settings(deadline=None, max_examples=50)
@given(candidate_lists(), st.sampled_from(QuestionKind), st.randoms())
def test_order_changes_nothing_and_nothing_is_lost(
    candidates: list[Candidate], kind: QuestionKind, random: object
) -> None:
    readings = merge(candidates, kind=kind)
    kept = [candidate for reading in readings for candidate in reading.candidates]
    assert sorted(map(repr, kept)) == sorted(map(repr, candidates))
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled, kind=kind) == readings
    assert merge(kept, kind=kind) == readings, "merging again changes nothing"
    for earlier, later in itertools.pairwise(readings):
        assert earlier.evidence >= later.evidence
    for reading in readings:
        assert reading.score == max(candidate.score for candidate in reading.candidates)


def told(words: str, article: str, score: float = 5.0) -> Candidate:
    text = f"It was told of {words} there."
    return say(text, words, score, article=article, date=dt.date(2022, 10, 6))
