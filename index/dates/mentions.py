"""The dates and periods that a passage mentions, counted from the day its article appeared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from index.dates.context import Surroundings
from index.dates.expressions import parse
from index.dates.patterns import finder
from index.dates.resolving import Tense, resolve
from index.dates.rolling import within_the_last
from index.dates.tense import tense_at


@dataclass(frozen=True, slots=True)
class DateMention:
    """`text[start:end]`, in code points, means the days `first` to `last`, both included."""

    start: int
    end: int
    first: dt.date
    last: dt.date


def mentions(text: str, published: dt.date | None) -> list[DateMention]:
    """The date expressions of an English `text`, in order and without overlap.

    "In February" in an article of October is this year's February, "Monday" the latest Monday,
    "will ... on Monday" the next one. Words such as "early" or "about" before a date change
    nothing. Without `published` only dates that name their year are given. Never raises.
    """
    upper = text.isupper()
    found = []
    for kind, start, end in finder(any_case=upper).matches(text):
        expression = parse(kind, text[start:end])
        if expression is None or (published is None and not expression.absolute):
            continue
        place = Surroundings(text, start, end)
        if not place.plausible(expression, published, cased=not upper):
            continue
        expression = within_the_last(expression, place)
        tense = tense_at(text, start, end) if expression.tensed else Tense.UNKNOWN
        if span := resolve(expression, published, tense):
            found.append(DateMention(start, end, *span))
    return found
