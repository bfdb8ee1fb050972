"""What a sentence cannot have from nowhere: its numbers, dates, names and quotations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.proof import amounts, days
from bot.proof.amounts import Amount
from bot.proof.days import Day
from bot.proof.folding import tidied
from bot.proof.name_matching import NamedText
from bot.proof.naming import names
from bot.proof.quotations import quotations, said
from index.sentences import Span


class Kind(StrEnum):
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"


@dataclass(frozen=True)
class Particular:
    """`text` stands at [start, end) of its sentence, in code points."""

    kind: Kind
    text: str
    start: int
    end: int


class Particulars:
    """Those of one sentence, to be looked for in quotes."""

    def __init__(self, sentence: str) -> None:
        self._original = sentence
        self._tidied = tidied(sentence)
        self.sentence = sentence = self._tidied.text
        self._quotations = quotations(sentence)
        self._days = _beside(days.days(sentence), self._quotations)
        written = [(day.start, day.end) for day in self._days]
        self._amounts = amounts.amounts(sentence, [*self._quotations, *written])
        counted = [(amount.start, amount.end) for amount in self._amounts]
        self._names = names(sentence, [*self._quotations, *written, *counted])

    def all(self) -> tuple[Particular, ...]:
        """All of them, in their order."""
        return self._sorted(self._quotations, self._days, self._amounts, self._names)

    def missing(
        self, quotes: Sequence[str], *, written: Sequence[dt.date | None]
    ) -> tuple[Particular, ...]:
        """Those that no quote has, in their order; see `missing`."""
        read = [_read(quote) for quote in quotes]
        told = [(day, date) for one, date in zip(read, written, strict=True) for day in one.days]
        counted = [amount for one in read for amount in one.amounts]
        plain = [one.plain for one in read]
        named = [one.names for one in read]
        sentence = self.sentence
        return self._sorted(
            [q for q in self._quotations if not any(said(sentence[slice(*q)], t) for t in quotes)],
            [
                day
                for day in self._days
                if not (
                    days.covered(day, told) or _year(day, counted) or self._counted(day, counted)
                )
            ],
            [
                amount
                for amount in self._amounts
                if not (amounts.covered(amount, counted, plain) or _dated(amount, told))
            ],
            [n for n in self._names if not any(text.has(sentence[slice(*n)]) for text in named)],
        )

    def _counted(self, day: Day, counted: Sequence[Amount]) -> bool:
        """Whether a quote has the number of "the past 15 years" in words."""
        own = amounts.amounts(self.sentence[day.start : day.end])
        return day.expression.rolling and bool(own) and all(
            amounts.covered(amount, counted, ()) for amount in own
        )  # fmt: skip

    def has_some_name(self, quotes: Sequence[str]) -> bool:
        """Whether the quotes have any of its names; True for a sentence without names."""
        named = [_read(quote).names for quote in quotes]
        wanted = [self.sentence[slice(*name)] for name in self._names]
        return not wanted or any(text.has(name) for name in wanted for text in named)

    def _sorted(
        self,
        quoted: Sequence[Span],
        dated: Sequence[Day],
        counted: Sequence[Amount],
        named: Sequence[Span],
    ) -> tuple[Particular, ...]:
        found = [
            *((Kind.QUOTATION, *span) for span in quoted),
            *((Kind.DATE, day.start, day.end) for day in dated),
            *((Kind.NUMBER, amount.start, amount.end) for amount in counted),
            *((Kind.NAME, *span) for span in named),
        ]
        found.sort(key=lambda one: (one[1], one[2]))
        spans = ((kind, *self._tidied.span(start, end)) for kind, start, end in found)
        text = self._original
        return tuple(Particular(kind, text[start:end], start, end) for kind, start, end in spans)


def particulars(sentence: str) -> tuple[Particular, ...]:
    """The numbers, dates, names and quotations of an English sentence, in their order.

    What stands in a quotation is not told again.
    """
    return Particulars(sentence).all()


def missing(
    sentence: str, quotes: Sequence[str], *, written: Sequence[dt.date | None]
) -> tuple[Particular, ...]:
    """The particulars of `sentence` that none of the quotes has; () if all are there.

    `written` has the day of each quote's article, from which its "on Thursday" counts. Numbers
    are the same in figures and words, with their units; dates in any form; a name is told by a
    fuller or a differently spelled one. Raises ValueError unless each quote has its day or None.
    """
    return Particulars(sentence).missing(quotes, written=written)


@dataclass(frozen=True)
class _Quote:
    """What a quote tells, read once: it is asked for in many sets of quotes."""

    days: Sequence[Day]
    amounts: Sequence[Amount]
    plain: str
    names: NamedText


@lru_cache(maxsize=512)
def _read(quote: str) -> _Quote:
    quote = tidied(quote).text
    dated = days.days(quote)
    # "The past fifteen years" is a date in figures only, and an amount in words.
    fixed = [day for day in dated if not day.expression.rolling]
    counted = amounts.amounts(quote, [(day.start, day.end) for day in fixed])
    return _Quote(dated, counted, amounts.plainly(quote), NamedText(quote))


def _beside(found: Sequence[Day], quotations: Sequence[Span]) -> list[Day]:
    return [
        day
        for day in found
        if not any(start < day.end and day.start < end for start, end in quotations)
    ]


def _year(day: Day, counted: Sequence[Amount]) -> bool:
    """Whether what looks like a year in the sentence looks like a number in a quote."""
    year = days.year_of(day)
    return year is not None and any(amount.year == year for amount in counted)


def _dated(amount: Amount, told: Sequence[tuple[Day, dt.date | None]]) -> bool:
    """The other way round."""
    return amount.year is not None and any(days.year_of(day) == amount.year for day, _ in told)
