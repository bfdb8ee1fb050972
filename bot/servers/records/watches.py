"""Questions without an answer that people wait for: a later generation may hold one."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.languages import _
from bot.servers.records.errors import RecordNotFoundError, TooManyWatchesError
from bot.servers.records.file import RecordFile
from bot.servers.records.values import from_stamp, same_question, to_json, to_stamp

MOST_WATCHES = 25
"""Active ones of one person: a select menu of Discord shows as many."""

WatchState = Literal["active", "found", "removed", "expired"]


@dataclass(frozen=True)
class Watch:
    """A question that is asked again when there are new articles. Times are UTC."""

    id: int
    state: WatchState
    asker_id: int
    channel_id: int
    """The channel or thread in which it is answered."""
    question: str
    filters: Mapping[str, Any]
    created_at: dt.datetime
    expires_at: dt.datetime
    searched_generation: int | None
    """The newest that was searched for it."""
    answered_generation: int | None
    """The one that held the answer; None unless it was found."""
    asking_message_id: int | None = None
    """The message that asked, in the same channel; None for a command."""


class Watches:
    """The table watch."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(
        self,
        question: str,
        *,
        asker_id: int,
        channel_id: int,
        now: dt.datetime,
        expires_at: dt.datetime,
        filters: Mapping[str, Any] | None = None,
        generation: int | None = None,
        asking_message_id: int | None = None,
    ) -> Watch:
        """Watches a question, of which `generation` is known to hold no answer.

        The same question of the same person in the same place is watched once: its watch goes on
        to the later end. Raises TooManyWatchesError, and ValueError for an end that is past.
        """
        if expires_at <= now:
            raise ValueError(f"the watch ends at {expires_at}, which is not after {now}")
        filters = dict(filters or {})
        with self._file.writing():
            active = self.of_person(asker_id, now)
            for watch in active:
                if (
                    watch.channel_id == channel_id
                    and watch.filters == filters
                    and same_question(watch.question) == same_question(question)
                ):
                    self._file.change(
                        "UPDATE watch SET expires_at = max(expires_at, ?) WHERE id = ?",
                        (to_stamp(expires_at), watch.id),
                    )
                    return self._require(watch.id)
            if len(active) >= MOST_WATCHES:
                raise TooManyWatchesError(
                    _(
                        "you watch {most} questions, which is the most: remove one that is listed "
                        "by /watches"
                    ).format(most=MOST_WATCHES)
                )
            id = self._file.insert(
                "INSERT INTO watch (asker_id, channel_id, question, filters, created_at,"
                " expires_at, searched_generation, asking_message_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    asker_id,
                    channel_id,
                    question,
                    to_json(filters),
                    to_stamp(now),
                    to_stamp(expires_at),
                    generation,
                    asking_message_id,
                ),
            )
            return self._require(id)

    def by_id(self, id: int) -> Watch | None:
        row = self._file.one("SELECT * FROM watch WHERE id = ?", (id,))
        return _watch(row) if row else None

    def of_person(self, asker_id: int, now: dt.datetime) -> list[Watch]:
        """A person's active watches, oldest first."""
        rows = self._file.all(
            "SELECT * FROM watch WHERE asker_id = ? AND state = 'active' AND expires_at > ?"
            " ORDER BY id",
            (asker_id, to_stamp(now)),
        )
        return [_watch(row) for row in rows]

    def due(self, now: dt.datetime, generation: int | None = None) -> list[Watch]:
        """Active watches, oldest first: those to search `generation` for if it is given."""
        rows = self._file.all(
            "SELECT * FROM watch WHERE state = 'active' AND expires_at > :now AND"
            " (:generation IS NULL OR searched_generation IS NOT :generation) ORDER BY id",
            {"now": to_stamp(now), "generation": generation},
        )
        return [_watch(row) for row in rows]

    def searched(self, id: int, generation: int) -> bool:
        """`generation` holds no answer; False if the watch is not active any more."""
        return bool(
            self._file.change(
                "UPDATE watch SET searched_generation = ? WHERE id = ? AND state = 'active'",
                (generation, id),
            )
        )

    def found(self, id: int, generation: int, now: dt.datetime) -> bool:
        """`generation` holds the answer. True for one caller only, who is to say so."""
        return bool(
            self._file.change(
                "UPDATE watch SET state = 'found', ended_at = :now,"
                " searched_generation = :generation, answered_generation = :generation"
                " WHERE id = :id AND state = 'active' AND expires_at > :now",
                {"now": to_stamp(now), "generation": generation, "id": id},
            )
        )

    def remove(self, id: int, *, by: int, now: dt.datetime, manager: bool = False) -> Watch:
        """Ends an active watch of person `by`, of anybody's if they manage the server.

        Raises RecordNotFoundError, the same for another person's watch as for none.
        """
        with self._file.writing():
            watch = self.by_id(id)
            theirs = watch is not None and (manager or watch.asker_id == by)
            if watch is None or not theirs or watch.state != "active":
                raise RecordNotFoundError(
                    "you have no such watch, or no longer: /watches lists those you have"
                )
            self._file.change(
                "UPDATE watch SET state = 'removed', ended_at = ? WHERE id = ?",
                (to_stamp(now), id),
            )
            return self._require(id)

    def expire(self, now: dt.datetime) -> list[Watch]:
        """Ends the watches whose time is over; returns them, oldest first."""
        with self._file.writing():
            over = self._file.all(
                "SELECT id FROM watch WHERE state = 'active' AND expires_at <= ? ORDER BY id",
                (to_stamp(now),),
            )
            for row in over:
                self._file.change(
                    "UPDATE watch SET state = 'expired', ended_at = expires_at WHERE id = ?",
                    (row["id"],),
                )
            return [self._require(row["id"]) for row in over]

    def _require(self, id: int) -> Watch:
        watch = self.by_id(id)
        assert watch is not None  # read inside the transaction that wrote it
        return watch


def _watch(row: sqlite3.Row) -> Watch:
    return Watch(
        row["id"],
        row["state"],
        row["asker_id"],
        row["channel_id"],
        row["question"],
        json.loads(row["filters"]),
        from_stamp(row["created_at"]),
        from_stamp(row["expires_at"]),
        row["searched_generation"],
        row["answered_generation"],
        row["asking_message_id"],
    )
