"""Readings that cannot both be true."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import say

from bot.qa.candidates import Candidate
from bot.qa.conflicts import disagreeing, newest
from bot.qa.merging import Reading, merge
from bot.qa.questions import question_kind
from bot.qa.specificity import most_specific

FIRE = "How many people died in the Lorvik fire?"
KILLED = "Where was Karim killed?"
OPENED = "When was the Lorvik dam opened?"
WHO = "Who designed the Lorvik dam?"

# question, (text, words, score, article, day of October), the readings that disagree, newest first
CASES = [
    # counts
    (FIRE, [("A fire in Lorvik killed 12 people.", "12 people", 8, "a", 3),
            ("The Lorvik fire killed 14 people.", "14 people", 7, "b", 5)],
     ["14 people", "12 people"]),
    (FIRE, [("A fire in Lorvik left 12 dead.", "12 dead", 8, "a", 3),
            ("The Lorvik fire killed 14 people.", "14", 9, "b", 2),
            ("The Lorvik fire killed 20 people.", "20", 8, "c", 7)],
     ["20", "12 dead", "14"]),
    (FIRE, [("A fire in Lorvik killed 12 people.", "12 people", 8, "a", 3),
            ("The Lorvik fire killed a dozen.", "a dozen", 7, "b", 5)], []),
    (FIRE, [("A fire in Lorvik killed 12 people.", "12 people", 8, "a", 3),
            ("The Lorvik fire injured 14 people.", "14 people", 1, "b", 5)], []),
    (FIRE, [("A fire in Lorvik left 12 dead.", "12 dead", 8, "a", 3),
            ("The Lorvik fire left 14 injured.", "14 injured", 8, "b", 5)], []),
    (FIRE, [("A fire in Lorvik killed 12.", "12", 8, "a", 3),
            ("The Lorvik fire killed at least 10.", "at least 10", 7, "b", 5)], []),
    (FIRE, [("A fire in Lorvik killed 12.", "12", 8, "a", 3),
            ("The Lorvik fire killed dozens.", "dozens", 7, "b", 5)], ["dozens", "12"]),
    # one story counts twice, one sentence names both, or the sentence is about another place
    (FIRE, [("The Lorvik fire killed 12. A Lorvik fire killed 14.", "12", 8, "a", 3),
            ("The Lorvik fire killed 12. A Lorvik fire killed 14.", "14", 8, "a", 3)], []),
    (FIRE, [("The toll in Lorvik rose from 12 to 14.", "14", 8, "a", 3),
            ("The Lorvik fire killed 12.", "12", 8, "b", 2)], []),
    (FIRE, [("The Lorvik fire killed 12.", "12", 8, "a", 3),
            ("The fire in Marn killed 14.", "14", 8, "b", 4)], []),
    # places
    (KILLED, [("Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
              ("Karim was killed in Marn.", "Marn", 7, "b", 5)], ["Marn", "Lorvik"]),
    (KILLED, [("Karim was killed in Lorvik in Marn province.", "Lorvik", 8, "a", 3),
              ("Karim was killed in Marn.", "Marn", 7, "b", 5)], []),
    (KILLED, [("Karim was killed in Kenya.", "Kenya", 8, "a", 3),
              ("Karim was killed in Nigeria.", "Nigeria", 7, "b", 5)], ["Nigeria", "Kenya"]),
    (KILLED, [("Karim was killed in Kenya.", "Kenya", 8, "a", 3),
              ("Karim was killed in Lorvik.", "Lorvik", 7, "b", 5)], []),
    (KILLED, [("Karim was killed in the village of Lorvik.", "Lorvik", 8, "a", 3),
              ("Karim was killed in a hospital.", "a hospital", 7, "b", 5)], []),
    (KILLED, [("Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
              ("Karim was killed near Marn.", "near Marn", 7, "b", 5)], []),
    (KILLED, [("Karim was killed in eastern Kenya.", "eastern Kenya", 8, "a", 3),
              ("Karim was killed in northern Kenya.", "northern Kenya", 7, "b", 5)], []),
    (KILLED, [("Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
              ("Karim was killed in Marn.", "Marn", 3.9, "b", 5)], []),
    # namesakes
    (KILLED, [("Omar Karim was killed in Lorvik. Ali Karim was killed in Marn.",
               "Lorvik", 8, "a", 3),
              ("Omar Karim was killed in Lorvik. Ali Karim was killed in Marn.",
               "Marn", 7, "a", 3)], ["Lorvik", "Marn"]),
    (KILLED, [("Karim was killed in Lorvik. Karim was killed in Marn.", "Lorvik", 8, "a", 3),
              ("Karim was killed in Lorvik. Karim was killed in Marn.", "Marn", 7, "a", 3)], []),
    (KILLED, [("Abu Omar al-Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
              ("President Abu Ali al-Karim was killed in Marn.", "Marn", 8, "b", 2)],
     ["Lorvik", "Marn"]),
    ("Where was Omar Karim killed?",
     [("Omar Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
      ("Ali Karim was killed in Marn.", "Marn", 8, "b", 5)], []),
    ("Where was Omar Karim killed?",
     [("Omar Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
      ("President Omar Karim was killed in Marn.", "Marn", 8, "b", 5)], ["Marn", "Lorvik"]),
    # times
    (OPENED, [("The Lorvik dam opened in 2019.", "2019", 8, "a", 3),
              ("The Lorvik dam opened in 2017.", "2017", 7, "b", 5)], ["2017", "2019"]),
    (OPENED, [("The Lorvik dam opened in 2019.", "2019", 8, "a", 3),
              ("The Lorvik dam opened in May 2019.", "May 2019", 7, "b", 5)], []),
    (OPENED, [("The Lorvik dam opened on May 3, 2019.", "May 3, 2019", 8, "a", 3),
              ("The Lorvik dam opened on May 4, 2019.", "May 4, 2019", 7, "b", 5)], []),
    (OPENED, [("The Lorvik dam opened in 2019.", "2019", 8, "a", 3),
              ("The Lorvik dam opened before 2017.", "before 2017", 7, "b", 5)], []),
    # people
    (WHO, [("Ann Lee designed the Lorvik dam.", "Ann Lee", 8, "a", 3),
           ("Ben Okoro designed the Lorvik dam.", "Ben Okoro", 7, "b", 5)],
     ["Ben Okoro", "Ann Lee"]),
    (WHO, [("Ann Lee designed the Lorvik dam.", "Ann Lee", 8, "a", 3),
           ("A Kenyan architect designed the Lorvik dam.", "A Kenyan architect", 7, "b", 5)], []),
    (WHO, [("Ann Lee and Ben Okoro designed the Lorvik dam.", "Ann Lee", 8, "a", 3),
           ("Ben Okoro designed the Lorvik dam.", "Ben Okoro", 7, "b", 5)], []),
    (WHO, [("Ann Lee designed the Lorvik dam.", "Ann Lee", 8, "a", 3),
           ("Lee designed the Lorvik dam.", "Lee", 7, "b", 5)], []),
    # kinds of questions that can have several answers
    ("What was found in Lorvik?",
     [("A coin was found in Lorvik.", "A coin", 8, "a", 3),
      ("A ring was found in Lorvik.", "A ring", 8, "b", 5)], []),
    ("Why did Karim leave Lorvik?",
     [("Karim left Lorvik in 2019.", "2019", 8, "a", 3),
      ("Karim left Lorvik in 2017.", "2017", 8, "b", 5)], []),
]  # fmt: skip


@pytest.mark.parametrize(("question", "said", "expected"), CASES)
def test_what_disagrees(
    question: str, said: list[tuple[str, str, float, str, int]], expected: list[str]
) -> None:
    assert [reading.text for reading in conflicts(question, told(said))] == expected


def test_the_margin_is_a_setting() -> None:
    readings = read(KILLED, told([
        ("Karim was killed in Lorvik.", "Lorvik", 8, "a", 3),
        ("Karim was killed in Marn.", "Marn", 4, "b", 5),
    ]))  # fmt: skip
    kind = question_kind(KILLED)
    assert disagreeing(readings, kind, KILLED, margin=3.9) == []
    assert len(disagreeing(readings, kind, KILLED, margin=4.0)) == 2


def test_the_title_tells_what_an_article_is_about() -> None:
    candidates = [
        say("It killed 12 people.", "12", 8, article="a", title="Fire in Lorvik"),
        say("It killed 14 people.", "14", 8, article="b", title="Lorvik in mourning"),
        say("It killed 15 people.", "15", 8, article="c", title="Flood in Marn"),
    ]
    assert [reading.text for reading in conflicts(FIRE, candidates)] == ["12", "14"]


def test_a_reading_is_as_new_as_its_latest_article() -> None:
    days = [dt.date(2022, 10, 3), dt.date(2022, 10, 9), None]
    candidates = [
        say("Karim left.", "Karim", article=str(n), date=day) for n, day in enumerate(days)
    ]
    assert newest(Reading(tuple(candidates))) == days[1]
    assert newest(Reading((candidates[2],))) is None


def test_articles_without_a_date_come_last() -> None:
    candidates = [
        say("Karim was killed in Lorvik.", "Lorvik", 8, article="a", date=None),
        say("Karim was killed in Marn.", "Marn", 7, article="b"),
    ]
    assert [reading.text for reading in conflicts(KILLED, candidates)] == ["Marn", "Lorvik"]


def test_one_reading_disagrees_with_nobody() -> None:
    assert disagreeing([], question_kind(KILLED), KILLED) == []
    alone = [say("Karim was killed in Lorvik.", "Lorvik")]
    assert conflicts(KILLED, alone) == []


SENTENCES = [piece for _, said, _ in CASES for piece in said]


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from([FIRE, KILLED, OPENED, WHO]),
    st.lists(st.sampled_from(SENTENCES), max_size=7),
    st.randoms(),
)
def test_order_changes_nothing_and_the_answer_is_among_them(
    question: str, said: list[tuple[str, str, float, str, int]], random: object
) -> None:
    kind = question_kind(question)
    numbered = [(*piece[:3], f"{piece[3]}{SENTENCES.index(piece)}", piece[4]) for piece in said]
    readings = read(question, told(numbered))
    found = disagreeing(readings, kind, question)
    assert len(found) != 1
    assert all(reading in readings for reading in found)
    assert not found or readings[0] in found
    rest = readings[1:]
    random.shuffle(rest)  # type: ignore[attr-defined]
    assert disagreeing([*readings[:1], *rest], kind, question) == found
    assert disagreeing(
        [*readings[:1], *(r for r in found if r != readings[0])], kind, question
    ) == (found), "those that disagree still do among themselves"


def told(said: list[tuple[str, str, float, str, int]]) -> list[Candidate]:
    return [
        say(text, words, score, article=article, date=dt.date(2022, 10, day))
        for text, words, score, article, day in said
    ]


def read(question: str, candidates: list[Candidate]) -> list[Reading]:
    kind = question_kind(question)
    return most_specific(merge(candidates, kind=kind), kind, question)


def conflicts(question: str, candidates: list[Candidate]) -> list[Reading]:
    return disagreeing(read(question, candidates), question_kind(question), question)
