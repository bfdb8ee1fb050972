"""From what an expression says to the days it means, counted from a day.

Numeric dates and names are read by dateutil's parser, months and years added by its
relativedelta; weeks and days, which most news dates are, by plain subtraction. Of the two
well-kept libraries dateutil is the one that fits: dateparser takes about a millisecond for each
expression, ten times what a whole passage may take, gives single days where news says periods, and
does not know "last weekend", "next March", "last summer" or "past three days".
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from functools import lru_cache

from dateutil import parser

from index.dates import calendar_spans
from index.dates.calendar_spans import DateSpan
from index.dates.expressions import Expression

SOON = 45
"""Days ahead for which "Oct. 8", said on 6 October, means the coming one rather than the past."""


class Tense(Enum):
    """Whether what is told with a date has happened, will happen, or cannot be told."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"


@lru_cache(maxsize=50_000)
def resolve(expression: Expression, base: dt.date | None, tense: Tense) -> DateSpan | None:
    """The first and last day that the expression means when said on `base`.

    None if there is no such day, and without `base` for all that is counted from it. A month, a
    day or a weekday without a year is the latest that has begun by `base`; with `Tense.FUTURE` the
    next that has not ended.
    """
    try:
        if expression.absolute:
            return _absolute(expression)
        return None if base is None else _relative(expression, base, tense)
    except (ValueError, OverflowError, IndexError):
        return None  # 30 February, the year 0, the year 10000, the last summer of the first year


def _absolute(expression: Expression) -> DateSpan:
    match expression:
        case Expression(kind="day", numeric=str(text)):
            return _numeric(text)
        case Expression(kind="century", number=int(number)):
            return calendar_spans.century(number)
        case Expression(kind="decade", year=int(year)):
            return calendar_spans.decade(year)
        case Expression(kind="year", year=int(year), last_year=int(last)):
            return calendar_spans.years(year, last)
        case Expression(year=int(year)):
            return _in_year(expression, year)
    raise ValueError(expression)


def _numeric(text: str) -> DateSpan:
    """ISO order, else month first as in the US, unless only the day can come first."""
    left, _, last = text.rpartition("/")
    if left and len(last) == 2 and "/" in left and len(left.split("/")[0]) < 3:
        text = f"{left}/{'20' if int(last) < 69 else '19'}{last}"  # as POSIX strptime does
    day = parser.parse(text, default=dt.datetime(2000, 1, 1), dayfirst=False).date()
    return day, day


def _in_year(expression: Expression, year: int) -> DateSpan:
    match expression:
        case Expression(month=int(month), day=int(day)):
            last = dt.date(year, month, expression.last_day or day)
            first = dt.date(year, month, day)
            return (first, last) if first <= last else (first, first)
        case Expression(month=int(month)):
            return calendar_spans.months(year, month)
        case Expression(season=str(season)):
            return calendar_spans.season(season, year)
        case Expression(kind="quarter", number=int(number), unit="half"):
            return calendar_spans.months(year, 6 * number - 5, 6)
        case Expression(kind="quarter", number=int(number)):
            return calendar_spans.months(year, 3 * number - 2, 3)
    raise ValueError(expression)


def _relative(expression: Expression, base: dt.date, tense: Tense) -> DateSpan:
    match expression:
        case Expression(year_shift=int(shift)):
            return _in_year(expression, base.year + shift)
        case Expression(kind="near", shift=int(shift)):
            day = calendar_spans.moved(base, shift, "day")
            return day, day
        case Expression(kind="ago", number=int(number), unit=str(unit)):
            return calendar_spans.around(
                "year" if unit in ("decade", "century") else unit,
                calendar_spans.moved(base, number, unit),
            )
        case Expression(kind="decade", number=int(number)):
            century = base.year - base.year % 100
            return calendar_spans.decade(
                century + number if century + number <= base.year else century - 100 + number
            )
        case Expression(kind="weekend"):
            first, last = calendar_spans.weekend(base)
            if first > base and tense is not Tense.FUTURE:
                first, last = calendar_spans.weekend(calendar_spans.moved(base, -1, "week"))
            return first, last
        case Expression(kind="weekday", weekday=int(number), shift=int(shift)):
            monday, _ = calendar_spans.week(calendar_spans.moved(base, shift, "week"))
            day = calendar_spans.moved(monday, number, "day")
            return day, day
        case Expression(kind="weekday" | "shifted", weekday=int(number)):
            day = _weekday(number, expression.shift, base, tense)
            return day, day
        case Expression(kind="shifted", month=int(month), shift=int(shift)):
            return calendar_spans.months(base.year + _years_off(month, shift, base), month)
        case Expression(kind="shifted", season=str(season), shift=int(shift)):
            return _shifted_season(season, shift, base)
        case Expression(kind="shifted", unit=str(unit), shift=int(shift), number=int(number)):
            if expression.rolling:
                other = calendar_spans.moved(base, shift * number, unit)
                return min(base, other), max(base, other)
            return calendar_spans.around(unit, calendar_spans.moved(base, shift, unit))
        case Expression(month=int(month)):
            return _lone_month(expression, month, base, tense)
    raise ValueError(expression)


def _weekday(number: int, shift: int | None, base: dt.date, tense: Tense) -> dt.date:
    back = (base.weekday() - number) % 7
    match shift:
        case -1:
            return base - dt.timedelta(days=back or 7)
        case 1:
            return base + dt.timedelta(days=7 - back)
        case 0 if tense is not Tense.PAST:
            return base + dt.timedelta(days=-back % 7)
        case _ if tense is Tense.FUTURE:
            return base + dt.timedelta(days=-back % 7)
        case _:
            return base - dt.timedelta(days=back)


def _years_off(month: int, shift: int, base: dt.date) -> int:
    match shift:
        case -1:
            return 0 if month < base.month else -1
        case 1:
            return 0 if month > base.month else 1
        case _:
            return 0


def _shifted_season(name: str, shift: int, base: dt.date) -> DateSpan:
    """The last that has ended, the next that has not begun, or the one now or of this year."""
    still_winter = name == "winter" and base.month < 3
    now = calendar_spans.season(name, base.year - 1 if still_winter else base.year)
    if shift == -1 and now[1] >= base:
        return calendar_spans.season(name, now[0].year - 1)
    if shift == 1 and now[0] <= base:
        return calendar_spans.season(name, now[0].year + 1)
    return now


def _lone_month(expression: Expression, month: int, base: dt.date, tense: Tense) -> DateSpan:
    spans = []
    years = 8 if expression.day == 29 and month == 2 else 1  # between two leap years
    if expression.weekday is not None:
        years = 3
    for year in range(max(base.year - years, 1), min(base.year + years, dt.MAXYEAR) + 1):
        try:
            spans.append(_in_year(expression, year))
        except ValueError:
            continue
    # "Friday, Dec. 14" can only be in a year when that is a Friday.
    right = [span for span in spans if span[0].weekday() == expression.weekday]
    if right:
        return min(right, key=lambda span: abs(span[0] - base))
    past = [span for span in spans if span[0] <= base]
    coming = [span for span in spans if span[1] >= base]
    if tense is Tense.FUTURE:
        return coming[0] if coming else past[-1]
    soon = coming[0] if coming and tense is Tense.UNKNOWN and expression.day else None
    if soon and (soon[0] - base).days <= SOON:
        return soon
    return past[-1]
