"""Days as people read them, in the language in force, whatever the process's locale is."""

from __future__ import annotations

import datetime as dt

from bot.languages import language

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def short_day(day: dt.date) -> str:
    """ "6 Oct 2022", "6. Okt. 2022"."""
    if language() == "en":
        return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
    return _written(day, "yMMMd")


def long_day(day: dt.date) -> str:
    """ "6 October 2022", "6. Oktober 2022"."""
    if language() == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return _written(day, "yMMMMd")


def _written(day: dt.date, skeleton: str) -> str:
    """As CLDR has it; its order for English is the American one."""
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, day, locale=language())
