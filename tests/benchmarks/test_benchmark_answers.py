"""The answers benchmark: its judgement of answers, refusals and quotes, and a whole run."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tiny_dataset import ARTICLES

from benchmarks.answering import Outcome, refusals, scores, sweep
from benchmarks.answers import main
from benchmarks.baselines import best_sentence
from benchmarks.datasets import Question, load_dataset
from benchmarks.leave_out import LeaveOut
from benchmarks.peers import Hit
from benchmarks.quotes import check_quotes
from bot.qa.answer import Answer, Citation
from bot.qa.pipeline import AnswerPipeline
from index.archive import Archive
from index.article import Article, Passage, ScoredPassage
from index.errors import ArticleNotFoundError

FLOOD = Article("flood", "", None, "", "", ARTICLES["flood"][1])
QUESTION = Question("q1", "Which town?", ("Marwick",), frozenset({"flood"}))


def outcome(text: str, confidence: float = 0.9, **changes: Any) -> Outcome:
    made = Outcome(
        question=QUESTION,
        answerable=True,
        answered=bool(text),
        text=text,
        confidence=confidence,
        seconds=0.01,
        article_id="flood",
        passages=(ARTICLES["flood"][1],),
    )
    return dataclasses.replace(made, **changes)


def test_abstentions_score_zero_over_all_and_nothing_over_the_answered() -> None:
    row = scores("x", [outcome("the Marwick"), outcome("Lund"), outcome(""), outcome("")])
    assert row["coverage"] == 0.5
    assert row["all"] == {"contains": 0.25, "either": 0.25, "em": 0.25, "f1": 0.25}
    assert row["answered"] == {"contains": 0.5, "either": 0.5, "em": 0.5, "f1": 0.5}
    assert row["gold_in_passages"] == 1.0
    assert row["ms_p50"] == pytest.approx(10)


def test_a_threshold_withholds_answers() -> None:
    asked = [outcome("Marwick", 0.9), outcome("Marwick", 0.4)]
    assert scores("x", asked, threshold=0.5)["coverage"] == 0.5
    nothing = [outcome("Lund", 0.6, answerable=False), outcome("", 0.1, answerable=False)]
    row = refusals("set", asked, nothing, threshold=0.5)
    assert (row["recall"], row["precision"]) == (0.5, 0.5)
    assert (row["rightly_refused"], row["wrongly_refused"]) == (1, 1)


def test_the_sweep_weighs_right_answers_against_wrong_ones() -> None:
    asked = [outcome("Marwick", 0.9), outcome("Lund", 0.42), outcome("Lund", 0.3, answerable=False)]
    rows = {row["abstain_below"]: row for row in sweep(asked)}
    assert rows[0.0]["utility"] == pytest.approx((1 - 1 - 1) / 3)
    assert rows[0.35]["utility"] == pytest.approx((1 - 1) / 3)
    assert rows[0.5]["utility"] == pytest.approx(1 / 3)
    assert rows[0.5]["coverage"] == 0.5
    assert rows[0.5]["accuracy"] == 1.0
    assert rows[0.99]["accuracy"] is None


class OneArticle:
    def __init__(self, article: Article) -> None:
        self._article = article

    def article(self, id: str) -> Article:
        if id != self._article.id:
            raise ArticleNotFoundError(id)
        return self._article


def published(*, start: int = 4, end: int = 14, article: Article = FLOOD) -> Outcome:
    citation = Citation(1, article, start, end)
    answer = Answer("?", True, citation.quote, 0.9, citations=(citation,))
    return outcome(citation.quote, published=answer.to_json())


def test_quotes_are_checked_against_the_archive_and_the_input(folder: Path) -> None:
    articles = load_dataset(folder).articles
    archive = cast(Archive, OneArticle(FLOOD))
    good = published()
    assert check_quotes([good, good], archive, articles) == (2, [])

    moved = json.loads(json.dumps(good.published))
    moved["citations"][0]["start"] += 1
    changed = dataclasses.replace(FLOOD, text=FLOOD.text.replace("\r\n", "\n"))
    unknown = dataclasses.replace(FLOOD, id="unknown")
    uncited = Answer("?", True, "Marwick", 0.9).to_json()
    for bad in (
        dataclasses.replace(good, published=moved),
        published(start=60, end=100, article=changed),
        published(article=unknown),
        dataclasses.replace(good, published=uncited),
    ):
        checked, wrong = check_quotes([good, bad], archive, articles)
        assert checked == 2
        assert len(wrong) == 1
        assert wrong[0].startswith("question q1: ")


def test_leaving_out_hides_gold_articles_and_all_with_the_answers_words(folder: Path) -> None:
    articles = load_dataset(folder).articles
    found = [
        ScoredPassage(Passage(n, Article(id, "", None, "", "", article.text), 0, 9), 1 / (n + 1))
        for n, (id, article) in enumerate(articles.items())
    ]
    archive = SimpleNamespace(search=lambda query, k, within=None, as_of=None: found[:k])

    class Reader:
        def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
            return Answer(question, False, "", 0.0, passages=tuple(passages))

    pipeline = AnswerPipeline(cast(Archive, archive), Reader(), passages=2)
    question = Question("q", "Where?", ("Oslo", "lund"), frozenset({"flood"}))
    answer = LeaveOut(pipeline, articles).pipeline_for(question).ask("Where?")
    assert [scored.passage.article.id for scored in answer.passages] == ["comet"]


def test_the_best_sentence_keeps_its_place() -> None:
    text = FLOOD.text
    best = best_sentence("how many people slept in the gym", [Hit("flood", 0, len(text), text)])
    assert best.text == text[best.start : best.end]
    assert "412 people" in best.text


def test_a_whole_run(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(folder), "--no-stock", "--leave-out", "--home", str(tmp_path / "kept")]
    assert main([*arguments, "--sweep", "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert results["quotes"]["wrong"] == []
    assert results["quotes"]["checked"] >= results["questions"] == 4
    dateline, bm25 = results["systems"]
    assert dateline["gold_in_passages"] == 1.0
    assert bm25["coverage"] == 1.0
    assert [row["set"] for row in results["refusals"]] == [
        "unanswerable questions",
        "articles left out",
    ]

    assert main([*arguments, "--no-peers"]) == 0
    assert "\nquotes byte-exact: " in capsys.readouterr().out
