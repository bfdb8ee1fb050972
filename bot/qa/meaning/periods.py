"""The days that a candidate means, counted from the day its article appeared."""

from __future__ import annotations

import re

from bot.qa.candidates import Candidate
from index.dates import mentions
from index.dates.calendar_spans import DateSpan

_AROUND = 200  # code points on each side that tell the tense; a sentence can be endless
_MAY_STAND_BESIDE = re.compile(
    r"(?:\W|\b(?:in|on|at|of|the|early|late|earlier|later|mid|middle|beginning|start|end|about"
    r"|around|morning|afternoon|evening|night|midnight|noon|dawn|year|month|day|during|by|local"
    r"|time|[ap]\.?m|gmt|utc|est|edt|a|an|this|that|and|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday)\b|\d{1,2}[:.]\d\d|\b\d{1,2}(?=\s?[ap]\.?m))*",
    re.IGNORECASE,
)


def period_of(candidate: Candidate) -> DateSpan | None:
    """The first and last day, both included, that the words of `candidate` mean.

    None where they are more than a date ("before 2019", "2019 elections"), are several dates, or
    count from the day of an article that has none. "February" in "in February 2019" means that.
    """
    text = candidate.article.text
    first = max(candidate.quote[0], candidate.start - _AROUND)
    last = min(candidate.quote[1], candidate.end + _AROUND)
    start, end = candidate.start - first, candidate.end - first
    found = [
        mention
        for mention in mentions(text[first:last], candidate.article.date)
        if mention.start < end and start < mention.end
    ]
    if not found:
        return None
    rest = text[first:last]
    for mention in reversed(found):
        rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    if not _MAY_STAND_BESIDE.fullmatch(rest[start:end]):
        return None
    # "Thursday, 6 October" are two mentions, one within the other; "May and July" are not.
    finest = min(found, key=lambda mention: (mention.last - mention.first, mention.start))
    if all(m.first <= finest.first and finest.last <= m.last for m in found):
        return finest.first, finest.last
    return None


def within(finer: DateSpan, coarser: DateSpan) -> bool:
    """Whether every day of `finer` is one of `coarser`, which has more."""
    return coarser[0] <= finer[0] and finer[1] <= coarser[1] and finer != coarser


def apart(one: DateSpan, other: DateSpan) -> bool:
    """Whether the two have no day in common."""
    return one[1] < other[0] or other[1] < one[0]
