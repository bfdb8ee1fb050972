"""Where a question names a time, with the preposition before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.dates.context import Surroundings
from index.dates.expressions import parse
from index.dates.patterns import finder

_LEADS = re.compile(
    r"\b(?:in|on|at|by|since|until|till|before|after|during|from|around|as of)\s"
    r"(?:(?:early|late|the|about|mid)[\s-]){0,2}\Z",
    re.IGNORECASE,
)
_ON = ("weekday", "day", "day_month")


@dataclass(frozen=True, slots=True)
class TimePhrase:
    """`text[start:end]` is "in 2019"; from `bare` on it is "2019"."""

    start: int
    bare: int
    end: int
    kind: str
    absolute: bool
    """Whether it names its year, and means the same whenever it is said."""

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def time_phrases(text: str) -> list[TimePhrase]:
    """The times that `text` names, in order and without overlap."""
    cased = not (text.islower() or text.isupper())
    found = []
    for kind, start, end in finder(any_case=True).matches(text):
        expression = parse(kind, text[start:end])
        if expression is None:
            continue
        if not Surroundings(text, start, end).plausible(expression, None, cased=cased):
            continue
        lead = _LEADS.search(text[:start])
        day = kind in _ON or (kind == "month" and expression.day is not None)
        first = lead.start() if lead else start
        found.append(TimePhrase(first, start, end, "on" if day else kind, expression.absolute))
    return found


def with_preposition(text: str, phrase: TimePhrase) -> str:
    """The phrase as an adverbial: "2020" as "in 2020", "Monday" as "on Monday"."""
    written = phrase.of(text)
    if phrase.start < phrase.bare:
        return written
    if phrase.kind in ("year", "month", "decade", "century", "quarter"):
        return f"in {written}"
    return f"on {written}" if phrase.kind == "on" else written
