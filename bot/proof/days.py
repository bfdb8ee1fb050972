"""The dates in a sentence, and whether a quote tells as much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from index.dates.calendar_spans import DateSpan
from index.dates.context import Surroundings
from index.dates.expressions import Expression, parse
from index.dates.patterns import finder
from index.dates.resolving import Tense, resolve
from index.dates.rolling import within_the_last
from index.dates.tense import tense_at


@dataclass(frozen=True)
class Day:
    """A date as it is written at text[start:end], in code points: not yet which days it means."""

    start: int
    end: int
    expression: Expression
    tense: Tense

    def means(self, written: dt.date | None) -> DateSpan | None:
        """The first and the last day, both included, said on the day `written`."""
        return resolve(self.expression, written, self.tense)

    @property
    def counts_by_itself(self) -> bool:
        """Whether its words fit one day of a year or a week: "6 Oct", "October", "Thursday"."""
        expression = self.expression
        return expression.lone_day or expression.lone_month or expression.lone_weekday


def days(text: str) -> list[Day]:
    """The date expressions of an English text, in order and without overlap."""
    upper = text.isupper()
    found = []
    for kind, start, end in finder(any_case=upper).matches(text):
        expression = parse(kind, text[start:end])
        if expression is None:
            continue
        place = Surroundings(text, start, end)
        if not place.plausible(expression, None, cased=not upper):
            continue
        expression = within_the_last(expression, place)
        tense = tense_at(text, start, end) if expression.tensed else Tense.UNKNOWN
        found.append(Day(start, end, expression, tense))
    return found


def covered(one: Day, quoted: Sequence[tuple[Day, dt.date | None]]) -> bool:
    """Whether a date of a sentence is told by one of the quotes, each with its article's day.

    It is if both say the same words, or if all the days that the quote means are among those
    that the sentence means: "in 2022" is told by "on Thursday" in an article of that year.
    """
    return any(_tells(one, other, written) for other, written in quoted)


def year_of(one: Day) -> int | None:
    """The year that it names, if it names nothing else."""
    expression = one.expression
    alone = expression.kind == "year" and expression.year == expression.last_year
    return expression.year if alone else None


def _tells(one: Day, other: Day, written: dt.date | None) -> bool:
    if one.expression == other.expression:
        return True
    told = other.means(written)
    if told is None or one.expression.rolling:  # three weeks are no part of "the past five weeks"
        return False
    bases: list[dt.date | None] = [None] if one.expression.absolute else [written]
    if one.counts_by_itself:
        bases.append(told[0])
    return any((meant := one.means(base)) and _within(told, meant) for base in bases)


def _within(told: DateSpan, meant: DateSpan) -> bool:
    return meant[0] <= told[0] and told[1] <= meant[1]
