"""One event of all the sentences that tell it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.qa.timelines.dating import Dated
from bot.qa.timelines.event import DatedBy
from bot.qa.timelines.telling_sentences import Telling
from index.article import ArticleReference
from index.embedding import EmbeddingModel, Vectors

MOST_COMPARED = 80
"""Sentences that are compared, the best ones; each costs an embedding."""
SAME_DAYS = 0.66
"""Least cosine of two sentences of the same days that tell one event."""
NEAR_EQUAL = 90.0
"""Least similarity, in per cent, of two that are copies, whatever their days."""

_UPDATED = 14  # days after which a page is hardly updated any more
_DAY = dt.timedelta(days=1)
_DATELINE = re.compile(r"\A[A-Z][^a-z]{2,40}?[^.]{0,40}?(?:--|\u2014|\u2013)\s*")


@dataclass
class Group:
    """Sentences that tell one event, the best first."""

    tellings: list[Telling] = field(default_factory=list)

    @property
    def best(self) -> Telling:
        return self.tellings[0]

    @property
    def also_in(self) -> tuple[ArticleReference, ...]:
        """The articles of the others, and near copies of them all, newest first."""
        others: dict[str, ArticleReference] = {}
        for telling in self.tellings:
            article = telling.article
            own = ArticleReference(
                article.id, article.title, article.date, article.source, article.url
            )
            for reference in (own, *telling.copies):
                others.setdefault(reference.id, reference)
        del others[self.best.article.id]
        return tuple(sorted(others.values(), key=lambda one: one.date or dt.date.min, reverse=True))


def grouped(tellings: Sequence[Telling], model: EmbeddingModel) -> list[Group]:
    """The sentences, best first, with those that tell the same event together.

    They are of the same days and alike in meaning, or nearly equal. The best of a group speaks
    for it; a sentence joins the first group that it fits.
    """
    tellings = tellings[:MOST_COMPARED]
    plain = [_DATELINE.sub("", telling.text) for telling in tellings]
    vectors = model.encode_documents(plain)
    groups: list[tuple[int, Group]] = []
    for n, telling in enumerate(tellings):
        for head, group in groups:
            if _same(n, head, tellings, plain, vectors):
                group.tellings.append(telling)
                break
        else:
            groups.append((n, Group([telling])))
    return [_dated_by_most(group) for _, group in groups]


def _dated_by_most(group: Group) -> Group:
    """The group with the best of those first whose day most articles give, the later of two.

    A page that was updated since its date can only give too early a day.
    """
    if not group.best.dated.weekday:
        return group
    articles: dict[dt.date, set[str]] = {}
    for telling in group.tellings:
        days = telling.dated
        if days.dated_by is DatedBy.SENTENCE and days.first == days.last:
            articles.setdefault(telling.dated.first, set()).add(telling.article.id)
    day = max(articles, key=lambda day: (len(articles[day]), day))
    first = next(telling for telling in group.tellings if telling.dated.first == day)
    others = [telling for telling in group.tellings if telling is not first]
    return Group([first, *others])


def _same(
    n: int, head: int, tellings: Sequence[Telling], plain: Sequence[str], vectors: Vectors
) -> bool:
    from rapidfuzz import fuzz

    if fuzz.ratio(plain[n], plain[head]) >= NEAR_EQUAL:
        return True
    alike = float(vectors[n] @ vectors[head]) >= SAME_DAYS
    return alike and _may_be_one(tellings[n], tellings[head])


def _same_weekday(one: Dated, other: Dated) -> bool:
    early, late = sorted((one, other), key=lambda dated: dated.first)
    days = (late.first - early.first).days
    return early.weekday and late.first == late.last and days % 7 == 0 and days <= _UPDATED


def _may_be_one(one: Telling, other: Telling) -> bool:
    """Whether their days overlap; articles often tell on the next day what happened.

    Also where both name the same weekday, which an updated page counts from a day too early.
    """
    if _same_weekday(one.dated, other.dated):
        return True
    by_article = DatedBy.ARTICLE in (one.dated.dated_by, other.dated.dated_by)
    slack = _DAY if by_article else dt.timedelta()
    early, late = sorted((one.dated, other.dated), key=lambda dated: dated.first)
    return late.first - early.last <= slack
