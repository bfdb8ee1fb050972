"""Builds that were started from Discord, each one a transaction: previewed, then published or not.

The generation itself is the archive's; here stands who waits for it, and where.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.servers.records.file import RecordFile
from bot.servers.records.values import from_stamp, to_json, to_stamp

BuildKind = Literal["rebuild", "add", "remove"]
BuildState = Literal["running", "previewed", "published", "discarded", "interrupted", "failed"]
BuildEnd = Literal["published", "discarded", "interrupted", "failed"]


@dataclass(frozen=True)
class BuildRecord:
    """Times are UTC; ids of people, channels and messages are Discord's."""

    id: int
    kind: BuildKind
    state: BuildState
    started_by: int | None
    """None if that person asked to be forgotten."""
    channel_id: int
    message_id: int | None
    """The message that shows its progress; None until it is posted."""
    base_generation: int | None
    """The one that served when it was started; None in an empty archive."""
    staged_generation: int | None
    """The one that it made; None before."""
    report: Mapping[str, Any]
    """What it did, as JSON has it."""
    started_at: dt.datetime
    ended_at: dt.datetime | None


class Builds:
    """The table build."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def start(
        self,
        kind: BuildKind,
        *,
        by: int,
        channel_id: int,
        now: dt.datetime,
        base_generation: int | None = None,
        message_id: int | None = None,
    ) -> BuildRecord:
        """Records a build before it begins."""
        id = self._file.insert(
            "INSERT INTO build (kind, started_by, channel_id, message_id, base_generation,"
            " started_at) VALUES (?, ?, ?, ?, ?, ?)",
            (kind, by, channel_id, message_id, base_generation, to_stamp(now)),
        )
        return self._require(id)

    def mark_message(self, id: int, *, channel_id: int, message_id: int) -> BuildRecord:
        """Where its progress is shown. Raises RecordNotFoundError."""
        self._file.change(
            "UPDATE build SET channel_id = ?, message_id = ? WHERE id = ?",
            (channel_id, message_id, id),
        )
        return self._require(id)

    def preview(
        self, id: int, staged_generation: int | None, report: Mapping[str, Any]
    ) -> BuildRecord:
        """It is complete and waits to be published.

        Raises RecordNotFoundError, and RecordRefusedError if it is not running.
        """
        with self._file.writing():
            self._require_state(id, "running")
            self._file.change(
                "UPDATE build SET state = 'previewed', staged_generation = ?, report = ?"
                " WHERE id = ?",
                (staged_generation, to_json(dict(report)), id),
            )
            return self._require(id)

    def end(
        self,
        id: int,
        state: BuildEnd,
        now: dt.datetime,
        *,
        report: Mapping[str, Any] | None = None,
        staged_generation: int | None = None,
    ) -> BuildRecord:
        """Ends a build; of several callers at once, one. What is not given stays as it was.

        Raises RecordNotFoundError, and RecordRefusedError, which says how it ended, if it has.
        """
        with self._file.writing():
            self._require_state(id, "running", "previewed")
            self._file.change(
                "UPDATE build SET state = :state, ended_at = :now, report = coalesce(:report,"
                " report), staged_generation = coalesce(:staged, staged_generation)"
                " WHERE id = :id",
                {
                    "state": state,
                    "now": to_stamp(now),
                    "report": None if report is None else to_json(dict(report)),
                    "staged": staged_generation,
                    "id": id,
                },
            )
            return self._require(id)

    def by_id(self, id: int) -> BuildRecord | None:
        row = self._file.one("SELECT * FROM build WHERE id = ?", (id,))
        return _build(row) if row else None

    def unfinished(self) -> list[BuildRecord]:
        """Running or waiting to be published, oldest first."""
        rows = self._file.all("SELECT * FROM build WHERE ended_at IS NULL ORDER BY id")
        return [_build(row) for row in rows]

    def newest(self, most: int = 1) -> list[BuildRecord]:
        """The last ones that were started, newest first."""
        rows = self._file.all("SELECT * FROM build ORDER BY id DESC LIMIT ?", (most,))
        return [_build(row) for row in rows]

    def _require(self, id: int) -> BuildRecord:
        if (record := self.by_id(id)) is None:
            raise RecordNotFoundError("this build is not on record any longer: start another one")
        return record

    def _require_state(self, id: int, *allowed: BuildState) -> None:
        record = self._require(id)
        if record.state not in allowed:
            raise RecordRefusedError(f"this build is {record.state} already")


def _build(row: sqlite3.Row) -> BuildRecord:
    return BuildRecord(
        row["id"],
        row["kind"],
        row["state"],
        row["started_by"],
        row["channel_id"],
        row["message_id"],
        row["base_generation"],
        row["staged_generation"],
        json.loads(row["report"]),
        from_stamp(row["started_at"]),
        from_stamp(row["ended_at"]) if row["ended_at"] else None,
    )
