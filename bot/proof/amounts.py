"""The amounts in a sentence: its numbers with what they measure, and when two are the same."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.proof.measures import currency_before, measure_after
from bot.proof.numerals import CLOCK, FRACTION, Numeral, numerals
from index.sentences import Span

_HALF_A_DAY = 720.0  # minutes
_TOLERANCE = 1e-9
_BETWEEN = re.compile(r"\s?(?:to|and|or|-)\s?(?:[a-z]{0,3}[^\w\s]\s?)?\Z")
_SINGLE = r"(?<!\w)(?:an?|single|sole|lone|only|another)\s(?:[\w-]{1,20}\s){0,2}?"
_NEXT_WORD = re.compile(r"[\s-]([^\W\d_]+)")
_YEARS = range(1000, 2100)


@dataclass(frozen=True)
class Amount:
    """text[start:end] is a number from `low` to `high`, both included, of a `measure`.

    `measure` is "" where things are counted; `start` and `end` are in code points.
    """

    start: int
    end: int
    low: float
    high: float
    measure: str = ""
    half_told: bool = True
    counted: str = ""
    """The word after a "one", which "a" can stand for: "one soldier", "a soldier"."""

    @property
    def year(self) -> int | None:
        """The year that it may be: 2019 without anything that it measures."""
        plain = self.low == self.high and self.low == int(self.low) and not self.measure
        return int(self.low) if plain and int(self.low) in _YEARS else None

    def covered_by(self, other: Amount) -> bool:
        """Whether `other` tells as much: the same number, or one among those of "dozens"."""
        if CLOCK in (self.measure, other.measure):
            return self.measure == other.measure and self._same_time(other)
        if FRACTION in (self.measure, other.measure) and self.measure != other.measure:
            share = {FRACTION: 100.0, "percent": 1.0}
            if not {self.measure, other.measure} <= share.keys():
                return False
            return _same(self.low * share[self.measure], other.low * share[other.measure])
        if self.measure != other.measure:
            return False
        slack = _TOLERANCE * max(abs(self.low), abs(self.high))
        return self.low - slack <= other.low and other.high <= self.high + slack

    def _same_time(self, other: Amount) -> bool:
        if self.half_told and other.half_told:
            return self.low == other.low
        return self.low % _HALF_A_DAY == other.low % _HALF_A_DAY


def amounts(text: str, beside: Iterable[Span] = ()) -> list[Amount]:
    """The amounts in `text`, in order, but for those in the spans `beside`, such as dates."""
    plain = plainly(text)
    for start, end in beside:
        plain = plain[:start] + "\0" * (end - start) + plain[end:]
    found: list[Amount] = []
    before: Numeral | None = None
    for numeral in numerals(plain):
        measure, end = (numeral.unit, numeral.end)
        start = numeral.start
        if not measure:
            measure, start = currency_before(plain, numeral.start)
            if not measure:
                measure, end = measure_after(plain, numeral.end)
        one = Amount(start, end, numeral.low, numeral.high, measure, numeral.half_told)
        if numeral.low == numeral.high == 1 and (after := _NEXT_WORD.match(plain, numeral.end)):
            one = replace(one, counted=after.group(1))
        if before is not None and _BETWEEN.fullmatch(plain[before.end : numeral.start]):
            found[-1] = _as_far_as(found[-1], before, one, numeral)
        found.append(one)
        before = numeral
    return found


def covered(one: Amount, others: Iterable[Amount], texts: Sequence[str]) -> bool:
    """Whether an amount of a sentence is among those of `texts`, which are as `plainly` makes."""
    if any(one.covered_by(other) for other in others):
        return True
    if not one.counted:
        return False
    alone = re.compile(rf"{_SINGLE}{re.escape(one.counted)}(?!\w)")
    return any(alone.search(text) for text in texts)


def plainly(text: str) -> str:
    """`text` in small letters, with plain digits, spaces, dashes and marks, as long as it was."""
    return text.lower() if text.isascii() else "".join(map(_plain, text))


def _as_far_as(first: Amount, lower: Numeral, last: Amount, upper: Numeral) -> Amount:
    """The lower end of a range, which has the measure and the scale of the upper one.

    "10 to 15 percent", "5 to 6 million", "$5-$6 million".
    """
    if upper.scaled and not lower.scaled and lower.low < upper.base and not lower.unit:
        factor = upper.low / upper.base
        first = replace(first, low=first.low * factor, high=first.high * factor)
    if not first.measure and not lower.unit and not upper.unit:
        first = replace(first, measure=last.measure)
    return first


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_TOLERANCE)


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    lower = character.lower()
    return lower if len(lower) == 1 else character
