"""Answers as they were given, with what they stand on."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.servers.records.values import from_stamp

State = Literal["asked", "answered", "corrected", "interrupted"]


@dataclass(frozen=True)
class GivenQuote:
    """A quote: `text[start:end]` of one revision of an article, in code points.

    Raises ValueError if the range is empty or the answer's words do not lie within it.
    """

    article_id: str
    revision: int
    start: int
    end: int
    n: int
    """The number the answer cites it by, from 1."""
    answer_start: int | None = None
    """Where the answer's words begin in the article; None when the whole quote is the answer."""
    answer_end: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"quote {self.n} has the empty range [{self.start}:{self.end}]")
        if self.answer_start is None and self.answer_end is None:
            return
        if (
            self.answer_start is None
            or self.answer_end is None
            or not self.start <= self.answer_start < self.answer_end <= self.end
        ):
            raise ValueError(
                f"quote {self.n}: the answer's words [{self.answer_start}:{self.answer_end}] lie "
                f"outside [{self.start}:{self.end}]"
            )


@dataclass(frozen=True)
class GivenResult:
    """What was found for a question; `answered` is False for an abstention."""

    answered: bool
    answer: str
    confidence: float
    """In [0, 1], also when abstaining."""
    generation: int | None
    """The one that was searched."""
    quotes: tuple[GivenQuote, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    """What buttons show besides, such as the passages with their scores, as JSON has it."""


@dataclass(frozen=True)
class Correction:
    """That an answer was changed after it was given."""

    at: dt.datetime
    note: str
    """Why, as people read it."""
    answered: bool
    """As it was until then, as is `answer`."""
    answer: str


@dataclass(frozen=True)
class GivenAnswer(GivenResult):
    """A question and, once there is one, its answer. Times are UTC; ids of people, places and
    messages are Discord's.
    """

    id: int = field(kw_only=True)
    state: State = field(kw_only=True)
    channel_id: int = field(kw_only=True)
    thread_id: int | None = field(kw_only=True)
    """The thread below the channel that the message stands in; None if it stands in the channel."""
    message_id: int | None = field(kw_only=True)
    asker_id: int = field(kw_only=True)
    asked_at: dt.datetime = field(kw_only=True)
    question: str = field(kw_only=True)
    asked_as: str = field(kw_only=True)
    """What was searched: the question after it was completed from earlier turns."""
    filters: Mapping[str, Any] = field(kw_only=True)
    private: bool = field(kw_only=True)
    """Whether only the asker sees the message, which then cannot be edited later."""
    answered_at: dt.datetime | None = field(kw_only=True)
    """When the answer was first given; None before."""
    asking_message_id: int | None = field(kw_only=True, default=None)
    """The message that asks, in the same place; None for a command."""
    watch_id: int | None = field(kw_only=True, default=None)
    """The watch that it answers; None if somebody asked just then."""
    corrections: tuple[Correction, ...] = field(kw_only=True, default=())
    """Oldest first."""

    @property
    def place_id(self) -> int:
        """Where the message stands."""
        return self.thread_id or self.channel_id


def given_answer(
    row: sqlite3.Row, quotes: Iterable[sqlite3.Row], corrections: Iterable[sqlite3.Row]
) -> GivenAnswer:
    """A row of given_answer with the rows that belong to it."""
    return GivenAnswer(
        answered=bool(row["answered"]),
        answer=row["answer"],
        confidence=row["confidence"],
        generation=row["generation"],
        quotes=tuple(_quote(quote) for quote in quotes),
        details=json.loads(row["details"]),
        id=row["id"],
        state=row["state"],
        channel_id=row["channel_id"],
        thread_id=row["thread_id"],
        message_id=row["message_id"],
        asker_id=row["asker_id"],
        asked_at=from_stamp(row["asked_at"]),
        question=row["question"],
        asked_as=row["asked_as"],
        filters=json.loads(row["filters"]),
        private=bool(row["private"]),
        answered_at=from_stamp(row["answered_at"]) if row["answered_at"] else None,
        asking_message_id=row["asking_message_id"],
        watch_id=row["watch_id"],
        corrections=tuple(
            Correction(from_stamp(one["at"]), one["note"], bool(one["answered"]), one["answer"])
            for one in corrections
        ),
    )


def _quote(row: sqlite3.Row) -> GivenQuote:
    return GivenQuote(
        row["article_id"],
        row["revision"],
        row["start_offset"],
        row["end_offset"],
        row["n"],
        row["answer_start"],
        row["answer_end"],
    )
