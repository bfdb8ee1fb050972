"""The ledger: every question of a server and what it was answered.

A question is written down before it is answered, so that none is lost in a crash. A person may
have asked to be forgotten while their question was being answered: what changes a row says whether
it was still there, and never makes it anew.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.servers.records.file import RecordFile
from bot.servers.records.given import (
    Correction,
    GivenAnswer,
    GivenQuote,
    GivenResult,
    State,
    given_answer,
)
from bot.servers.records.values import from_stamp, to_json, to_stamp
from bot.servers.records.watches import Watch, Watches

BATCH = 100
"""Given answers that are loaded at once, with the passages they were read from."""

__all__ = [
    "BATCH",
    "Correction",
    "GivenAnswer",
    "GivenQuote",
    "GivenResult",
    "Ledger",
    "LedgerCounts",
    "State",
]


_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class LedgerCounts:
    """Of the questions asked since some moment."""

    asked: int
    found: int
    """Answered with an answer."""
    not_found: int
    """Answered with an abstention."""
    corrected: int
    interrupted: int
    waiting: int
    """Not answered yet."""
    median_seconds: float | None
    """From question to answer; None without any answer."""


class Ledger:
    """The tables given_answer, given_quote and correction."""

    def __init__(self, file: RecordFile) -> None:
        self._file = file

    # -- one question's way --------------------------------------------------------------

    def begin(
        self,
        question: str,
        *,
        asker_id: int,
        channel_id: int,
        now: dt.datetime,
        asked_as: str | None = None,
        thread_id: int | None = None,
        message_id: int | None = None,
        asking_message_id: int | None = None,
        watch_id: int | None = None,
        filters: Mapping[str, Any] | None = None,
        private: bool = False,
    ) -> int:
        """Writes a question down before it is answered; returns the id of its answer to be."""
        return self._file.insert(
            "INSERT INTO given_answer (question, asked_as, asker_id, channel_id, thread_id,"
            " message_id, asking_message_id, watch_id, filters, private, asked_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                question,
                question if asked_as is None else asked_as,
                asker_id,
                channel_id,
                thread_id,
                message_id,
                asking_message_id,
                watch_id,
                to_json(dict(filters or {})),
                private,
                to_stamp(now),
            ),
        )

    def mark_message(
        self, id: int, *, channel_id: int, message_id: int, thread_id: int | None = None
    ) -> bool:
        """Records where the answer stands; False if the question is no longer kept."""
        return bool(
            self._file.change(
                "UPDATE given_answer SET channel_id = ?, thread_id = ?, message_id = ?"
                " WHERE id = ?",
                (channel_id, thread_id, message_id, id),
            )
        )

    def complete(self, id: int, result: GivenResult, now: dt.datetime) -> bool:
        """The answer to a question that was asked or interrupted.

        False if it is no longer kept or was answered by somebody else: then nothing is changed.
        """
        with self._file.writing():
            return self._complete(id, result, now)

    def answer_watch(
        self, watch: Watch, result: GivenResult, generation: int, now: dt.datetime
    ) -> int | None:
        """Ends a watch with the answer that `generation` holds; the id of the given answer.

        Both or neither, so that the answer is posted even if the process dies before: until its
        message is marked, `unposted_found` has it. None for a watch that is not active any more.
        """
        with self._file.writing():
            if not Watches(self._file).found(watch.id, generation, now):
                return None
            id = self.begin(
                watch.question,
                asker_id=watch.asker_id,
                channel_id=watch.channel_id,
                asking_message_id=watch.asking_message_id,
                watch_id=watch.id,
                filters=watch.filters,
                now=now,
            )
            self._complete(id, result, now)
            return id

    def _complete(self, id: int, result: GivenResult, now: dt.datetime) -> bool:
        changed = self._file.change(
            "UPDATE given_answer SET state = 'answered', answered_at = ?"
            " WHERE id = ? AND state IN ('asked', 'interrupted')",
            (to_stamp(now), id),
        )
        if changed:
            self._write(id, result)
        return bool(changed)

    def correct(self, id: int, note: str, result: GivenResult, now: dt.datetime) -> bool:
        """Another answer than the one that was given; the former is kept with the dated note.

        Until `mark_shown`, `to_show` has it if its message can be edited.
        False if there is no given answer of that id any more: then nothing is changed.
        """
        with self._file.writing():
            kept = self._file.change(
                "INSERT INTO correction (answer_id, at, note, answered, answer)"
                " SELECT id, ?, ?, answered, answer FROM given_answer"
                " WHERE id = ? AND state IN ('answered', 'corrected')",
                (to_stamp(now), note, id),
            )
            if kept:
                self._file.change(
                    "UPDATE given_answer SET state = 'corrected',"
                    " to_show = (message_id > 0 AND NOT private) IS TRUE WHERE id = ?",
                    (id,),
                )
                self._write(id, result)
        return bool(kept)

    def mark_shown(self, id: int) -> bool:
        """The message shows the answer as it is now; False if it is no longer kept."""
        return bool(self._file.change("UPDATE given_answer SET to_show = 0 WHERE id = ?", (id,)))

    def interrupt(self, id: int) -> bool:
        """Gives a question up that was asked and not answered; False if there is none such."""
        return bool(
            self._file.change(
                "UPDATE given_answer SET state = 'interrupted' WHERE id = ? AND state = 'asked'",
                (id,),
            )
        )

    def _write(self, id: int, result: GivenResult) -> None:
        self._file.change(
            "UPDATE given_answer SET answered = ?, answer = ?, confidence = ?, generation = ?,"
            " details = ? WHERE id = ?",
            (
                result.answered,
                result.answer,
                result.confidence,
                result.generation,
                to_json(dict(result.details)),
                id,
            ),
        )
        self._file.change("DELETE FROM given_quote WHERE answer_id = ?", (id,))
        for quote in result.quotes:
            self._file.insert(
                "INSERT INTO given_quote VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id,
                    quote.n,
                    quote.article_id,
                    quote.revision,
                    quote.start,
                    quote.end,
                    quote.answer_start,
                    quote.answer_end,
                ),
            )

    # -- looking up ----------------------------------------------------------------------

    def by_id(self, id: int) -> GivenAnswer | None:
        """None if it is not there, or no longer."""
        found = self._given("SELECT * FROM given_answer WHERE id = ?", id)
        return found[0] if found else None

    def by_message(self, message_id: int) -> GivenAnswer | None:
        """What the bot's message answers."""
        found = self._given("SELECT * FROM given_answer WHERE message_id = ?", message_id)
        return found[0] if found else None

    def interrupted(self) -> list[GivenAnswer]:
        """Asked and never answered, oldest first.

        Before the first question after a start, those are the ones that a crash cut off; later,
        also the ones that are being answered.
        """
        return self._given("SELECT * FROM given_answer WHERE state = 'asked' ORDER BY id")

    def since(
        self, moment: dt.datetime, *, before: int | None = None, most: int = BATCH
    ) -> list[GivenAnswer]:
        """Answers first given at `moment` or later, newest question first, at most `most`.

        Those with smaller ids than `before`: the last one's id gives the next batch.
        """
        return self._given(
            "SELECT * FROM given_answer WHERE answered_at >= ? AND id < ? ORDER BY id DESC LIMIT ?",
            to_stamp(moment),
            _LARGEST if before is None else before,
            most,
        )

    def unposted(self, since: dt.datetime, before: dt.datetime) -> list[GivenAnswer]:
        """Answers to people who waited, given in [since, before) and not known to stand anywhere,
        oldest first. Not those to watches, nor private ones, which only their asker could see.
        """
        return self._given(
            "SELECT * FROM given_answer WHERE answered_at >= ? AND answered_at < ?"
            " AND state = 'answered' AND message_id IS NULL AND watch_id IS NULL AND NOT private"
            " ORDER BY id",
            to_stamp(since),
            to_stamp(before),
        )

    def unposted_found(self, after: int = 0, most: int = BATCH) -> list[GivenAnswer]:
        """Answers to watches that are not known to stand anywhere, with larger ids than `after`,
        oldest first, at most `most`.
        """
        return self._given(
            "SELECT * FROM given_answer WHERE watch_id IS NOT NULL AND message_id IS NULL"
            " AND state IN ('answered', 'corrected') AND id > ? ORDER BY id LIMIT ?",
            after,
            most,
        )

    def to_show(self, after: int = 0, most: int = BATCH) -> list[GivenAnswer]:
        """Corrected answers whose messages are not known to show that, with larger ids than
        `after`, oldest first, at most `most`.
        """
        return self._given(
            "SELECT * FROM given_answer WHERE to_show = 1 AND id > ? ORDER BY id LIMIT ?",
            after,
            most,
        )

    def quoting(self, article_id: str) -> list[GivenAnswer]:
        """Answers that, as they are now, quote any revision of an article, oldest first."""
        return self._given(
            "SELECT * FROM given_answer WHERE id IN"
            " (SELECT answer_id FROM given_quote WHERE article_id = ?) ORDER BY id",
            article_id,
        )

    def counts(self, since: dt.datetime) -> LedgerCounts:
        """For the status: `since` is such as the beginning of the day."""
        rows = self._file.all(
            "SELECT state, answered, asked_at, answered_at FROM given_answer WHERE asked_at >= ?",
            (to_stamp(since),),
        )
        given = [row for row in rows if row["answered_at"]]
        found = sum(row["answered"] for row in given)
        states = [row["state"] for row in rows]
        return LedgerCounts(
            asked=len(rows),
            found=found,
            not_found=len(given) - found,
            corrected=states.count("corrected"),
            interrupted=states.count("interrupted"),
            waiting=states.count("asked"),
            median_seconds=statistics.median(map(_seconds, given)) if given else None,
        )

    def _given(self, statement: str, *values: object) -> list[GivenAnswer]:
        """The rows of given_answer that `statement` selects, with what belongs to them."""
        with self._file.reading():
            rows = self._file.all(statement, values)
            ids = (to_json([row["id"] for row in rows]),)
            quotes = self._file.all(
                "SELECT * FROM given_quote WHERE answer_id IN (SELECT value FROM json_each(?))"
                " ORDER BY n",
                ids,
            )
            corrections = self._file.all(
                "SELECT * FROM correction WHERE answer_id IN (SELECT value FROM json_each(?))"
                " ORDER BY id",
                ids,
            )
        quotes_of, corrections_of = _by_answer(quotes), _by_answer(corrections)
        return [given_answer(row, quotes_of[row["id"]], corrections_of[row["id"]]) for row in rows]


def _by_answer(rows: list[sqlite3.Row]) -> dict[int, list[sqlite3.Row]]:
    grouped: dict[int, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        grouped[row["answer_id"]].append(row)
    return grouped


def _seconds(row: sqlite3.Row) -> float:
    return (from_stamp(row["answered_at"]) - from_stamp(row["asked_at"])).total_seconds()
