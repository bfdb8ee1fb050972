"""Days as people give them to a command: a day, a month or a year."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from bot.languages import _
from index.filtering import FilterError

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def first_day(text: str) -> dt.date:
    """The first day of what `text` names. Raises FilterError if that is no time."""
    year, month, day = _parts(text)
    return _date(text, year, month or 1, day or 1)


def last_day(text: str) -> dt.date:
    """The last day of what `text` names. Raises FilterError if that is no time."""
    year, month, day = _parts(text)
    first = _date(text, year, month or 12, day or 1)
    if day:
        return first
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _parts(text: str) -> tuple[int, int, int]:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise _refused(text)
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if (found[2] and not month) or (found[3] and not day):
        raise _refused(text)
    return year, month, day


def _date(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise _refused(text) from None


def _refused(text: str) -> FilterError:
    return FilterError(
        _("{text} is no day: write 2022-10-06, 2022-10 or 2022").format(text=repr(text[:20]))
    )
