"""The whole way with the real model: the sample article, questions, cited answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.qa.factory import open_pipeline
from bot.qa.pipeline import AnswerPipeline
from bot.qa.sentence_reader import SentenceReader
from bot.settings import load_settings
from index.archive import Archive
from index.article import Article
from index.embedding import EmbeddingModel
from index.errors import NoIndexError


@pytest.fixture
def pipeline(tmp_path: Path, seed_article: Article) -> Iterator[AnswerPipeline]:
    with open_pipeline(load_settings(home=tmp_path / "home")) as opened:
        opened.archive.index([seed_article])
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("where was Al Quraishi killed?", "Atme"),
        ("Where was Al-Quraishi killed?", "Atme"),
        ("Where was Al Baghdadi killed?", "Barisha"),
        ("When was Al Baghdadi killed?", "2019"),
        ("Which village was raided?", "Muluk Saray"),
    ],
)
def test_a_few_words_answer_and_their_sentence_is_quoted(
    pipeline: AnswerPipeline, seed_article: Article, question: str, words: str
) -> None:
    answer = pipeline.ask(question)
    assert answer.answered
    assert words in answer.answer
    assert len(answer.answer) <= 50
    citation = answer.citations[0]
    assert seed_article.text[citation.start : citation.end] == citation.quote
    assert seed_article.text[citation.answer_start : citation.answer_end] == answer.answer
    assert words in citation.quote
    assert citation.article.date == seed_article.date
    assert citation.link == "", "the sample article has no page"


@pytest.mark.parametrize(
    "question", ["Who is the president of France?", "Who won the World Cup?", "?", "the of and"]
)
def test_what_the_articles_do_not_say_is_refused(pipeline: AnswerPipeline, question: str) -> None:
    answer = pipeline.ask(question)
    assert not answer.answered
    assert (answer.answer, answer.citations) == ("", ())
    assert answer.confidence < 0.5
    assert answer.passages, "the closest are still shown"


def test_the_published_json(pipeline: AnswerPipeline, seed_article: Article) -> None:
    found = pipeline.ask("where was Al Quraishi killed?", id="q7").to_json()
    assert json.loads(json.dumps(found)) == found
    assert list(found) == [
        "id", "question", "answered", "answer", "confidence", "kind", "context", "resolved",
        "citations", "readings", "passages", "timings_ms",
    ]  # fmt: skip
    assert found["id"] == "q7"
    assert (found["kind"], found["readings"]) == ("place", [])
    citation = found["citations"][0]
    assert list(citation) == [
        "n", "article_id", "title", "date", "source", "url", "quote", "start", "end", "link",
        "page", "answer_start", "answer_end", "also_in",
    ]  # fmt: skip
    assert citation["quote"] == seed_article.text[citation["start"] : citation["end"]]
    assert citation["date"] == "2022-10-06"
    assert (citation["page"], citation["also_in"]) == (None, [])
    assert list(found["timings_ms"]) == ["retrieve", "read", "total"]
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_an_empty_archive_is_an_error_of_its_own(tmp_path: Path) -> None:
    with open_pipeline(load_settings(home=tmp_path)) as pipeline, pytest.raises(NoIndexError):
        pipeline.ask("Is anything there?")


def test_an_archive_without_articles_abstains(
    pipeline: AnswerPipeline, seed_article: Article
) -> None:
    pipeline.archive.remove([seed_article.id])
    answer = pipeline.ask("where was Al Quraishi killed?")
    assert (answer.answered, answer.confidence, answer.passages) == (False, 0.0, ())


def test_an_empty_question_is_refused(pipeline: AnswerPipeline) -> None:
    with pytest.raises(ValueError, match="empty"):
        pipeline.ask(" \n")


def test_a_new_generation_is_read_without_reopening(
    pipeline: AnswerPipeline, model: EmbeddingModel
) -> None:
    news = Article(
        "n", "Mayor", None, "", "https://news.example/m", "The mayor of Lyon resigned on Friday."
    )
    before = pipeline.ask("When did the mayor of Lyon resign?")
    assert not before.answered
    with Archive.open(pipeline.archive.folder, model=model) as other:
        other.index([news])
    after = pipeline.ask("When did the mayor of Lyon resign?")
    assert after.answer == "Friday"
    assert after.citations[0].quote == news.text
    assert after.citations[0].link.endswith(
        "#:~:text=The%20mayor%20of%20Lyon%20resigned%20on%20Friday."
    )


def test_a_threshold_of_zero_always_answers(
    pipeline: AnswerPipeline, model: EmbeddingModel
) -> None:
    reader = SentenceReader(model, abstain_below=0.0)
    assert AnswerPipeline(pipeline.archive, reader).ask("Who is the president of France?").answered
