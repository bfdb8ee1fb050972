"""Quotes as evidence: whole sentences of an article, and the shortest set of them that will do."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.proof.days import days
from bot.proof.entailment import Entailment
from bot.proof.folding import folded
from bot.proof.quotes import Located
from bot.qa.answer import Citation
from index.article import Article, Passage, ScoredPassage
from index.sentences import sentence_spans

MAX_QUOTES = 4
"""Quotes of a sentence that are weighed; of more, the first ones found."""
CERTAIN = Entailment(1.0, 0.0, 0.0)
"""Of a claim that repeats its evidence."""
_MAX_QUOTED = 2_500  # code points of all the sentences that one quote is widened to


@dataclass(frozen=True)
class Evidence:
    """Whole sentences of one article: `article.text[start:end]`, in code points."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    def citation(self, n: int) -> Citation:
        return Citation(n, self.article, self.start, self.end)


EvidenceSet = tuple[Evidence, ...]


def widened(quote: Located, passages: Sequence[ScoredPassage | Passage]) -> Evidence:
    """The whole sentences, within its passage, that a quote stands in.

    A part of a sentence can say the opposite of the whole: "the town fell" in "He denied that the
    town fell".
    """
    start, end = quote.start, quote.end
    for one in passages:
        passage = one.passage if isinstance(one, ScoredPassage) else one
        if passage.article.id != quote.article.id or not (
            passage.start <= quote.start and quote.end <= passage.end
        ):
            continue
        for first, last in sentence_spans(passage.text):
            first, last = first + passage.start, last + passage.start
            if first < quote.end and quote.start < last:
                start, end = min(start, first), max(end, last)
        break
    if end - start > _MAX_QUOTED:  # no sentences, such as a list or a table
        start, end = quote.start, quote.end
    return Evidence(quote.article, start, end)


def distinct(found: Iterable[Evidence]) -> list[Evidence]:
    """Each once, in order; those that lie within another one of the same article left out."""
    kept: list[Evidence] = []
    for one in found:
        if any(_holds(other, one) for other in kept):
            continue
        kept = [other for other in kept if not _holds(one, other)] + [one]
    return kept


def subsets(found: Sequence[Evidence]) -> Iterator[EvidenceSet]:
    """All that are not empty, the smallest first."""
    for size in range(1, len(found) + 1):
        yield from itertools.combinations(found, size)


def texts(evidence: EvidenceSet) -> list[str]:
    return [one.text for one in evidence]


def written(evidence: EvidenceSet) -> list[dt.date | None]:
    """The days of the articles, in their order."""
    return [one.article.date for one in evidence]


def premise(evidence: EvidenceSet, claim: str) -> str:
    """The text that a claim is weighed against: white space is single, sentences are in order.

    Where the claim gives a date that the sentences give in other words, the days that these mean
    are added in brackets: a model knows no day from which "on Thursday" counts.
    """
    plain = [" ".join(one.text.split()) for one in evidence]
    dates = [claim[day.start : day.end] for day in days(claim)]
    if any(date not in text for date in dates for text in plain):
        plain = [_dated(t, one.article.date) for t, one in zip(plain, evidence, strict=True)]
    return " ".join(plain)


def _dated(text: str, written: dt.date | None) -> str:
    for day in reversed(days(text)):
        meant = None if day.expression.absolute else day.means(written)
        if meant and meant[0] == meant[1]:
            said = f"{meant[0].day} {meant[0]:%B %Y}"
            text = f"{text[: day.end]} ({said}){text[day.end :]}"
    return text


def repeats(claim: str, evidence: EvidenceSet) -> bool:
    """Whether a claim is, typography aside, the very sentence: nothing has to be weighed then."""
    if len(evidence) != 1:
        return False
    return folded(claim).text.rstrip(" .") == folded(evidence[0].text).text.rstrip(" .")


def _holds(one: Evidence, other: Evidence) -> bool:
    return one.article.id == other.article.id and one.start <= other.start and other.end <= one.end
