"""Days as people read them, in English whatever the process's locale is."""

from __future__ import annotations

import datetime as dt

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def short_day(day: dt.date) -> str:
    """ "6 Oct 2022"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def long_day(day: dt.date) -> str:
    """ "6 October 2022"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
