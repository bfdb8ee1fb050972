"""Hybrid search: cosine and BM25 combined, dates weighed, near copies shown once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import ArticleReference, Passage, ScoredPassage
from index.attributes import Attributes, Mask
from index.bm25 import Bm25Index
from index.dates.questions import Period, question_period
from index.embedding import EmbeddingModel, Vectors
from index.filtering import SearchFilter
from index.fusion import Scores, convex_combination
from index.recency import date_factors
from index.reranking import Reranker, rerank

CANDIDATES = 100
"""How many of the best by each score are combined; a result list may ask for more."""
PERIOD_CANDIDATES = 400
"""The same where the question names a period, whose passages need not be near the top."""

Ids = NDArray[np.int64]


class DenseIndex(Protocol):
    """What finds the passages nearest to a vector."""

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ids of at most `k` passages, of those allowed, with cosines, best first."""

    def cosines(self, vector: Vectors, ids: Ids) -> Vectors:
        """Of passages, in the order of `ids`."""


class PassageLookup(Protocol):
    """Where passages and the names of articles are kept."""

    def passages(self, ids: Iterable[int]) -> Mapping[int, Passage]: ...

    def references(self, keys: Iterable[int]) -> list[ArticleReference]: ...


@dataclass(frozen=True)
class HybridSearch:
    """Searches one generation. Thread-safe."""

    dense: DenseIndex
    bm25: Bm25Index
    attributes: Attributes
    model: EmbeddingModel
    catalog: PassageLookup
    reranker: Reranker | None = None
    rerank_depth: int = 10
    today: Callable[[], dt.date] = dt.date.today

    def search(
        self,
        query: str,
        k: int,
        *,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
    ) -> list[ScoredPassage]:
        """The `k` best passages for `query`, best first; fewer if there are fewer.

        `within` narrows what is searched. `as_of` is the day from which "last week" and what is
        recent are counted, today if not given. A story that several articles tell in nearly the
        same words is shown once, with its best passages. Scores order one result list, no more.

        Raises FilterError if a filter names what the archive does not have.
        """
        day = as_of or self.today()
        passing = self.attributes.passing(within or SearchFilter())
        mask = None if passing is None else self.attributes.passages_of(passing)
        vector = self.model.encode_queries([query])[0]
        period = question_period(query, day)
        depth = max(CANDIDATES if period is None else PERIOD_CANDIDATES, 2 * k)
        wanted = max(k, self.rerank_depth if self.reranker else 0)
        lexical = self.bm25.scores(query)
        while True:
            candidates = self._candidates(vector, lexical, depth, mask)
            scores = self._weighed(query, day, period, candidates)
            shown = self._one_a_story(scores, wanted)
            if len(shown) == wanted or candidates.exhausted:
                break
            depth *= 4
        found = self._found(shown, scores, candidates, passing)
        if self.reranker is not None:
            found = rerank(query, found, self.reranker, self.rerank_depth)
        return found[:k]

    # -- stages ------------------------------------------------------------------------

    def _candidates(
        self, vector: Vectors, lexical: Scores, depth: int, mask: Mask | None
    ) -> _Candidates:
        """The best passages by meaning and by words, each with both scores."""
        passage_ids = self.attributes.arrays.passage_ids
        near, _ = self.dense.search(vector, depth, None if mask is None else passage_ids[mask])
        rows, _ = self.bm25.best(lexical, depth, allowed=mask)
        ids = np.union1d(near, passage_ids[rows])
        return _Candidates(
            ids=ids.tolist(),
            cosines=self.dense.cosines(vector, ids),
            lexical=lexical[self.attributes.rows_of(ids)],
            exhausted=max(len(near), len(rows)) < depth,
        )

    def _weighed(
        self, query: str, day: dt.date, period: Period | None, candidates: _Candidates
    ) -> dict[int, float]:
        """The combined scores times what the dates say, best first."""
        ids = candidates.ids
        rows = self.attributes.rows_of(ids)
        factors = date_factors(self.attributes, rows, query, day, period)
        scores = convex_combination(candidates.cosines, candidates.lexical) * factors
        order = np.argsort(-scores, kind="stable")
        return {ids[place]: float(scores[place]) for place in order.tolist()}

    def _one_a_story(self, ids: Iterable[int], wanted: int) -> list[int]:
        """The first `wanted` passages without those of near copies.

        Of each cluster the article whose passage comes first stands for all.
        """
        ids = list(ids)
        rows = self.attributes.arrays.article_rows[self.attributes.rows_of(ids)]
        clusters = self.attributes.arrays.clusters[rows].tolist()
        shown: list[int] = []
        teller: dict[int, int] = {}
        for id, article, cluster in zip(ids, rows.tolist(), clusters, strict=True):
            if len(shown) == wanted:
                break
            if teller.setdefault(cluster, article) == article:
                shown.append(id)
        return shown

    def _copies(self, ids: Sequence[int], passing: Mask | None) -> dict[int, list[int]]:
        """Of passages, by id, the keys of the near copies of their articles that pass."""
        arrays = self.attributes.arrays
        copies: dict[int, list[int]] = {}
        articles = arrays.article_rows[self.attributes.rows_of(ids)].tolist()
        for id, article in zip(ids, articles, strict=True):
            others = self.attributes.cluster_articles(int(arrays.clusters[article]))
            if len(others) > 1:
                named = others if passing is None else others[passing[others]]
                copies[id] = arrays.article_keys[named[named != article]].tolist()
        return copies

    def _found(
        self,
        ids: Sequence[int],
        scores: Mapping[int, float],
        candidates: _Candidates,
        passing: Mask | None,
    ) -> list[ScoredPassage]:
        passages = self.catalog.passages(ids)
        copies = self._copies(ids, passing)
        place = {id: n for n, id in enumerate(candidates.ids)}
        return [
            ScoredPassage(
                passages[id],
                scores[id],
                float(candidates.cosines[place[id]]),
                float(candidates.lexical[place[id]]),
                tuple(self.catalog.references(copies[id])) if copies.get(id) else (),
            )
            for id in ids
            if id in passages  # else the article was removed meanwhile
        ]


@dataclass(frozen=True)
class _Candidates:
    """Passages by ascending id, with their scores in the same order."""

    ids: list[int]
    cosines: Scores
    lexical: Scores
    exhausted: bool
    """Whether both rankings have come to their end."""
