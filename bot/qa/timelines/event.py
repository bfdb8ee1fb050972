"""A timeline: what the articles say happened, each event with its day and a quote."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.qa.answer import Citation, iso_date
from index.article import ArticleReference


class Precision(StrEnum):
    """What is known of an event's date."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class DatedBy(StrEnum):
    """What an event's date was told from."""

    SENTENCE = "sentence"
    """The quote says when, if need be counted from its article's day ("on Thursday")."""
    ARTICLE = "article"
    """The quote says nothing of when: the date is that of its article."""


@dataclass(frozen=True)
class Event:
    """One event and the best quote that tells it.

    The citation's answer words are those that give the date; there are none where the article's
    date is the event's. Raises ValueError if `until` is not after `date`.
    """

    date: dt.date
    """Its day, or the first of several."""
    until: dt.date | None
    """The last day, of a month, a year or some days; None for a single day."""
    precision: Precision
    dated_by: DatedBy
    citation: Citation
    also_in: tuple[ArticleReference, ...] = ()
    """The other articles that tell it, newest first, near copies included."""

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.date:
            raise ValueError(f"the event of {self.date} ends on {self.until}, not after it began")

    @property
    def foretold(self) -> bool:
        """Whether the quote was written before: it tells what was expected, not what came."""
        written = self.citation.article.date
        return written is not None and self.date > written

    @property
    def when(self) -> str:
        """ "2022-09-28", "2022-09", "2022" or "2022-09-24 to 2022-09-30", as far as is known."""
        day = self.date.isoformat()
        if self.until is None:
            return day
        last = self.until.isoformat()
        kept = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        first, last = day[:kept], last[:kept]
        return first if first == last else f"{first} to {last}"

    def to_json(self) -> dict[str, Any]:
        return {
            "date": self.date.isoformat(),
            "until": iso_date(self.until),
            "precision": self.precision.value,
            "dated_by": self.dated_by.value,
            "foretold": self.foretold,
            "citation": {
                **self.citation.to_json(),
                "also_in": [article.id for article in self.also_in],
            },
        }


@dataclass(frozen=True)
class Timeline:
    """The events of a topic, newest last; citations are numbered in this order, from 1."""

    topic: str
    events: tuple[Event, ...] = ()
    left_out: int = 0
    """Events that were found but are weaker than those given."""
    undated: int = 0
    """Sentences that tell something of the topic, with nothing to say when: they are left out."""

    def to_json(self) -> dict[str, Any]:
        """The published JSON form: keys are added over time, never renamed."""
        return {
            "topic": self.topic,
            "events": [event.to_json() for event in self.events],
            "left_out": self.left_out,
            "undated": self.undated,
        }
