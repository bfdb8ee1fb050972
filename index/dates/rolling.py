""" "In the last week", unlike "last week", means the seven days up to now."""

from __future__ import annotations

from index.dates.context import Surroundings
from index.dates.expressions import Expression, parse


def within_the_last(expression: Expression, place: Surroundings) -> Expression:
    """The expression, counted from now instead of from the calendar where "in the" says so."""
    if expression.kind != "shifted" or expression.unit is None or expression.rolling:
        return expression
    first = {-1: "past", 1: "coming"}.get(expression.shift or 0)
    if first is None or not place.within_the:
        return expression
    return parse("shifted", f"{first} 1 {expression.unit}") or expression
