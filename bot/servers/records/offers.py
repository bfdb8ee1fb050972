"""Questions that could mean several things, with what they could mean, until one is chosen."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.servers.records.file import RecordFile
from bot.servers.records.values import from_stamp, to_json, to_stamp


@dataclass(frozen=True)
class Offer:
    """What the bot asked back. Ids are Discord's, but for `id`; times are UTC."""

    id: int
    asker_id: int
    channel_id: int
    thread_id: int | None
    asking_message_id: int
    """The message that asks."""
    message_id: int | None
    """The bot's, which shows the options; None until it is known."""
    question: str
    """As it was asked."""
    options: tuple[str, ...]
    """Whole questions."""
    offered_at: dt.datetime
    chosen: int | None = None
    """The place of an option, from 0; None as long as none is chosen."""


class Offers:
    """The table offer."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(
        self,
        question: str,
        options: Sequence[str],
        *,
        asker_id: int,
        channel_id: int,
        asking_message_id: int,
        now: dt.datetime,
        thread_id: int | None = None,
    ) -> Offer:
        id = self._file.insert(
            "INSERT INTO offer (asker_id, channel_id, thread_id, asking_message_id, question,"
            " options, offered_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                asker_id,
                channel_id,
                thread_id,
                asking_message_id,
                question,
                to_json(tuple(options)),
                to_stamp(now),
            ),
        )
        made = self.by_id(id)
        assert made is not None  # no other process knows of it yet
        return made

    def mark_message(self, id: int, message_id: int) -> bool:
        """Records where the options stand; False if they are no longer kept."""
        return bool(
            self._file.change("UPDATE offer SET message_id = ? WHERE id = ?", (message_id, id))
        )

    def choose(self, id: int, option: int) -> bool:
        """True for one caller only, who is to ask it."""
        return bool(
            self._file.change(
                "UPDATE offer SET chosen = ? WHERE id = ? AND chosen IS NULL", (option, id)
            )
        )

    def take_back(self, id: int) -> None:
        """The chosen one could not be asked: all can be chosen again."""
        self._file.change("UPDATE offer SET chosen = NULL WHERE id = ?", (id,))

    def by_id(self, id: int) -> Offer | None:
        """None if it is not there, or no longer."""
        row = self._file.one("SELECT * FROM offer WHERE id = ?", (id,))
        return _offer(row) if row else None


def _offer(row: sqlite3.Row) -> Offer:
    return Offer(
        row["id"],
        row["asker_id"],
        row["channel_id"],
        row["thread_id"],
        row["asking_message_id"],
        row["message_id"],
        row["question"],
        tuple(json.loads(row["options"])),
        from_stamp(row["offered_at"]),
        row["chosen"],
    )
