"""Days as people read them, in the language in force, whatever the process's locale is.

As CLDR has them, but for English, whose order there is the American one. In German they begin as
lists do in Markdown ("6."): at the beginning of a line they are to be escaped.
"""

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
    from babel.dates import format_skeleton

    return format_skeleton("yMMMd", day, locale=language())


def long_day(day: dt.date) -> str:
    """ "6 October 2022", "6. Oktober 2022"."""
    if language() == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    from babel.dates import format_date

    return format_date(day, "long", locale=language())
