"""Which sentences of the passages found may tell whether a claim is true."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from bot.proof.evidence import Evidence, EvidenceSet, texts, written
from bot.proof.particulars import Particulars
from index.analysis import Analyzer
from index.article import Passage
from index.sentences import sentence_spans

SINGLE = 6
"""Sentences that are weighed alone."""
TOGETHER = 3
"""Sentences that are weighed in a row and together."""
MAX_SENTENCES = 400
_MAX_SENTENCE = 2_500  # code points; longer ones are lists and tables
_MAX_ADDED = 2


def sentences_of(passages: Sequence[Passage]) -> list[Evidence]:
    """The sentences of the passages, each once, the best passage's first."""
    found: dict[tuple[str, int, int], Evidence] = {}
    for passage in passages:
        for start, end in sentence_spans(passage.text):
            if end - start > _MAX_SENTENCE:
                continue
            one = Evidence(passage.article, passage.start + start, passage.start + end)
            found.setdefault((one.article.id, one.start, one.end), one)
            if len(found) >= MAX_SENTENCES:
                return list(found.values())
    return list(found.values())


def candidate_sets(
    claim: str, own: Particulars, sentences: Sequence[Evidence]
) -> list[EvidenceSet]:
    """Sets of sentences to weigh a claim against, without repeats; none if no word is met.

    The sentences that share most of the claim's words, rare ones counting more: each alone, each
    with the one before it in its article, and the best ones together. Where a set lacks a name or
    a number of the claim that a sentence of the same articles has, it comes with that, too.
    """
    ranked = _ranked(claim, sentences)
    best = [sentences[n] for n in ranked[:SINGLE]]
    sets: dict[EvidenceSet, None] = dict.fromkeys((one,) for one in best)
    for n in ranked[:TOGETHER]:
        if n and sentences[n - 1].article.id == sentences[n].article.id:
            sets[_in_order((sentences[n - 1], sentences[n]), sentences)] = None
    for size in range(2, TOGETHER + 1):
        if len(best) >= size:
            sets[_in_order(best[:size], sentences)] = None
    for one in list(sets):
        sets[_completed(one, own, best, sentences)] = None
    return list(sets)


def _ranked(claim: str, sentences: Sequence[Evidence]) -> list[int]:
    """The numbers of the sentences that have a word of the claim, the best first."""
    analyzer = Analyzer()
    terms = [set(analyzer.terms(sentence.text)) for sentence in sentences]
    often = Counter(term for each in terms for term in each)
    wanted = set(analyzer.terms(claim))
    weights = {t: math.log(1 + len(sentences) / often[t]) for t in wanted if often[t]}
    scores = [sum(weights.get(term, 0.0) for term in each & wanted) for each in terms]
    met = [n for n, score in enumerate(scores) if score > 0]
    return sorted(met, key=lambda n: (-scores[n], n))


def _completed(
    chosen: EvidenceSet, own: Particulars, best: Sequence[Evidence], sentences: Sequence[Evidence]
) -> EvidenceSet:
    """The set with sentences of the same articles that have what it lacks."""
    missing = own.missing(texts(chosen), written=written(chosen))
    articles = {one.article.id for one in chosen}
    beside = [one for one in best if one.article.id in articles and one not in chosen]
    for _ in range(_MAX_ADDED):
        if not missing:
            break
        for one in beside:
            more = (*chosen, one)
            left = own.missing(texts(more), written=written(more))
            if len(left) < len(missing):
                chosen, missing = more, left
                break
        else:
            break
    return _in_order(chosen, sentences)


def _in_order(chosen: Sequence[Evidence], sentences: Sequence[Evidence]) -> EvidenceSet:
    """The sentences as they follow one another, article by article."""
    order = {id(one): n for n, one in enumerate(sentences)}
    return tuple(sorted(chosen, key=lambda one: order[id(one)]))
