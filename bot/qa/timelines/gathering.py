"""The passages that a timeline is told from, over all the time in which a topic was written of."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.article import ScoredPassage
from index.filtering import SearchFilter

if TYPE_CHECKING:
    from index.hybrid_search import HybridSearch

DEPTH = 100
"""Passages of the first search."""
SLICES = 6
SLICE_DEPTH = 40
"""Where there are more, the time between the oldest and the newest found is searched in parts, as
most of the best passages can be of one week."""
MOST_OF_ARTICLE = 6
"""Passages of one article that count: a live page or a gallery has hundreds."""


def gather(
    searcher: HybridSearch, topic: str, within: SearchFilter, as_of: dt.date | None
) -> list[ScoredPassage]:
    """The passages on a topic, best first. Raises FilterError."""
    found = searcher.search(topic, DEPTH, within=within, as_of=as_of)
    days = sorted(one.passage.article.date for one in found if one.passage.article.date)
    if len(found) == DEPTH and days and days[0] < days[-1]:
        for first, last in _slices(days[0], days[-1]):
            part = dataclasses.replace(within, since=first, until=last)
            found += searcher.search(topic, SLICE_DEPTH, within=part, as_of=as_of)
    return _few_of_each(found)


def _slices(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Equal parts of the days `first` to `last`, at most SLICES, without overlap."""
    days = (last - first).days + 1
    count = min(SLICES, days)
    edges = [first + dt.timedelta(days=days * n // count) for n in range(count + 1)]
    return [(edges[n], edges[n + 1] - dt.timedelta(days=1)) for n in range(count)]


def _few_of_each(found: Iterable[ScoredPassage]) -> list[ScoredPassage]:
    kept: dict[int, ScoredPassage] = {}
    of_article: Counter[str] = Counter()
    for scored in sorted(found, key=lambda one: -one.score):
        passage = scored.passage
        if passage.id in kept or of_article[passage.article.id] == MOST_OF_ARTICLE:
            continue
        kept[passage.id] = scored
        of_article[passage.article.id] += 1
    return list(kept.values())
