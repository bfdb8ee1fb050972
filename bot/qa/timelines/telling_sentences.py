"""The sentences of passages that tell something of a topic, each with its day and its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.timelines.dating import Dated, dated
from bot.qa.timelines.event import DatedBy, Precision
from bot.qa.timelines.telling import telling
from bot.qa.timelines.topic import ENOUGH, Topic
from index.article import Article, ArticleReference, ScoredPassage
from index.sentences import sentence_spans

# Chosen by looking at timelines, as there is nothing yet to measure them by.
_LEAST = 0.12
_PRECISION = {Precision.DAY: 1.0, Precision.MONTH: 0.85, Precision.YEAR: 0.6}
_BY_ARTICLE = 0.7
_FORETOLD = 0.85
_STALE = 0.5
_WORST_RANK = 0.6
"""What the last of the passages found counts, where the first counts 1."""


@dataclass(frozen=True)
class Telling:
    """`article.text[start:end]`, in code points, which tells what happened when."""

    article: Article
    start: int
    end: int
    dated: Dated
    weight: float
    """In (0, 1]: how well it tells an event of the topic."""
    copies: tuple[ArticleReference, ...] = ()

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def tellings(topic: Topic, found: Sequence[ScoredPassage]) -> tuple[list[Telling], int]:
    """The sentences, best first, and how many more there are that nothing dates."""
    kept: dict[tuple[str, int, int], Telling] = {}
    undated: set[tuple[str, int, int]] = set()
    for rank, scored in enumerate(found):
        passage = scored.passage
        article = passage.article
        ranked = 1 - (1 - _WORST_RANK) * rank / len(found)
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            place = article.id, passage.start + start, passage.start + end
            weight = ranked * telling(sentence)
            if weight < _LEAST or place in kept:
                continue
            share = topic.share(sentence, article)
            if share < ENOUGH:
                continue
            when = dated(article, place[1], place[2])
            if when is None:
                undated.add(place)
                continue
            weight *= share * topic.prominence(sentence) * _PRECISION[when.precision]
            if when.dated_by is DatedBy.ARTICLE:
                weight *= _BY_ARTICLE
            elif when.stale(article.date):
                weight *= _STALE
            elif article.date and when.first > article.date:
                weight *= _FORETOLD
            if weight >= _LEAST:
                kept[place] = Telling(article, *place[1:], when, weight, scored.also_in)
    ordered = sorted(kept.values(), key=lambda one: (-one.weight, one.article.id, one.start))
    return ordered, len(undated)
