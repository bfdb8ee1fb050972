"""The period that a question asks about, and whether it asks for the latest."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise

from index.dates.calendar_spans import DateSpan
from index.dates.context import BEFORE, Surroundings
from index.dates.expressions import Expression, parse
from index.dates.patterns import finder
from index.dates.recency import wants_latest
from index.dates.resolving import Tense, resolve
from index.dates.rolling import within_the_last
from index.dates.tense import tense_at

__all__ = ["Period", "question_period", "wants_latest"]

MAX_QUESTION = 2_000
"""Code points of a question that are read."""

_FILLER = r"(?:the\s|about\s|early\s|late\s|mid[\s-]|in\s|end\sof\s|start\sof\s|beginning\sof\s)"
_BOUND = re.compile(
    r"\b(since|after|before|prior\sto|until|till|up\sto)\s" + _FILLER + r"{0,3}\Z", re.IGNORECASE
)
_ASKED_ABOUT = re.compile(
    r"\b(?:in|during|throughout|since|before|after|until|till|by|from|between|to|and|of|for|around"
    r"|circa|year|back\sin|on|as\sof|prior\sto|within)\s" + _FILLER + r"{0,3}\Z"
    r"|\b(?:early|late)\s\Z|\bmid[\s-]\Z",
    re.IGNORECASE,
)
_NAME_OF = re.compile(r"\b(?:class|winter|summer|spirit|boys|miracle|battle|war)\sof\s\Z", re.I)
_MODIFIES = re.compile(r"\bthe\s\Z", re.IGNORECASE)
_NOUN_FOLLOWS = re.compile(r"\s\w")
_TO = re.compile(
    r"\s?(?:to|through|until|till|and|-|\u2013|\u2014)\s?" + _FILLER + r"{0,2}\Z", re.I
)
_BETWEEN = re.compile(r"\b(between|from)\s" + _FILLER + r"{0,2}\Z", re.IGNORECASE)
_COUNTED_FROM_TODAY = ("near", "shifted", "ago", "weekday", "weekend")
_QUOTED = re.compile('"[^"]{0,200}"|\u201c[^\u201d]{0,200}\u201d')


@dataclass(frozen=True, slots=True)
class Period:
    """The days `first` to `last`, both included, that the words `text` of a question mean.

    `explicit` is true if the words name the year themselves ("February 2022") and false if it is
    counted from today ("in February", "last week"). "Before 2020" begins with `datetime.date.min`;
    "since March" ends today.
    """

    first: dt.date
    last: dt.date
    text: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    expression: Expression
    start: int
    end: int
    span: DateSpan


def question_period(question: str, today: dt.date) -> Period | None:
    """The period an English question asks about, counted from `today`; None if it names none.

    A month, day or weekday without a year is the latest that has begun, or the next where the
    question tells what will be. Dates inside names ("the 2012 Olympics", "World Cup 2022", "9/11")
    and in quotation marks do not count. Of several dates the first range counts, else the first
    that is counted from today ("this week"), else the first that a preposition governs, else the
    first. Never raises.
    """
    question = question[:MAX_QUESTION]
    candidates = _candidates(question, today)
    for left, right in pairwise(candidates):
        if period := _range(question, left, right):
            return period
    recent = [c for c in candidates if c.expression.kind in _COUNTED_FROM_TODAY]
    governed = [c for c in candidates if _ASKED_ABOUT.search(_before(question, c.start))]
    for candidate in recent or governed or candidates:
        if period := _bounded(question, candidate, today):
            return period
    return None


def _candidates(question: str, today: dt.date) -> list[_Candidate]:
    cased = not (question.islower() or question.isupper())
    quoted = [found.span() for found in _QUOTED.finditer(question)]
    candidates = []
    for kind, start, end in finder(any_case=True).matches(question):
        expression = parse(kind, question[start:end])
        if expression is None or any(left < start < right for left, right in quoted):
            continue
        place = Surroundings(question, start, end)
        if not place.plausible(expression, today, cased=cased) or _in_name(expression, place):
            continue
        expression = within_the_last(expression, place)
        tense = Tense.UNKNOWN
        if expression.tensed:
            ahead = tense_at(question, start, end) is Tense.FUTURE
            tense = Tense.FUTURE if ahead else Tense.PAST
        if span := resolve(expression, today, tense):
            candidates.append(_Candidate(expression, start, end, span))
    return candidates


def _in_name(expression: Expression, place: Surroundings) -> bool:
    """A year, or a month and day, that only tells one thing of a name from another."""
    if expression.kind == "year":
        if _MODIFIES.search(place.before) and _NOUN_FOLLOWS.match(place.after):
            return True
        return not _ASKED_ABOUT.search(place.before) or bool(_NAME_OF.search(place.before))
    if not expression.lone_day:
        return False
    return bool(_MODIFIES.search(place.before) and _NOUN_FOLLOWS.match(place.after))


def _range(question: str, left: _Candidate, right: _Candidate) -> Period | None:
    between = question[left.end : right.start]
    if not _TO.fullmatch(between):
        return None
    opening = _BETWEEN.search(_before(question, left.start))
    if between.strip().lower().startswith("and") and not (
        opening and opening.group(1).lower() == "between"
    ):
        return None
    # "Between May and July 2021": the first month is the latest that has begun by the second.
    first = left.span
    if not left.expression.absolute:
        first = resolve(left.expression, right.span[1], Tense.PAST) or left.span
    if left.expression.kind in ("near", "shifted", "ago"):
        first = left.span
    start = left.start - (len(opening.group()) if opening else 0)
    return Period(
        min(first[0], right.span[0]),
        max(first[1], right.span[1]),
        question[start : right.end],
        right.expression.absolute,
    )


def _bounded(question: str, candidate: _Candidate, today: dt.date) -> Period | None:
    first, last = candidate.span
    before = _before(question, candidate.start)
    start = candidate.start
    if bound := _BOUND.search(before):
        start -= len(bound.group())
        try:
            match bound.group(1).lower().split()[0]:
                case "since":
                    last = max(today, last)
                case "after":
                    first = last + dt.timedelta(days=1)
                    last = today if first <= today else dt.date.max
                case "before" | "prior":
                    first, last = dt.date.min, first - dt.timedelta(days=1)
                case _:
                    first = dt.date.min
        except OverflowError:
            return None  # before the first day, or after the last
    return Period(first, last, question[start : candidate.end], candidate.expression.absolute)


def _before(question: str, start: int) -> str:
    return question[max(0, start - BEFORE) : start]
