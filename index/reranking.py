"""Reranking: a slower, better model puts the first results of a search into a new order."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.article import Passage, ScoredPassage
from index.fusion import reciprocal_rank_fusion

SEARCH_WEIGHT = 0.5
"""Of the search's own order beside the reranker's 1. The reranker alone puts a right passage first
slightly more often where questions follow the text (NewsQA: 0.787 against 0.775 of 80 questions)
and less often where they do not (RealTimeQA 2022: 0.629 against 0.671 of 70)."""


class Reranker(Protocol):
    """Scores texts for a question. Thread-safe."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers `query`: shape (number of texts,), higher is better.

        Scores of one query compare with each other; they have no scale beyond that.
        """


def load_reranker(name: str) -> Reranker | None:
    """The model that `DATELINE_RERANKER` names; None for "", which is no reranking.

    Raises ModelFileError if its files are missing or not the known ones, or if it scores no pairs.
    """
    if not name:
        return None
    from index.cross_encoder import PACKAGED_CROSS_ENCODER, OnnxCrossEncoder, TorchCrossEncoder

    return (
        OnnxCrossEncoder.packaged() if name == PACKAGED_CROSS_ENCODER else TorchCrossEncoder(name)
    )


def rerank(
    query: str, found: Sequence[ScoredPassage], reranker: Reranker, depth: int
) -> list[ScoredPassage]:
    """`found` with its first `depth` passages in a new order, and the rest after them.

    `score` stays with the place in the list, not with the passage, so that it still falls from
    first to last. Raises ValueError if `depth` is under 1.
    """
    if depth < 1:
        raise ValueError(f"the depth must be at least 1, not {depth}")
    head = found[:depth]
    scores = reranker.scores(query, [scored_text(scored.passage) for scored in head])
    ordered = [head[i] for i in new_order(scores)]
    return [
        dataclasses.replace(scored, score=place.score)
        for scored, place in zip([*ordered, *found[depth:]], found, strict=True)
    ]


def scored_text(passage: Passage) -> str:
    """What the reranker reads: without the title, which helps to find the right article and hurts
    at finding the right passage in it.
    """
    return passage.text


def new_order(
    scores: NDArray[np.float32] | Sequence[float], search_weight: float = SEARCH_WEIGHT
) -> list[int]:
    """Places of the search's results, best first: by score and, with a weight, by the old order.

    Rank fusion, since scores of different rerankers have different scales. Equal scores keep
    their order; what is not a number counts as the lowest.
    """
    by_score = np.argsort(-np.asarray(scores, np.float32), kind="stable").tolist()
    fused = reciprocal_rank_fusion([by_score, range(len(by_score))], [1.0, search_weight])
    return [place for place, _ in fused]
