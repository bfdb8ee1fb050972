"""What was said in a thread or channel, so that a follow-up can be completed from it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from bot.servers.records.file import RecordFile
from bot.servers.records.values import from_stamp, to_json, to_stamp

KEPT_TURNS = 20
"""Turns of one place that are kept; an older one goes when a newer one comes."""


@dataclass(frozen=True)
class Turn:
    """A question and its answer. `place_id` is the thread's or channel's, `at` in UTC."""

    place_id: int
    asker_id: int
    question: str
    asked_as: str
    """The question as it was completed and searched."""
    answer: str
    """"" if none was found."""
    subjects: tuple[str, ...]
    """What it was about, most important first."""
    at: dt.datetime


class Turns:
    """The table turn."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(self, turn: Turn) -> None:
        with self._file.writing():
            self._file.insert(
                "INSERT INTO turn (place_id, asker_id, question, asked_as, answer, subjects, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    turn.place_id,
                    turn.asker_id,
                    turn.question,
                    turn.asked_as,
                    turn.answer,
                    to_json(turn.subjects),
                    to_stamp(turn.at),
                ),
            )
            self._file.change(
                "DELETE FROM turn WHERE place_id = :place AND id NOT IN (SELECT id FROM turn"
                " WHERE place_id = :place ORDER BY id DESC LIMIT :kept)",
                {"place": turn.place_id, "kept": KEPT_TURNS},
            )

    def recent(self, place_id: int, most: int = KEPT_TURNS) -> list[Turn]:
        """The last turns of a place, at most `most`, oldest first."""
        rows = self._file.all(
            "SELECT * FROM turn WHERE place_id = ? ORDER BY id DESC LIMIT ?", (place_id, most)
        )
        return [
            Turn(
                row["place_id"],
                row["asker_id"],
                row["question"],
                row["asked_as"],
                row["answer"],
                tuple(json.loads(row["subjects"])),
                from_stamp(row["at"]),
            )
            for row in reversed(rows)
        ]

    def clear(self, place_id: int) -> int:
        """Forgets what was said in a place, such as a thread that was deleted; how many turns."""
        return self._file.change("DELETE FROM turn WHERE place_id = ?", (place_id,))
