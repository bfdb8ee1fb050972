"""A small data folder in the benchmarks' format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tiny_dataset import ARTICLES, QUESTIONS, article_row, question_row, write_lines

# In front, since some distributions install a top-level package called benchmarks, too.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "tiny"
    write_lines(
        path / "articles.jsonl.gz",
        [article_row(id, title, text) for id, (title, text) in ARTICLES.items()],
    )
    write_lines(path / "questions.jsonl.gz", [question_row(*row) for row in QUESTIONS])
    write_lines(
        path / "unanswerable.jsonl.gz",
        [{"id": "u1", "question": "Who won the chess final in Reykjavik?", "answerable": False}],
    )
    return path


@pytest.fixture
def distractors(tmp_path: Path) -> Path:
    path = tmp_path / "more"
    write_lines(
        path / "articles.jsonl.gz",
        [
            article_row("storm", "Storm in Kobe", "A storm closed the port of Kobe on Friday."),
            article_row("flood", "Known already", "This one is not read: its id is known."),
        ],
    )
    return path
