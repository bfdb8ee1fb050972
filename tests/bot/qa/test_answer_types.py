"""What kind of thing a question asks for."""

from __future__ import annotations

import pytest

from bot.qa.answer_types import AnswerType, answer_type, candidates


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Where was Al Quraishi killed?", AnswerType.PLACE),
        ("Which village was raided?", AnswerType.PLACE),
        ("When did the trial begin?", AnswerType.TIME),
        ("In what year did the war end?", AnswerType.TIME),
        ("How many people died?", AnswerType.NUMBER),
        ("How old is the queen?", AnswerType.NUMBER),
        ("Who won the race?", AnswerType.PERSON),
        ("Why did the shares fall?", AnswerType.OTHER),
    ],
)
def test_the_wording_tells_the_kind(question: str, kind: AnswerType) -> None:
    assert answer_type(question) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "count"),
    [
        (AnswerType.PLACE, "He died in the town of Atme on Monday.", "Where?", 1),
        (AnswerType.PLACE, "They met in February in Paris.", "Where?", 1),
        (AnswerType.PLACE, "They met in Paris.", "Where in Paris did they meet?", 0),
        (AnswerType.TIME, "It began in April 2002, on a Monday.", "When?", 3),
        (AnswerType.TIME, "It may begin later.", "When?", 0),
        (AnswerType.NUMBER, "Eleven people died and 36 were hurt.", "How many?", 2),
        (AnswerType.NUMBER, "It happened in 2002.", "How many?", 0),
        (AnswerType.PERSON, "The race was won by Ann Lee.", "Who won the race?", 1),
        (AnswerType.OTHER, "The race was won by Ann Lee.", "Why?", 0),
    ],
)
def test_only_new_things_of_the_kind_count(
    kind: AnswerType, sentence: str, question: str, count: int
) -> None:
    assert candidates(kind, sentence, question) == count
