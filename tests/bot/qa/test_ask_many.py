"""Questions answered together get what each gets alone."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.qa.answer import Answer
from bot.qa.factory import open_pipeline
from bot.qa.pipeline import AnswerPipeline
from bot.qa.question import Question
from bot.settings import load_settings
from index.article import Article, ScoredPassage
from index.errors import NoIndexError
from index.filtering import FilterError, SearchFilter

NEWS = Article(
    "n",
    "Mayor",
    dt.date(2023, 3, 7),
    "The Example",
    "",
    "The mayor of Lyon resigned on Friday. Shares of the port fell by a third in Oslo. " * 12,
)
TOGETHER = [
    Question("where was Al Quraishi killed?"),
    Question("When did the mayor of Lyon resign?"),
    Question("When did the mayor resign?", as_of=dt.date(2023, 3, 20)),
    Question("Who is the president of France?"),
    Question("Which village was raided?", within=SearchFilter(until=dt.date(2022, 12, 31))),
    Question("Why did the shares fall?"),
    Question("Where did shares fall?", within=SearchFilter(sources=("The Example",))),
]


@pytest.fixture(scope="module")
def pipeline(
    tmp_path_factory: pytest.TempPathFactory, seed_article: Article
) -> Iterator[AnswerPipeline]:
    home: Path = tmp_path_factory.mktemp("together")
    with open_pipeline(load_settings(home=home)) as opened:
        opened.archive.index([seed_article, NEWS])
        yield opened


def shown(answer: Answer | Exception) -> dict[str, object]:
    assert isinstance(answer, Answer), answer
    return {**answer.to_json(), "confidence": answer.confidence, "timings_ms": None}


def test_answers_are_those_of_one_by_one_to_the_last_bit(pipeline: AnswerPipeline) -> None:
    alone = [pipeline.ask(one.text, within=one.within, as_of=one.as_of) for one in TOGETHER]
    together = pipeline.ask_many(TOGETHER)
    assert [shown(answer) for answer in together] == [shown(answer) for answer in alone]
    assert len({answer.answer for answer in alone}) > 3


def test_one_that_fails_leaves_the_others_answered(pipeline: AnswerPipeline) -> None:
    nowhere = SearchFilter(sources=("No such source",))
    empty, first, unfiltered, second = pipeline.ask_many(
        [Question(" \n"), TOGETHER[0], Question("Where?", within=nowhere), TOGETHER[1]]
    )
    assert isinstance(empty, ValueError)
    assert isinstance(unfiltered, FilterError)
    assert isinstance(first, Answer) and "Atme" in first.answer
    assert isinstance(second, Answer) and second.answer == "Friday"


def test_none_and_one(pipeline: AnswerPipeline) -> None:
    assert pipeline.ask_many([]) == []
    (alone,) = pipeline.ask_many([TOGETHER[0]])
    assert shown(alone) == shown(pipeline.ask(TOGETHER[0].text))


def test_an_archive_without_an_index_refuses_each(tmp_path: Path) -> None:
    with open_pipeline(load_settings(home=tmp_path)) as pipeline:
        outcomes = pipeline.ask_many(TOGETHER[:2])
    assert [type(outcome) for outcome in outcomes] == [NoIndexError, NoIndexError]


def test_two_are_worked_on_at_the_same_time(
    pipeline: AnswerPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    met = threading.Barrier(2)

    class Meeting:
        def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
            met.wait(30)  # passes only if the other one is being read as well
            return Answer(question, answered=False, answer="", confidence=0.0)

    both = AnswerPipeline(pipeline.archive, Meeting()).ask_many(TOGETHER[:2])
    assert [type(outcome) for outcome in both] == [Answer, Answer]
