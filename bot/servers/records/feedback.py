"""What people thought of answers: one vote for each person and answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.servers.records.file import RecordFile, Values
from bot.servers.records.values import from_stamp, to_stamp

MOST_REASON = 500
"""Code points of a reason."""

Choice = Literal["up", "down"]


@dataclass(frozen=True)
class Vote:
    answer_id: int
    user_id: int
    choice: Choice
    reason: str
    """"" for none."""
    at: dt.datetime


@dataclass(frozen=True)
class Votes:
    """How many."""

    up: int
    down: int


class Feedback:
    """The table vote. Votes go with the answer they are for."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def vote(
        self, answer_id: int, user_id: int, choice: Choice, *, now: dt.datetime, reason: str = ""
    ) -> Vote:
        """A person's vote, in place of the one they gave before.

        Raises RecordNotFoundError if there is no such answer any more, RecordRefusedError for a
        reason that is too long.
        """
        reason = reason.strip()
        if len(reason) > MOST_REASON:
            raise RecordRefusedError(
                f"the reason has {len(reason)} characters: shorten it to {MOST_REASON}"
            )
        with self._file.writing():
            if not self._file.one("SELECT 1 FROM given_answer WHERE id = ?", (answer_id,)):
                raise RecordNotFoundError(
                    "this answer is not kept any longer, so no vote for it can be: ask again"
                )
            self._file.insert(
                "INSERT OR REPLACE INTO vote (answer_id, user_id, choice, reason, at)"
                " VALUES (?, ?, ?, ?, ?)",
                (answer_id, user_id, choice, reason, to_stamp(now)),
            )
            (vote,) = self._votes(
                "SELECT * FROM vote WHERE answer_id = ? AND user_id = ?", (answer_id, user_id)
            )
        return vote

    def withdraw(self, answer_id: int, user_id: int) -> bool:
        """Takes a vote back; False if there was none."""
        return bool(
            self._file.change(
                "DELETE FROM vote WHERE answer_id = ? AND user_id = ?", (answer_id, user_id)
            )
        )

    def of(self, answer_id: int) -> list[Vote]:
        """All votes for an answer, oldest first."""
        return self._votes(
            "SELECT * FROM vote WHERE answer_id = ? ORDER BY at, user_id", (answer_id,)
        )

    def count(self, answer_id: int) -> Votes:
        return self._count(
            "SELECT choice, count(*) FROM vote WHERE answer_id = ? GROUP BY choice", answer_id
        )

    def count_since(self, moment: dt.datetime) -> Votes:
        """For all answers, of votes given at `moment` or later."""
        return self._count(
            "SELECT choice, count(*) FROM vote WHERE at >= ? GROUP BY choice", to_stamp(moment)
        )

    def _votes(self, statement: str, values: Values) -> list[Vote]:
        return [
            Vote(
                row["answer_id"],
                row["user_id"],
                row["choice"],
                row["reason"],
                from_stamp(row["at"]),
            )
            for row in self._file.all(statement, values)
        ]

    def _count(self, statement: str, value: object) -> Votes:
        votes = dict(tuple(row) for row in self._file.all(statement, (value,)))
        return Votes(votes.get("up", 0), votes.get("down", 0))
