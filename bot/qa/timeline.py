"""A topic's timeline from the articles of an archive: dated events with quotes, newest last."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from bot.qa.answer import Citation
from bot.qa.timelines.choosing import chosen
from bot.qa.timelines.event import DatedBy, Event, Precision, Timeline
from bot.qa.timelines.gathering import gather
from bot.qa.timelines.grouping import Group, grouped
from bot.qa.timelines.telling_sentences import Telling, tellings
from bot.qa.timelines.topic import Topic
from index.filtering import SearchFilter

if TYPE_CHECKING:
    from index.archive import Archive
    from index.hybrid_search import HybridSearch

__all__ = ["DatedBy", "Event", "Precision", "Timeline", "make_timeline"]

MOST_EVENTS = 12
MOST_TOPIC = 500
"""Code points of a topic that are searched for."""


def make_timeline(
    archive: Archive,
    topic: str,
    *,
    within: SearchFilter | None = None,
    as_of: dt.date | None = None,
    most: int = MOST_EVENTS,
) -> Timeline:
    """The events of `topic`, at most `most` (from 1): whole sentences of the articles, each dated
    by what it says, else by its article's day.

    `within` narrows which articles are searched; its days hold for the events, too. `as_of` is
    the day on which it is asked, today if not given. Raises ValueError for an empty topic or a
    `most` below 1, NoIndexError if nothing has been indexed, ModelMismatchError if the index was
    built with another model, and FilterError if `within` names what the archive does not have.
    """
    topic = topic.strip()
    if not topic:
        raise ValueError("the topic is empty")
    if most < 1:
        raise ValueError(f"a timeline of at most {most} events would be empty: ask for 1 or more")
    within = within or SearchFilter()
    searcher = archive.searcher()
    found = gather(searcher, topic[:MOST_TOPIC], within, as_of)
    weigh = _Rarity(searcher)
    told, undated = tellings(Topic(topic[:MOST_TOPIC], weigh), found)
    groups = grouped([one for one in told if _inside(one, within)], archive.model)
    shown = chosen(groups, most)
    shown.sort(key=_order)
    events = tuple(_event(n, group) for n, group in enumerate(shown, start=1))
    return Timeline(topic, events, len(groups) - len(shown), undated)


class _Rarity:
    """The inverse document frequency of a word among all passages, as BM25 weighs it."""

    def __init__(self, searcher: HybridSearch) -> None:
        self._bm25 = searcher.bm25

    def __call__(self, word: str) -> float:
        scores = self._bm25.scores(word)
        has = int((scores > 0).sum())
        return math.log1p((len(scores) - has + 0.5) / (has + 0.5))


def _inside(telling: Telling, within: SearchFilter) -> bool:
    """Whether its days meet those that are asked for."""
    after = within.since is None or telling.dated.last >= within.since
    return after and (within.until is None or telling.dated.first <= within.until)


def _order(group: Group) -> tuple[dt.date, dt.date, dt.date, str, int]:
    best = group.best
    # What is only known to have been in a month or a year comes after that month's or year's days.
    written = best.article.date or dt.date.min
    return best.dated.last, best.dated.first, written, best.article.id, best.start


def _event(n: int, group: Group) -> Event:
    best = group.best
    days = best.dated
    words = days.words or (None, None)
    return Event(
        days.first,
        days.last if days.last > days.first else None,
        days.precision,
        days.dated_by,
        Citation(n, best.article, best.start, best.end, *words),
        group.also_in,
    )
