"""The throughput benchmark: a whole run, small."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from benchmarks.datasets import Question
from benchmarks.throughput import SAME, main, measure
from bot.desk import AsksMany
from bot.qa.answer import Answer
from bot.qa.pipeline import AnswerPipeline
from bot.qa.question import Question as Asked

QUESTIONS = [Question(str(n), f"Question {n}?") for n in range(8)]


class Counting:
    """Answers with how often it was asked for anything before; the same if it is told so."""

    def __init__(self, *, steady: bool) -> None:
        self.steady = steady
        self.asked: list[str] = []

    def ask_many(self, questions: Sequence[Asked], /) -> list[Answer | Exception]:
        return [self._answer(question.text) for question in questions]

    def _answer(self, text: str) -> Answer:
        self.asked.append(text)
        said = "same" if self.steady else str(len(self.asked))
        return Answer(text, answered=True, answer=said, confidence=0.5)


def measured(pipeline: AsksMany) -> tuple[list[int], int]:
    rounds = [QUESTIONS[:4], QUESTIONS[4:]]
    ways, different = asyncio.run(measure(cast(AnswerPipeline, pipeline), rounds))
    return [way.asked for way in ways], different


def test_every_way_asks_as_often_and_the_same_question_is_computed_once() -> None:
    pipeline = Counting(steady=True)
    assert measured(pipeline) == ([8, 8, 8], 0)
    questions = [text for text in pipeline.asked if text.startswith("Question")]
    assert len(questions) == 8 + 8 + 8 // SAME


def test_answers_that_differ_are_counted() -> None:
    asked, different = measured(Counting(steady=False))
    assert asked == [8, 8, 8]
    assert different == 16


def test_too_few_questions_are_refused(folder: Path) -> None:
    with pytest.raises(SystemExit, match="fewer questions than askers"):
        main([str(folder), "--askers", "1000"])
    with pytest.raises(SystemExit, match="4 or more"):
        main([str(folder), "--askers", "1"])


def test_a_whole_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--askers", "4", "--limit", "4", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["different_answers"] == 0
    assert [way["asked"] for way in result["ways"]] == [4, 4, 4]
    assert result["ways"][0]["ratio"] == 1.0
    assert all(way["cores_busy"] > 0 for way in result["ways"])
