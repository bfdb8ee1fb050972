"""An answer and its context that the article names in one breath: "Atme, Idlib province"."""

from __future__ import annotations

import dataclasses
import re

from bot.qa.candidates import Candidate
from bot.qa.merging import Reading
from bot.qa.reading.widening import widen

_BETWEEN = re.compile(r",?\s+(?:(?:also\s+)?(?:in|of)\s+)?(?:the\s+)?|,\s*")


def chained(reading: Reading) -> Reading:
    """`reading` with its best candidate going on over the broader ones that follow it directly.

    "Atme", with "Idlib province" and "western Syria" as its context, becomes "Atme, Idlib
    province", with "western Syria" as its context, if that is how the article has it.
    """
    best, broader = reading.best, list(reading.broader)
    while following := next((one for one in broader if _follows(one, best)), None):
        broader.remove(following)
        best = _over(best, following)
    broader = [one for one in broader if not _inside(one, best)]
    return Reading((best, *reading.candidates[1:]), tuple(broader))


def _follows(candidate: Candidate, best: Candidate) -> bool:
    """Whether it comes after `best` in the same quote, with nothing but a joint between."""
    if candidate.article.id != best.article.id or candidate.start < best.end:
        return False
    within = candidate.end <= best.quote[1]
    between = best.article.text[best.end : candidate.start]
    return within and _BETWEEN.fullmatch(between) is not None


def _over(best: Candidate, following: Candidate) -> Candidate:
    start, end = widen(best.article.text, best.start, following.end)
    # Widening may stop at a sentence that the quote does not end with.
    start, end = min(start, best.start), max(end, following.end)
    return dataclasses.replace(best, start=max(start, best.quote[0]), end=min(end, best.quote[1]))


def _inside(candidate: Candidate, best: Candidate) -> bool:
    """Whether the answer's words have its words already."""
    return candidate.text.casefold() in best.text.casefold()
