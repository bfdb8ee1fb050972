"""Years, seasons, months, weeks and the like as their first and last day, both included.

All functions raise ValueError or OverflowError for what lies outside `datetime.date`.
"""

from __future__ import annotations

import calendar
import datetime as dt

from dateutil.relativedelta import relativedelta

DateSpan = tuple[dt.date, dt.date]

SEASON_STARTS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
"""Their first month, as meteorologists of the northern hemisphere count; each has three."""


def months(year: int, month: int, count: int = 1) -> DateSpan:
    """`count` whole months from `month` (1 to 12) on."""
    first = dt.date(year, month, 1)
    later, month = divmod(month + count - 2, 12)
    return first, dt.date(year + later, month + 1, calendar.monthrange(year + later, month + 1)[1])


def years(first: int, last: int) -> DateSpan:
    if first > last:
        raise ValueError(f"the years {first} to {last} run backwards")
    return dt.date(first, 1, 1), dt.date(last, 12, 31)


def decade(year: int) -> DateSpan:
    """The ten years that share all but the last digit of `year`."""
    return years(year - year % 10, year - year % 10 + 9)


def century(number: int) -> DateSpan:
    """The 20th runs from 1901 to 2000."""
    return years(number * 100 - 99, number * 100)


def season(name: str, year: int) -> DateSpan:
    """The season that begins in `year`: the winter of 2021 ends in February 2022."""
    return months(year, SEASON_STARTS[name], 3)


def week(day: dt.date) -> DateSpan:
    """Monday to Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def weekend(day: dt.date) -> DateSpan:
    """Saturday and Sunday of the week of `day`."""
    _, sunday = week(day)
    return sunday - dt.timedelta(days=1), sunday


def around(unit: str, day: dt.date) -> DateSpan:
    """The calendar's `unit` (day, week, weekend, month, quarter, year, ...) that holds `day`."""
    match unit:
        case "week":
            return week(day)
        case "weekend":
            return weekend(day)
        case "month":
            return months(day.year, day.month)
        case "quarter":
            return months(day.year, day.month - (day.month - 1) % 3, 3)
        case "year":
            return years(day.year, day.year)
        case "decade":
            return decade(day.year)
        case "century":
            return century((day.year + 99) // 100)
        case _:
            return day, day


def moved(day: dt.date, count: int, unit: str) -> dt.date:
    """`day` and `count` of the unit; 31 March and minus one month is the last day of February."""
    match unit:
        case "week" | "weekend":
            return day + dt.timedelta(weeks=count)
        case "month":
            return day + relativedelta(months=count)
        case "quarter":
            return day + relativedelta(months=3 * count)
        case "year":
            return day + relativedelta(years=count)
        case "decade":
            return day + relativedelta(years=10 * count)
        case "century":
            return day + relativedelta(years=100 * count)
        case _:
            return day + dt.timedelta(days=count)
