"""Articles in the catalog, by revision."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from index.article import Article, ArticleReference
from index.catalog.records import (
    LIVE,
    VARIABLES,
    ArticleFacts,
    ArticleSummary,
    Revision,
    StoredArticle,
    stored_date,
)
from index.database import Database

_COLUMNS = "id, title, date, source, url, text, authors, tags, article_set, page_starts, origin"
_REFERENCE = "id, title, date, source, url"
_NOT_STAGED = "added_generation NOT IN (SELECT generation FROM staged)"
"""Of a revision: what is staged is nobody's to see, and its number may be given again."""


class Articles(Database):
    """The table article."""

    def article(self, id: str, generation: int) -> Article | None:
        row = self._one(
            f"SELECT {_COLUMNS} FROM article WHERE id = :id AND {LIVE}",
            {"id": id, "g": generation},
        )
        return _article(row) if row else None

    def article_of_key(self, key: int) -> Article | None:
        row = self._one(f"SELECT {_COLUMNS} FROM article WHERE key = ?", (key,))
        return _article(row) if row else None

    def article_revision(self, id: str, revision: int) -> Article | None:
        row = self._one(
            f"SELECT {_COLUMNS} FROM article WHERE id = ? AND revision = ? AND {_NOT_STAGED}",
            (id, revision),
        )
        return _article(row) if row else None

    def revisions(self, id: str, generation: int) -> list[Revision]:
        """All stored revisions of an article, oldest first, but one that is staged."""
        rows = self._all(
            f"SELECT revision, title, date, stored_at, content_hash, {LIVE} AS serving"
            f" FROM article WHERE id = :id AND {_NOT_STAGED} ORDER BY revision",
            {"id": id, "g": generation},
        )
        return [
            Revision(
                row["revision"],
                row["title"],
                stored_date(row["date"]),
                row["stored_at"],
                row["content_hash"],
                bool(row["serving"]),
            )
            for row in rows
        ]

    def articles(self, generation: int) -> Iterator[ArticleSummary]:
        """Newest first, those without a date last."""
        rows = self._all(
            f"SELECT {_REFERENCE}, article_set, tags, (SELECT count(*) FROM passage"
            " WHERE article_key = article.key AND passage.added_generation <= :g AND"
            " (passage.removed_generation IS NULL OR passage.removed_generation > :g))"
            f" AS passages FROM article WHERE {LIVE} ORDER BY date IS NULL, date DESC, id",
            {"g": generation},
        )
        for row in rows:
            tags = tuple(json.loads(row["tags"]))
            yield ArticleSummary(*_reference(row), row["passages"], row["article_set"], tags)

    def references(self, keys: Iterable[int]) -> list[ArticleReference]:
        """Articles by key, newest first, those without a date last; none for unknown keys."""
        found = [
            ArticleReference(*_reference(row))
            for rows in self._in_blocks(
                f"SELECT {_REFERENCE} FROM article WHERE key IN ({{}})", keys
            )
            for row in rows
        ]
        return sorted(found, key=lambda one: (one.date or dt.date.min, one.id), reverse=True)

    def article_facts(self, generation: int) -> list[ArticleFacts]:
        """What articles are filtered and grouped by, in the order of their keys."""
        rows = self._all(
            "SELECT key, id, date, source, article_set, tags, coalesce(cluster, key) AS cluster"
            f" FROM article WHERE {LIVE} ORDER BY key",
            {"g": generation},
        )
        return [
            ArticleFacts(
                row["key"],
                row["id"],
                stored_date(row["date"]),
                row["source"],
                row["article_set"],
                tuple(json.loads(row["tags"])),
                row["cluster"],
            )
            for row in rows
        ]

    def stored(self, id: str, generation: int) -> StoredArticle | None:
        """The revision of an article that a generation holds."""
        return self._stored("id = :value", id, generation)

    def stored_from(self, origin: str, generation: int) -> StoredArticle | None:
        """The article of a generation that was read from this file."""
        return self._stored("origin = :value", origin, generation)

    def newest_articles(self, generation: int) -> Iterator[tuple[int, Article]]:
        """Every article of a generation with its key, in the order they came."""
        keys = self._all(f"SELECT key FROM article WHERE {LIVE} ORDER BY key", {"g": generation})
        for (key,) in keys:
            if article := self.article_of_key(key):
                yield key, article

    def content_hash(self, id: str, generation: int) -> str:
        stored = self.stored(id, generation)
        return stored.content_hash if stored else ""

    def add_article(self, article: Article, generation: int) -> int:
        """Store a new revision; returns its key, which its passages refer to."""
        values: dict[str, Any] = {
            "id": article.id,
            "title": article.title,
            "date": article.date.isoformat() if article.date else None,
            "source": article.source,
            "url": article.url,
            "text": article.text,
            "content_hash": article.content_hash,
            "origin": article.origin,
            "authors": json.dumps(article.authors),
            "tags": json.dumps(article.tags),
            "article_set": article.article_set,
            "page_starts": json.dumps(article.page_starts),
            "stored_at": dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
            "added_generation": generation,
        }
        return self._insert(
            f"INSERT INTO article (revision, {', '.join(values)}) VALUES ((SELECT"
            " coalesce(max(revision), 0) + 1 FROM article WHERE id = :id),"
            f" {', '.join(':' + name for name in values)})",
            values,
        )

    def retire_article(self, key: int, generation: int) -> None:
        """From `generation` on, this revision and its passages are gone."""
        self._execute("UPDATE article SET removed_generation = ? WHERE key = ?", (generation, key))
        self.retire_passages(key, generation)

    def retire_passages(self, article_key: int, generation: int) -> None:
        self._execute(
            "UPDATE passage SET removed_generation = ?"
            " WHERE article_key = ? AND removed_generation IS NULL",
            (generation, article_key),
        )

    def purge_articles(self, ids: Iterable[str]) -> None:
        """Delete all revisions of articles and their passages, from every generation."""
        for id in ids:
            self._execute("DELETE FROM article WHERE id = ?", (id,))

    # -- clusters of near copies -------------------------------------------------------

    def signatures(self) -> list[tuple[int, int, bytes]]:
        """Key, cluster and MinHash signature of every revision that has one, oldest first."""
        rows = self._all(
            "SELECT key, cluster, signature FROM article WHERE cluster IS NOT NULL ORDER BY key"
        )
        return [(row["key"], row["cluster"], row["signature"]) for row in rows]

    def unclustered(self, generation: int) -> list[int]:
        """Keys of a generation's articles whose cluster is not known yet, in order."""
        rows = self._all(
            f"SELECT key FROM article WHERE {LIVE} AND cluster IS NULL ORDER BY key",
            {"g": generation},
        )
        return [row["key"] for row in rows]

    def set_cluster(self, key: int, cluster: int, signature: bytes) -> None:
        self._execute(
            "UPDATE article SET cluster = ?, signature = ? WHERE key = ?",
            (cluster, signature, key),
        )

    # -- inside ------------------------------------------------------------------------

    def _stored(self, condition: str, value: str, generation: int) -> StoredArticle | None:
        row = self._one(
            "SELECT key, id, revision, content_hash, origin, article_set FROM article"
            f" WHERE {condition} AND {LIVE}",
            {"value": value, "g": generation},
        )
        return StoredArticle(**dict(row)) if row else None

    def _in_blocks(self, statement: str, values: Iterable[int]) -> Iterator[list[sqlite3.Row]]:
        """The rows of a statement whose `{}` takes any number of integers."""
        wanted = [int(value) for value in values]
        for first in range(0, len(wanted), VARIABLES):
            block = wanted[first : first + VARIABLES]
            yield self._all(statement.format(",".join("?" * len(block))), block)


def _reference(row: sqlite3.Row) -> tuple[str, str, dt.date | None, str, str]:
    return row["id"], row["title"], stored_date(row["date"]), row["source"], row["url"]


def _article(row: sqlite3.Row) -> Article:
    values = dict(row)
    values["date"] = stored_date(values["date"])
    for name in ("authors", "tags", "page_starts"):
        values[name] = tuple(json.loads(values[name]))
    return Article(**values)
