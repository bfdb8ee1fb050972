"""Whether a question asks for the latest there is."""

from __future__ import annotations

import pytest

from index.dates import wants_latest


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest on the strike?",
        "Latest on the strike?",
        "Who is the president now?",
        "Who currently leads the party?",
        "Who is the current president?",
        "Which show was recently renewed?",
        "What is their newest film?",
        "What was the most recent raid?",
        "What did a recent study find?",
        "What happened today?",
        "Which show was renewed this week?",
        "WHO LEADS NOW?",
        "how many have died so far",
    ],
)
def test_words_that_ask_for_the_latest(question: str) -> None:
    assert wants_latest(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who directed Apocalypse Now?",
        "who directed apocalypse now",
        "Who hosts The Late Late Show?",
        "Who writes for USA Today?",
        "Who sang “Right now”?",
        "What is a now-defunct airline?",
        "What was known by now?",
        "What began a year ago today?",
        "What is an electric current?",
        "Where was Al Quraishi killed?",
        "Who won last week?",
        "",
    ],
)
def test_other_questions(question: str) -> None:
    assert not wants_latest(question)
