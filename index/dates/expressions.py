"""What a date expression says, as far as its own words tell: not yet which days it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dateutil.parser import parserinfo

from index.dates.calendar_spans import SEASON_STARTS

_TOKENS = re.compile(r"[0-9]+|[a-z]+")
_NAMES = parserinfo()
_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20,
    "couple": 2, "few": 3, "several": 5,
}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_UNITS = ("day", "weekend", "week", "month", "quarter", "year", "decade", "century")
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Expression:
    """The parts that a date expression names; `kind` says which of them count and how."""

    kind: str
    year: int | None = None
    last_year: int | None = None
    year_shift: int | None = None  # -1 last year, 0 this year, 1 next year
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    weekday: int | None = None  # Monday is 0
    season: str | None = None
    unit: str | None = None
    number: int | None = None  # of a quarter, half or century, or a count of units
    shift: int | None = None  # -1 last, 0 this, 1 next
    rolling: bool = False  # "past week": the days up to now, not the calendar's last week
    numeric: str | None = None  # 10/3/2021

    @property
    def absolute(self) -> bool:
        """Whether it means the same days whenever it is said."""
        return self.year is not None or self.kind in ("day", "century")

    @property
    def tensed(self) -> bool:
        """Whether it means another day with "will" than with "was"."""
        return self.kind == "weekend" or self.lone_weekday or self.lone_month or self.lone_day

    @property
    def lone_month(self) -> bool:
        """Whether it names a month with no day and no year."""
        return self.kind == "month" and self.day is None and self._yearless

    @property
    def lone_day(self) -> bool:
        """Whether it names a month and a day with no year."""
        return self.kind == "month" and self.day is not None and self._yearless

    @property
    def lone_weekday(self) -> bool:
        return self.kind == "weekday" and self.shift is None

    @property
    def _yearless(self) -> bool:
        return self.year is None and self.year_shift is None


@lru_cache(maxsize=20_000)
def parse(kind: str, text: str) -> Expression | None:
    """The parts of an expression that the finder matched; None if they make no date."""
    tokens = _TOKENS.findall(text.lower())
    numbers = [int(token) for token in tokens if token.isdecimal()]
    match kind:
        case "day":
            return Expression(kind, numeric=text)
        case "month" | "day_month":
            return _month(tokens)
        case "year":
            last = numbers[-1] if numbers[-1] > 99 else numbers[0] - numbers[0] % 100 + numbers[-1]
            # "2019-05" is a month of a machine's making, "1914-18" is a war.
            return Expression(kind, numbers[0], last) if last >= numbers[0] else None
        case "decade":
            return Expression(kind, numbers[0] if numbers[0] > 99 else None, number=numbers[0])
        case "century":
            return Expression(kind, number=numbers[0]) if numbers[0] else None
        case "quarter":
            number = _ORDINALS.get(tokens[0]) or numbers[0]
            unit = "half" if "half" in tokens else "quarter"
            if number > (2 if unit == "half" else 4):
                return None
            year, shift = _year(tokens)
            return Expression(kind, year, year_shift=shift, number=number, unit=unit)
        case "season":
            year, shift = _year(tokens)
            return Expression(kind, year, year_shift=shift, season=tokens[0])
        case "weekday":
            shift = _SHIFTS[tokens[-2]] if tokens[-1] == "week" else None
            return Expression(kind, weekday=_NAMES.weekday(tokens[0]), shift=shift)
        case "weekend":
            return Expression(kind, unit="weekend")
        case "near":
            sign = {"before": -1, "after": 1}.get(tokens[1] if len(tokens) > 1 else "", 0)
            return Expression(kind, shift=_NEAR[tokens[-1]] + sign)
        case "ago":
            sign = -1 if tokens[-1] == "ago" else 1
            return Expression(kind, unit=_unit(tokens), number=sign * (_count(tokens) or 1))
        case _:
            return _shifted(tokens)


def _month(tokens: list[str]) -> Expression:
    year, shift = _year(tokens)
    days = [int(token) for token in tokens if token.isdecimal() and len(token) < 3]
    return Expression(
        "month",
        year,
        year_shift=shift,
        month=next(m for token in tokens if (m := _NAMES.month(token)) is not None),
        day=days[0] if days else None,
        last_day=days[-1] if len(days) > 1 else None,
        weekday=_NAMES.weekday(tokens[0][:3]) if days else None,
    )


def _shifted(tokens: list[str]) -> Expression | None:
    kind, last, count = "shifted", tokens[-1], _count(tokens)
    shift = _SHIFTS[tokens[1] if tokens[1] in ("past", "coming") else tokens[0]]
    if last in SEASON_STARTS:
        return Expression(kind, season=last, shift=shift)
    if last.endswith("day") and (weekday := _NAMES.weekday(last)) is not None:
        return Expression(kind, weekday=weekday, shift=shift)
    if (month := _NAMES.month(last)) is not None:
        return Expression(kind, month=month, shift=shift)
    if (unit := _unit(tokens)) is None:  # the night, morning, afternoon or evening
        return Expression("near", shift=shift) if tokens[0] in ("last", "this") else None
    if count is None and (unit == "day" or last.endswith("s") or last == "centuries"):
        return None  # "this day", "past weeks"
    if count is not None and shift == 0:
        return None  # "this one week"
    rolling = count is not None or (unit != "weekend" and "past" in tokens[:2])
    return Expression(kind, unit=unit, number=count or 1, shift=shift, rolling=rolling)


def _year(tokens: list[str]) -> tuple[int | None, int | None]:
    """The year named, and how far from this one it lies; one of the two at the most."""
    if tokens[-1] == "year":
        return None, _SHIFTS[tokens[-2]]
    if len(tokens[-1]) == 4 and tokens[-1].isdecimal():
        return int(tokens[-1]), None
    return None, None


def _unit(words: list[str]) -> str | None:
    for word in reversed(words):
        singular = "century" if word == "centuries" else word.removesuffix("s")
        if singular in _UNITS:
            return singular
    return None


def _count(words: list[str]) -> int | None:
    """The last that counts: "a few" is three."""
    counts = [int(word) if word.isdecimal() else _COUNTS.get(word) for word in words]
    return next((count for count in reversed(counts) if count is not None), None)
