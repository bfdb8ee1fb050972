"""Paragraphs and the questions asked of them, from folders of gzipped JSON Lines."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SQUAD2_FOLDER = "squad2"
TRAIN_FOLDER = "train"


class CorpusError(Exception):
    """A file is not as training/README.md describes it; the message says which and where."""


@dataclass(frozen=True)
class Paragraph:
    """A text that questions are asked of, and the article it is from."""

    id: str
    article: str
    text: str


@dataclass(frozen=True)
class Example:
    """A question and where its paragraph answers it: `text[start:end]`, or nowhere."""

    id: str
    question: str
    paragraph: str
    start: int = -1
    """In code points of the paragraph's text; -1 where it does not answer the question."""
    end: int = -1

    @property
    def answerable(self) -> bool:
        return self.start >= 0


@dataclass(frozen=True)
class Corpus:
    """Paragraphs by id, and examples in the order of their files."""

    paragraphs: dict[str, Paragraph]
    examples: list[Example]


def training_corpus(data: Path) -> Corpus:
    """All that the reader is trained on: `train`, and the training articles of `squad2`."""
    paragraphs: dict[str, Paragraph] = {}
    examples: list[Example] = []
    folder = data / TRAIN_FOLDER
    names = sorted(path.name for path in folder.glob("*_articles.jsonl.gz"))
    if not names:
        raise CorpusError(f"{folder} has no *_articles.jsonl.gz")
    for name in names:
        part = read_corpus(folder / name, folder / name.replace("_articles", "_questions"))
        paragraphs |= part.paragraphs
        examples += part.examples
    squad2 = squad2_corpus(data, training=True)
    return Corpus(paragraphs | squad2.paragraphs, examples + squad2.examples)


def squad2_corpus(data: Path, *, training: bool) -> Corpus:
    """Every second article of `squad2`, by name: the first, third … for training, the others
    for measuring. Both halves have questions that only seem to be answered.
    """
    folder = data / SQUAD2_FOLDER
    everything = read_corpus(folder / "articles.jsonl.gz", folder / "questions.jsonl.gz")
    names = sorted({paragraph.article for paragraph in everything.paragraphs.values()})
    chosen = set(names[0 if training else 1 :: 2])
    paragraphs = {
        id: paragraph
        for id, paragraph in everything.paragraphs.items()
        if paragraph.article in chosen
    }
    return Corpus(paragraphs, [one for one in everything.examples if one.paragraph in paragraphs])


def read_corpus(articles: Path, questions: Path) -> Corpus:
    """One pair of files. Raises CorpusError for a span that its paragraph does not have.

    Questions whose answer stands at several places, none of them known to be meant, are left
    out; of several marked answers the most frequent, then the first, is taken.
    """
    paragraphs = {
        row["id"]: Paragraph(row["id"], row["title"], row["text"]) for row in _rows(articles)
    }
    examples = []
    for row in _rows(questions):
        spans: Sequence[dict[str, Any]] = row["spans"]
        if row.get("ambiguous_offset") or any(span.get("ambiguous_offset") for span in spans):
            continue
        paragraph = row["context_id"]
        if not spans:
            examples.append(Example(row["id"], row["question"], paragraph))
            continue
        start, answer = Counter((span["start"], span["text"]) for span in spans).most_common(1)[0][
            0
        ]
        end = start + len(answer)
        if paragraphs[paragraph].text[start:end] != answer:
            raise CorpusError(f"{questions}, question {row['id']}: {answer!r} is not at {start}")
        examples.append(Example(row["id"], row["question"], paragraph, start, end))
    return Corpus(paragraphs, examples)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise CorpusError(f"{path}: {error}") from None
