"""Orders: what a reranker may change in a list of results, and what it may not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_articles import passages

from index.article import ScoredPassage
from index.reranking import load_reranker, new_order, rerank

TEXTS = (
    "Shares fell in March.",
    "The council closed two libraries.",
    "Two libraries of the council were closed in March, to the anger of readers.",
    "The raid killed nobody.",
)


class SharedWords:
    """Scores a text by how many words of the query it has."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        wanted = words(query)
        return np.array([len(wanted & words(text)) for text in texts], np.float32)


class Given:
    """Scores that are known beforehand, in the order of the texts."""

    def __init__(self, scores: Sequence[float]) -> None:
        self.given = scores

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array(self.given[: len(texts)], np.float32)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def results(*texts: str) -> list[ScoredPassage]:
    return [
        ScoredPassage(passage, score=1 / number, cosine=0.5, bm25=None)
        for number, passage in passages(*texts).items()
    ]


def ids(found: Sequence[ScoredPassage]) -> list[int]:
    return [scored.passage.id for scored in found]


def test_the_best_text_comes_first() -> None:
    query = "Which libraries were closed?"
    assert ids(rerank(query, results(*TEXTS), SharedWords(), 4)) == [3, 2, 1, 4]


def test_what_lies_deeper_stays_where_it_was() -> None:
    query = "Which libraries were closed?"
    assert ids(rerank(query, results(*TEXTS), SharedWords(), 2)) == [2, 1, 3, 4]
    assert ids(rerank(query, results(*TEXTS), SharedWords(), 1)) == [1, 2, 3, 4]


def test_equal_scores_keep_their_order_and_what_is_no_number_comes_last() -> None:
    assert new_order([1, 2, 1, 2], 0.0) == [1, 3, 0, 2]
    assert new_order([np.nan, 2, -np.inf, np.nan], 0.0) == [1, 2, 0, 3]
    assert new_order([]) == []


def test_the_order_of_the_search_counts_too() -> None:
    assert new_order([0.1, 0.5, 0.5, 0.9], 1.0) == [1, 3, 0, 2]
    assert new_order([2, 3, 1, 4, 0]) == [3, 1, 0, 2, 4]
    assert new_order([3, 2, 1, 4, 0], 0.0) == [3, 0, 1, 2, 4]


def test_nothing_is_reranked_to_nothing() -> None:
    assert rerank("?", [], SharedWords(), 5) == []


@pytest.mark.parametrize("depth", [0, -1])
def test_a_depth_of_nothing_is_refused(depth: int) -> None:
    with pytest.raises(ValueError, match=f"at least 1, not {depth}"):
        rerank("?", results(*TEXTS), SharedWords(), depth)


@given(
    scores=st.lists(st.floats(allow_nan=False, width=32), max_size=12),
    depth=st.integers(1, 15),
)
def test_results_are_the_same_ones_and_the_better_in_both_orders_come_first(
    scores: list[float], depth: int
) -> None:
    found = results(*(f"Text {n}." for n in range(len(scores))))
    reranked = rerank("?", found, Given(scores), depth)
    assert sorted(ids(reranked)) == ids(found)
    assert ids(reranked[depth:]) == ids(found[depth:])
    head = ids(reranked[:depth])
    assert not any(
        later < earlier and scores[later - 1] >= scores[earlier - 1]
        for earlier, later in combinations(head, 2)
    )
    assert [scored.score for scored in reranked] == [scored.score for scored in found]
    assert {scored.cosine for scored in reranked} <= {0.5}


def test_no_name_is_no_reranker() -> None:
    assert load_reranker("") is None
