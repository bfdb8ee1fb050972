"""Rows of the catalog as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from index.article import ArticleReference
from index.errors import CorruptIndexError

LIVE = "added_generation <= :g AND (removed_generation IS NULL OR removed_generation > :g)"
"""Whether a row of article or passage belongs to generation :g."""
VARIABLES = 500
"""Parameters of one statement; SQLite's own limit is higher everywhere."""


@dataclass(frozen=True)
class GenerationRecord:
    """What the catalog knows of a generation."""

    id: int
    directory: str
    settings: dict[str, Any]
    files: dict[str, str]
    """SHA-256 in hex by file name."""
    articles: int
    passages: int
    created_at: str
    seconds: float


@dataclass(frozen=True)
class StagedRecord:
    """What the catalog knows of the generation that is built but not published."""

    generation: GenerationRecord
    base: int | None
    """The generation that served when it was built."""
    purged: tuple[str, ...]
    """Ids of articles that publishing deletes from everywhere."""
    report: dict[str, Any]
    """Fields of the BuildReport that nothing else records."""


@dataclass(frozen=True)
class StagedChanges:
    """Keys of articles by what a generation does to them."""

    added: tuple[int, ...]
    changed: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True)
class ArticleSummary(ArticleReference):
    """An article without its text, and how many passages it has."""

    passages: int
    article_set: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class StoredArticle:
    """What a build needs to know of an article that is already there."""

    key: int
    id: str
    revision: int
    content_hash: str
    origin: str
    article_set: str


@dataclass(frozen=True)
class Revision:
    """One stored form of an article. `number` counts from 1."""

    number: int
    title: str
    date: dt.date | None
    stored_at: str | None
    """UTC, ISO 8601; None for those stored before it was kept."""
    content_hash: str
    serving: bool
    """Whether search sees this one."""


@dataclass(frozen=True)
class ArticleFacts:
    """What a search filters and groups articles by."""

    key: int
    id: str
    date: dt.date | None
    source: str
    article_set: str
    tags: tuple[str, ...]
    cluster: int


def stored_date(text: str | None) -> dt.date | None:
    """A date of the catalog. Raises CorruptIndexError if it is none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CorruptIndexError(
            f"the catalog holds the date {text!r}, which is none: restore it from a copy"
        ) from error
