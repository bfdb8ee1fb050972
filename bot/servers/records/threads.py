"""Threads that the bot opened: their names are somebody's questions."""

from __future__ import annotations

import datetime as dt

from bot.servers.records.file import RecordFile
from bot.servers.records.values import to_stamp


class NamedThreads:
    """The table named_thread. Which of them a person's questions name, `Privacy.forget` tells."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(self, thread_id: int, *, asker_id: int, now: dt.datetime) -> None:
        """The thread is named after a question of person `asker_id`."""
        self._file.change(
            "INSERT OR REPLACE INTO named_thread (thread_id, asker_id, at) VALUES (?, ?, ?)",
            (thread_id, asker_id, to_stamp(now)),
        )
