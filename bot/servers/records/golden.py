"""Golden questions: those whose answers a server watches from build to build."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass

from bot.languages import N_, _
from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.servers.records.file import RecordFile
from bot.servers.records.values import from_stamp, same_question, to_stamp

MOST_GOLDEN = 100
"""Of one server: each is answered twice for every build."""
MOST_CODE_POINTS = 500
"""Of a question, and of the answer expected to it."""


@dataclass(frozen=True)
class GoldenQuestion:
    id: int
    question: str
    expected: str
    """The answer that it should have; "" for none at all."""
    added_by: int | None
    """None if that person asked to be forgotten."""
    added_at: dt.datetime


class GoldenQuestions:
    """The table golden_question."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    def add(self, question: str, expected: str, *, by: int, now: dt.datetime) -> GoldenQuestion:
        """Raises RecordRefusedError if a text is empty or too long, if the question is one already
        (but for case and spaces), or if there are too many.
        """
        question, expected = question.strip(), expected.strip()
        if not question:
            raise RecordRefusedError(_("the golden question is empty: write the question"))
        for too_long, text in (
            (
                N_("the golden question has {count} characters: shorten it to {most}"),
                question,
            ),
            (N_("the expected answer has {count} characters: shorten it to {most}"), expected),
        ):
            if len(text) > MOST_CODE_POINTS:
                raise RecordRefusedError(_(too_long).format(count=len(text), most=MOST_CODE_POINTS))
        same = same_question(question)
        with self._file.writing():
            if row := self._file.one("SELECT id FROM golden_question WHERE same = ?", (same,)):
                raise RecordRefusedError(
                    _(
                        "that is golden question {id} already: to change its answer, remove it "
                        "and add it again"
                    ).format(id=row["id"])
                )
            if self._file.count("SELECT count(*) FROM golden_question") >= MOST_GOLDEN:
                raise RecordRefusedError(
                    _("there are {most} golden questions, which is the most: remove one").format(
                        most=MOST_GOLDEN
                    )
                )
            id = self._file.insert(
                "INSERT INTO golden_question (question, same, expected, added_by, added_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (question, same, expected, by, to_stamp(now)),
            )
            (row,) = self._file.all("SELECT * FROM golden_question WHERE id = ?", (id,))
        return _golden(row)

    def list(self) -> list[GoldenQuestion]:
        """All, in the order in which they were added."""
        return [_golden(row) for row in self._file.all("SELECT * FROM golden_question ORDER BY id")]

    def remove(self, id: int) -> GoldenQuestion:
        """Returns what was removed. Raises RecordNotFoundError."""
        with self._file.writing():
            row = self._file.one("SELECT * FROM golden_question WHERE id = ?", (id,))
            if row is None:
                raise RecordNotFoundError(
                    _(
                        "there is no golden question {id}: /golden list shows them with their "
                        "numbers"
                    ).format(id=id)
                )
            self._file.change("DELETE FROM golden_question WHERE id = ?", (id,))
        return _golden(row)


def _golden(row: sqlite3.Row) -> GoldenQuestion:
    return GoldenQuestion(
        row["id"], row["question"], row["expected"], row["added_by"], from_stamp(row["added_at"])
    )
