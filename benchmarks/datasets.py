"""Folders of articles and questions, read without Dateline's loaders: they check them, too."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ARTICLES, QUESTIONS, UNANSWERABLE = (
    "articles.jsonl.gz",
    "questions.jsonl.gz",
    "unanswerable.jsonl.gz",
)


class DatasetError(Exception):
    """A folder is not as benchmarks/README.md describes it; the message says where."""


@dataclass(frozen=True)
class SourceArticle:
    """An article as its file has it; `text` exactly so."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Question:
    """One question and what is known of its answer."""

    id: str
    text: str
    answers: tuple[str, ...] = ()
    article_ids: frozenset[str] = frozenset()
    """The articles that hold the answer."""
    spans: frozenset[tuple[str, int, int]] = frozenset()
    """(article id, start, end) of each gold answer, in code points; often empty."""
    grades: Mapping[str, float] = field(default_factory=dict)
    """Graded relevance of the folder's articles by id; often empty."""
    date: dt.date | None = None
    """The day on which it was asked, where that is known."""


@dataclass(frozen=True)
class Dataset:
    """The articles of one folder (and of its distractors) and the questions asked of them."""

    name: str
    files: tuple[Path, ...]
    articles: Mapping[str, SourceArticle]
    questions: tuple[Question, ...]
    """Questions that have a gold article."""
    unanswerable: tuple[Question, ...]
    passed_over: int
    """Answerable questions left out because the folder has none of their gold articles."""


def load_dataset(
    folder: Path,
    *,
    distractors: Sequence[Path] = (),
    all_questions: bool = False,
    max_articles: int | None = None,
    limit: int | None = None,
) -> Dataset:
    """Read a folder; `distractors` are folders that add articles only (known ids are passed over).

    If any question carries `standalone_question`, only those that do are asked, in that form,
    unless `all_questions`. `max_articles` keeps the folder's first articles and the questions
    whose gold articles are all among them; `limit` keeps the first questions, and as many
    unanswerable ones. Raises DatasetError, naming file and line, for data that contradict
    themselves, such as a span that its article does not have at that place.
    """
    articles = _read_articles(folder / ARTICLES)
    if max_articles is not None:
        articles = dict(list(articles.items())[:max_articles])
    rows = list(_read_lines(folder / QUESTIONS))
    unanswerable = [row for row in rows if not row.get("answerable", True)]
    answerable = [row for row in rows if row.get("answerable", True)]
    if not all_questions and any(row.get("standalone_question") for row in answerable):
        answerable = [
            {**row, "question": row["standalone_question"]}
            for row in answerable
            if row.get("standalone_question")
        ]
    if max_articles is not None:
        answerable = [
            row for row in answerable if articles.keys() >= set(row["evidence_article_ids"])
        ]
    with_gold = [row for row in answerable if row.get("evidence_article_ids")]
    if (folder / UNANSWERABLE).is_file():
        unanswerable += _read_lines(folder / UNANSWERABLE)
    files = [folder / ARTICLES]
    everything = dict(articles)
    for path in distractors:
        files.append(path / ARTICLES)
        for id, article in _read_articles(path / ARTICLES).items():
            everything.setdefault(id, article)
    return Dataset(
        name=" + ".join(path.resolve().name for path in (folder, *distractors)),
        files=tuple(files),
        articles=everything,
        questions=tuple(_question(row, articles) for row in with_gold[:limit]),
        unanswerable=tuple(
            Question(str(row["id"]), row["question"], date=_date(row))
            for row in unanswerable[:limit]
        ),
        passed_over=len(answerable) - len(with_gold),
    )


def _question(row: Mapping[str, Any], articles: Mapping[str, SourceArticle]) -> Question:
    gold_ids = frozenset(row["evidence_article_ids"])
    where = f"{QUESTIONS}, question {row['id']}"
    if missing := sorted(gold_ids - articles.keys()):
        raise DatasetError(f"{where}: no article {missing[0]!r} in {ARTICLES}")
    spans: set[tuple[str, int, int]] = set()
    for span in row.get("spans") or ():
        start, end = span["start"], span["start"] + len(span["text"])
        holders = {
            (id, start, end) for id in gold_ids if articles[id].text[start:end] == span["text"]
        }
        if not holders:
            raise DatasetError(f"{where}: no gold article has {span['text']!r} at {start}")
        spans |= holders
    return Question(
        id=str(row["id"]),
        text=row["question"],
        answers=tuple(row.get("answers") or ()),
        article_ids=gold_ids,
        spans=frozenset(spans),
        grades={id: grade for id, grade in (row.get("grades") or {}).items() if id in articles},
        date=_date(row),
    )


def _date(row: Mapping[str, Any]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(row["date"]) if row.get("date") else None
    except ValueError:
        raise DatasetError(f"{QUESTIONS}, question {row['id']}: no date: {row['date']}") from None


def _read_articles(path: Path) -> dict[str, SourceArticle]:
    rows = _read_lines(path)
    return {
        row["id"]: SourceArticle(row["id"], row.get("title") or "", row["text"]) for row in rows
    }


def _read_lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        # newline="\n": only a line feed ends a line, whatever the JSON strings hold.
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise DatasetError(f"{path}: {error}") from None
