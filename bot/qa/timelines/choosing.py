"""Which events a timeline shows: the weightiest, spread over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.qa.timelines.grouping import Group

_TOLD_OFTEN = 0.25
"""Added to an event's weight for each e-fold of the articles that tell it."""
_LEAST = 0.35
"""Share of the weightiest event's weight below which another is not shown."""
_CROWDED = 0.75
"""Factor on an event's weight for each that was chosen of the same day."""
_NEAR = 0.95
"""The same for each of the same month."""


def weight(group: Group) -> float:
    """How much an event counts: its best sentence, and how many articles tell it."""
    return group.best.weight * (1 + _TOLD_OFTEN * math.log1p(len(group.also_in)))


def chosen(groups: Sequence[Group], most: int) -> list[Group]:
    """At most `most` events, one after the other the weightiest; each makes its day's others less
    so, by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).
    """
    weights = [weight(group) for group in groups]
    least = _LEAST * max(weights, default=0.0)
    waiting = [
        (value, group) for value, group in zip(weights, groups, strict=True) if value >= least
    ]
    kept: list[Group] = []
    while waiting and len(kept) < most:
        best = max(range(len(waiting)), key=lambda n: waiting[n][0])
        _, group = waiting.pop(best)
        kept.append(group)
        waiting = [(value * _factor(group, other), other) for value, other in waiting]
    return kept


def _factor(chosen: Group, other: Group) -> float:
    one, two = chosen.best.dated.first, other.best.dated.first
    if one == two:
        return _CROWDED
    return _NEAR if (one.year, one.month) == (two.year, two.month) else 1.0
