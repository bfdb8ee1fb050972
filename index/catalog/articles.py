"""The catalog: articles, passages and generations in SQLite."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import Article, Passage
from index.database import Database
from index.errors import CorruptIndexError

FILE_NAME = "catalog.sqlite3"
GENERATIONS_FOLDER = "generations"
"""Beside the catalog; holds a directory for each generation."""
VARIABLES = 500
"""Parameters of one statement; SQLite's own limit is higher everywhere."""

_LIVE = "added_generation <= :g AND (removed_generation IS NULL OR removed_generation > :g)"
_ARTICLE_COLUMNS = "id, title, date, source, url, text, origin"


@dataclass(frozen=True)
class GenerationRecord:
    """What the catalog knows of a published generation."""

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
class ArticleSummary:
    """An article without its text."""

    id: str
    title: str
    date: dt.date | None
    source: str
    url: str
    passages: int


@dataclass(frozen=True)
class StoredArticle:
    """What a build needs to know of an article that is already there."""

    key: int
    id: str
    revision: int
    content_hash: str
    origin: str


class Catalog(Database):
    """The catalog in an archive's folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME)

    # -- generations -------------------------------------------------------------------

    def current_generation(self) -> GenerationRecord | None:
        row = self._one(
            "SELECT generation.* FROM generation JOIN archive ON current_generation = generation.id"
        )
        return _generation(row) if row else None

    def current_generation_id(self) -> int | None:
        """The number alone: asked before every search, so as cheap as can be."""
        row = self._one("SELECT current_generation FROM archive")
        return row["current_generation"] if row else None

    def generations(self) -> list[GenerationRecord]:
        """All that are recorded, oldest first."""
        return [_generation(row) for row in self._all("SELECT * FROM generation ORDER BY id")]

    def add_generation(self, directory: str, settings: dict[str, Any]) -> int:
        """A new number, inside `writing()`; it serves nobody until `publish`."""
        return self._insert(
            "INSERT INTO generation"
            " (directory, settings, files, articles, passages, created_at, seconds)"
            " VALUES (?, ?, '{}', 0, 0, ?, 0)",
            (directory, json.dumps(settings), dt.datetime.now(dt.UTC).isoformat("T", "seconds")),
        )

    def publish(self, generation: int, files: dict[str, str], seconds: float) -> None:
        """Make `generation` the one that serves, when the transaction is committed."""
        counts = {table: self._count(table, generation) for table in ("article", "passage")}
        self._execute(
            "UPDATE generation SET files = ?, articles = ?, passages = ?, seconds = ? WHERE id = ?",
            (json.dumps(files), counts["article"], counts["passage"], seconds, generation),
        )
        self._execute("UPDATE archive SET current_generation = ?", (generation,))

    def is_whole(self, record: GenerationRecord) -> bool:
        """Whether nothing that a generation holds was purged since it was published."""
        return self._count("passage", record.id) == record.passages

    def forget_generations(self, ids: Iterable[int]) -> None:
        """Drop records of generations whose directories are gone."""
        for id in ids:
            self._execute("DELETE FROM generation WHERE id = ?", (id,))

    # -- articles ----------------------------------------------------------------------

    def article(self, id: str, generation: int) -> Article | None:
        row = self._one(
            f"SELECT {_ARTICLE_COLUMNS} FROM article WHERE id = :id AND {_LIVE}",
            {"id": id, "g": generation},
        )
        return _article(row) if row else None

    def articles(self, generation: int) -> Iterator[ArticleSummary]:
        """Newest first, those without a date last."""
        rows = self._all(
            "SELECT id, title, date, source, url, (SELECT count(*) FROM passage"
            " WHERE article_key = article.key AND passage.added_generation <= :g AND"
            " (passage.removed_generation IS NULL OR passage.removed_generation > :g))"
            f" AS passages FROM article WHERE {_LIVE} ORDER BY date IS NULL, date DESC, id",
            {"g": generation},
        )
        for row in rows:
            yield ArticleSummary(
                row["id"],
                row["title"],
                _date(row["date"]),
                row["source"],
                row["url"],
                row["passages"],
            )

    def stored(self, id: str) -> StoredArticle | None:
        """The newest revision of an article, unless it was removed."""
        return self._stored("id = ?", id)

    def stored_from(self, origin: str) -> StoredArticle | None:
        """The article that was read from this file, unless it was removed."""
        return self._stored("origin = ?", origin)

    def newest_articles(self) -> Iterator[tuple[int, Article]]:
        """Every article's newest revision with its key, in the order they came."""
        keys = self._all("SELECT key FROM article WHERE removed_generation IS NULL ORDER BY key")
        for (key,) in keys:
            row = self._one(f"SELECT {_ARTICLE_COLUMNS} FROM article WHERE key = ?", (key,))
            if row:
                yield key, _article(row)

    def content_hash(self, id: str, generation: int) -> str:
        row = self._one(
            f"SELECT content_hash FROM article WHERE id = :id AND {_LIVE}",
            {"id": id, "g": generation},
        )
        return row["content_hash"] if row else ""

    def add_article(self, article: Article, generation: int) -> int:
        """Store a new revision; returns its key, which its passages refer to."""
        return self._insert(
            "INSERT INTO article (id, revision, title, date, source, url, text, content_hash,"
            " origin, added_generation) VALUES (?, (SELECT coalesce(max(revision), 0) + 1"
            " FROM article WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.id,
                article.title,
                article.date.isoformat() if article.date else None,
                article.source,
                article.url,
                article.text,
                article.content_hash,
                article.origin,
                generation,
            ),
        )

    def retire_article(self, key: int, generation: int) -> None:
        """From `generation` on, this revision and its passages are gone."""
        self._execute("UPDATE article SET removed_generation = ? WHERE key = ?", (generation, key))
        self.retire_passages(key, generation)

    def purge_articles(self, ids: Iterable[str]) -> None:
        """Delete all revisions of articles and their passages, from every generation."""
        for id in ids:
            self._execute("DELETE FROM article WHERE id = ?", (id,))

    def purge_passages(self, oldest_generation: int) -> None:
        """Delete passages that no generation from `oldest_generation` on holds any more."""
        self._execute("DELETE FROM passage WHERE removed_generation <= ?", (oldest_generation,))

    # -- passages ----------------------------------------------------------------------

    def add_passages(
        self, article_key: int, spans: Sequence[tuple[int, int]], generation: int
    ) -> list[int]:
        """Store passages; returns their ids, in order."""
        return [
            self._insert(
                "INSERT INTO passage (article_key, start_offset, end_offset, added_generation)"
                " VALUES (?, ?, ?, ?)",
                (article_key, start, end, generation),
            )
            for start, end in spans
        ]

    def retire_passages(self, article_key: int, generation: int) -> None:
        self._execute(
            "UPDATE passage SET removed_generation = ?"
            " WHERE article_key = ? AND removed_generation IS NULL",
            (generation, article_key),
        )

    def passage_ids(self, generation: int) -> list[int]:
        """The ids of a generation's passages, ascending."""
        rows = self._all(f"SELECT id FROM passage WHERE {_LIVE} ORDER BY id", {"g": generation})
        return [row["id"] for row in rows]

    def passage_ids_of(self, article_id: str, generation: int) -> list[int]:
        rows = self._all(
            f"SELECT id FROM passage WHERE {_LIVE} AND article_key IN"
            " (SELECT key FROM article WHERE id = :id) ORDER BY id",
            {"g": generation, "id": article_id},
        )
        return [row["id"] for row in rows]

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id, of any generation; those that were purged are left out."""
        found: dict[int, Passage] = {}
        articles: dict[int, Article] = {}
        for first in range(0, len(ids), VARIABLES):
            block = [int(id) for id in ids[first : first + VARIABLES]]
            rows = self._all(
                "SELECT id, article_key, start_offset, end_offset FROM passage"
                f" WHERE id IN ({','.join('?' * len(block))})",
                block,
            )
            for row in rows:
                key = row["article_key"]
                if key not in articles:
                    found_row = self._one(
                        f"SELECT {_ARTICLE_COLUMNS} FROM article WHERE key = ?", (key,)
                    )
                    if found_row is None:  # purged between the two statements
                        continue
                    articles[key] = _article(found_row)
                found[row["id"]] = Passage(
                    row["id"], articles[key], row["start_offset"], row["end_offset"]
                )
        return found

    def all_passages(self, generation: int) -> Iterator[Passage]:
        """Every passage of a generation, by id; texts are read in blocks."""
        ids = self.passage_ids(generation)
        for first in range(0, len(ids), VARIABLES):
            block = self.passages(ids[first : first + VARIABLES])
            yield from (block[id] for id in sorted(block))

    # -- inside ------------------------------------------------------------------------

    def _stored(self, condition: str, value: str) -> StoredArticle | None:
        row = self._one(
            "SELECT key, id, revision, content_hash, origin FROM article"
            f" WHERE {condition} AND removed_generation IS NULL",
            (value,),
        )
        return StoredArticle(**dict(row)) if row else None

    def _count(self, table: str, generation: int) -> int:
        row = self._one(f"SELECT count(*) FROM {table} WHERE {_LIVE}", {"g": generation})
        return int(row[0]) if row else 0


def _generation(row: sqlite3.Row) -> GenerationRecord:
    values = dict(row)
    values["settings"] = json.loads(values["settings"])
    values["files"] = json.loads(values["files"])
    return GenerationRecord(**values)


def _article(row: sqlite3.Row) -> Article:
    return Article(**{**dict(row), "date": _date(row["date"])})


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CorruptIndexError(
            f"the catalog holds the date {text!r}, which is none: restore it from a copy"
        ) from error
