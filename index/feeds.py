"""Subscriptions to feeds, in the catalog's file: when to ask again, and what was seen before."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.catalog import FILE_NAME
from index.database import Database
from index.errors import DatelineError
from index.fetching.page import Validators

MOST_SECONDS = 30 * 24 * 3600
LEAST_SECONDS = 60
MAX_FAILURES_OF_ENTRY = 3
"""How many polls ask for an entry's page that cannot be had, before it is let go."""
MAX_BACKOFF = 24 * 3600.0
"""Most seconds until a feed that fails is asked again, unless its own interval is longer."""
_KEPT = dt.timedelta(days=90)
"""How long an entry that is no longer in its feed is remembered."""


class FeedNotFoundError(DatelineError):
    """No such feed is subscribed to."""


@dataclass(frozen=True)
class FeedRecord:
    """A subscription. Times are UTC in ISO 8601."""

    url: str
    title: str
    article_set: str
    every_seconds: int
    validators: Validators
    added_at: str
    polled_at: str | None
    due_at: str
    last_error: str
    failures: int

    def to_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "title": self.title,
            "set": self.article_set,
            "every_seconds": self.every_seconds,
            "added_at": self.added_at,
            "polled_at": self.polled_at,
            "due_at": self.due_at,
            "last_error": self.last_error or None,
        }


@dataclass(frozen=True)
class SeenEntry:
    """How an entry was when it was last read. `failures` is 0 if its page was had."""

    id: str
    version: str
    failures: int = 0


@dataclass(frozen=True)
class FetchedPage:
    url: str
    validators: Validators
    article_id: str


@dataclass(frozen=True)
class Polled:
    """What a poll of one feed found; stored when the articles are."""

    feed: FeedRecord
    error: str = ""
    retry_after: float = 0.0
    """Seconds the server asks to wait."""
    title: str = ""
    validators: Validators = field(default_factory=Validators)
    entries: Sequence[SeenEntry] = ()
    pages: Sequence[FetchedPage] = ()


class Feeds(Database):
    """The subscriptions of the archive in a folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME)

    # -- subscriptions -----------------------------------------------------------------

    def add(
        self, url: str, *, every_seconds: int, article_set: str, title: str, now: dt.datetime
    ) -> None:
        """Subscribes to `url`, or changes the subscription that there is. Due at once."""
        self._execute(
            "INSERT INTO feed (url, title, article_set, every_seconds, added_at, due_at)"
            " VALUES (:url, :title, :set, :every, :now, :now) ON CONFLICT (url) DO UPDATE SET"
            " title = :title, article_set = :set, every_seconds = :every, due_at = :now",
            {
                "url": url,
                "title": title,
                "set": article_set,
                "every": every_seconds,
                "now": _iso(now),
            },
        )

    def remove(self, urls: Iterable[str]) -> None:
        """Ends subscriptions; articles stay. Raises FeedNotFoundError, and then removes none."""
        with self.writing():
            for record in self.named(urls):
                self._execute("DELETE FROM feed WHERE url = ?", (record.url,))

    def all(self) -> list[FeedRecord]:
        """By address."""
        return [_record(row) for row in self._all("SELECT * FROM feed ORDER BY url")]

    def due(self, now: dt.datetime) -> list[FeedRecord]:
        """Those to poll now, the longest overdue first."""
        rows = self._all("SELECT * FROM feed WHERE due_at <= ? ORDER BY due_at, url", (_iso(now),))
        return [_record(row) for row in rows]

    def named(self, urls: Iterable[str]) -> list[FeedRecord]:
        """Raises FeedNotFoundError, which names every unknown one."""
        known = {record.url: record for record in self.all()}
        wanted = list(dict.fromkeys(urls))
        if unknown := [url for url in wanted if url not in known]:
            raise FeedNotFoundError(
                f"not subscribed to {', '.join(unknown)}: `dateline feeds list` names all feeds"
            )
        return [known[url] for url in wanted]

    # -- what was seen -----------------------------------------------------------------

    def seen(self, feed_url: str) -> dict[str, SeenEntry]:
        """The entries of a feed that were read before, by id."""
        rows = self._all(
            "SELECT entry_id, version, failures FROM feed_entry WHERE feed_url = ?", (feed_url,)
        )
        return {
            row["entry_id"]: SeenEntry(row["entry_id"], row["version"], row["failures"])
            for row in rows
        }

    def validators(self, url: str) -> Validators | None:
        """What was said of a page, None if it is not known or its article is no longer stored."""
        row = self._one(
            "SELECT etag, last_modified FROM fetched_url WHERE url = ? AND EXISTS (SELECT 1"
            " FROM article WHERE id = article_id AND removed_generation IS NULL)",
            (url,),
        )
        return Validators(row["etag"], row["last_modified"]) if row else None

    def store(self, polled: Iterable[Polled], now: dt.datetime) -> None:
        """Records polls, all or none. Their articles must be stored by then."""
        with self.writing():
            for poll in polled:
                self._store(poll, now)

    def _store(self, poll: Polled, now: dt.datetime) -> None:
        failures = poll.feed.failures + 1 if poll.error else 0
        known = poll.feed.validators if poll.error else poll.validators
        self._execute(
            "UPDATE feed SET title = ?, etag = ?, last_modified = ?, polled_at = ?, due_at = ?,"
            " last_error = ?, failures = ? WHERE url = ?",
            (
                poll.title or poll.feed.title,
                known.etag,
                known.last_modified,
                _iso(now),
                _iso(now + _pause(poll, failures)),
                poll.error,
                failures,
                poll.feed.url,
            ),
        )
        for entry in poll.entries:
            # Nothing is stored for a feed that was removed meanwhile.
            self._execute(
                "INSERT OR REPLACE INTO feed_entry (feed_url, entry_id, version, failures, seen_at)"
                " SELECT url, ?, ?, ?, ? FROM feed WHERE url = ?",
                (entry.id, entry.version, entry.failures, _iso(now), poll.feed.url),
            )
        self._execute("DELETE FROM feed_entry WHERE seen_at < ?", (_iso(now - _KEPT),))
        self._execute(
            "DELETE FROM fetched_url WHERE NOT EXISTS (SELECT 1 FROM article"
            " WHERE id = article_id AND removed_generation IS NULL)"
        )
        for page in poll.pages:
            self._execute(
                "INSERT OR REPLACE INTO fetched_url VALUES (?, ?, ?, ?, ?)",
                (
                    page.url,
                    page.validators.etag,
                    page.validators.last_modified,
                    page.article_id,
                    _iso(now),
                ),
            )


def _pause(poll: Polled, failures: int) -> dt.timedelta:
    """Until the next poll: twice as long for each failure in a row."""
    every = float(poll.feed.every_seconds)
    backoff = max(every, min(every * 2 ** min(failures, 10), MAX_BACKOFF))
    return dt.timedelta(seconds=max(backoff, min(poll.retry_after, MOST_SECONDS)))


def _record(row: sqlite3.Row) -> FeedRecord:
    return FeedRecord(
        row["url"],
        row["title"],
        row["article_set"],
        row["every_seconds"],
        Validators(row["etag"], row["last_modified"]),
        row["added_at"],
        row["polled_at"],
        row["due_at"],
        row["last_error"],
        row["failures"],
    )


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat("T", "seconds")
