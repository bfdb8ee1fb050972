"""The measures, against worked examples, an independent reference, and their bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import metrics


def test_hit_at_k_looks_at_the_first_k_only() -> None:
    relevant = [False, False, True]
    assert [metrics.hit_at_k(relevant, k) for k in (1, 2, 3, 10)] == [0.0, 0.0, 1.0, 1.0]
    assert metrics.hit_at_k([], 5) == 0.0


def test_reciprocal_rank_is_one_over_the_first_relevant_rank() -> None:
    assert metrics.reciprocal_rank([False, True, True]) == 0.5
    assert metrics.reciprocal_rank([False, True], k=1) == 0.0
    assert metrics.reciprocal_rank([False]) == 0.0


@pytest.mark.parametrize("k", [0, -1])
def test_a_depth_below_one_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        metrics.hit_at_k([True], k)
    with pytest.raises(ValueError, match="at least 1"):
        metrics.reciprocal_rank([True], k)
    with pytest.raises(ValueError, match="at least 1"):
        metrics.ndcg_at_k(["a"], {"a": 1}, k)


@pytest.mark.parametrize(
    ("pieces", "budget", "expected"),
    [
        ([(100, None), (100, 40)], 140, 1.0),
        ([(100, None), (100, 40)], 139, 0.0),
        ([(100, 90), (100, 5)], 50, 0.0),
        ([(10, None), (10, None)], 100, 0.0),
        ([], 100, 0.0),
    ],
)
def test_hit_within_a_budget_of_characters(
    pieces: list[tuple[int, int | None]], budget: int, expected: float
) -> None:
    assert metrics.hit_within(pieces, budget) == expected


def test_ndcg_of_a_worked_example() -> None:
    # Grades 3, 2, 3, 0, 1, 2 in the order found: DCG 6.861, ideal DCG 7.141 (linear gain).
    grades = {"a": 3, "b": 2, "c": 3, "d": 0, "e": 1, "f": 2}
    found = metrics.ndcg_at_k(list("abcdef"), grades, 6)
    assert found == pytest.approx(6.861126688593502 / 7.140995184095699)


def test_ndcg_of_nothing_relevant_is_zero_and_the_ideal_is_cut_at_k() -> None:
    assert metrics.ndcg_at_k(["a"], {}, 10) == 0.0
    assert metrics.ndcg_at_k(["a"], {"a": 0}, 10) == 0.0
    assert metrics.ndcg_at_k(["a"], {"a": 1, "b": 1}, 1) == 1.0
    assert metrics.ndcg_at_k(["x", "a"], {"a": 1}, 10) == pytest.approx(1 / math.log2(3))


def test_ndcg_refuses_an_id_ranked_twice() -> None:
    with pytest.raises(ValueError, match="once"):
        metrics.ndcg_at_k(["a", "a"], {"a": 1}, 10)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3)),
    st.permutations("abcdefgh"),
    st.integers(1, 9),
)
def test_ndcg_lies_between_zero_and_one(grades: dict[str, int], order: list[str], k: int) -> None:
    assert 0 <= metrics.ndcg_at_k(order, grades, k) <= 1 + 1e-12
    ideal = sorted(order, key=lambda id: -grades.get(id, 0))
    best = metrics.ndcg_at_k(ideal, grades, k)
    assert best == pytest.approx(1.0 if any(grades.values()) else 0.0)


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("The  Quick, brown Fox!", "quick brown fox"),
        ("an U.S. envoy", "us envoy"),
        ("Theatre", "theatre"),
        ("$12", "12"),
        ("the", ""),
    ],
)
def test_normalisation_is_squads(text: str, normalized: str) -> None:
    assert metrics.normalize_answer(text) == normalized


def test_exact_match_and_f1() -> None:
    assert metrics.exact_match("The Taif.", "taif") == 1.0
    assert metrics.exact_match("Taif province", "Taif") == 0.0
    assert metrics.token_f1("the village of Taif", "Taif village") == pytest.approx(0.8)
    assert metrics.token_f1("one one", "one") == pytest.approx(2 / 3)
    assert metrics.token_f1("yes", "no") == 0.0


def test_f1_with_a_side_without_words() -> None:
    assert metrics.token_f1("", "the") == 1.0
    assert metrics.token_f1("", "Taif") == 0.0


@pytest.mark.parametrize(
    ("answer", "gold", "contained"),
    [
        ("Squid Game is coming back.", "“Squid Game”", 1.0),
        ("It was Obama's plan.", "Obama", 1.0),
        ("The party went on.", "art", 0.0),
        ("He was getting his chest waxed, it seems.", "getting his chest waxed,", 1.0),
        ("killed on Thursday\u2014Thursday night", "thursday night", 1.0),
        ("in the 1990s", "1990", 0.0),
        ("The US\u00a0raid", "US raid", 1.0),
        ("nothing", "the", 0.0),
        ("nothing", "%", 0.0),
        ("", "Taif", 0.0),
    ],
)
def test_contains_gold_compares_whole_words(answer: str, gold: str, contained: float) -> None:
    assert metrics.contains_gold(answer, gold) == contained


def test_the_best_gold_answer_counts() -> None:
    assert metrics.best_over_golds(metrics.exact_match, "2", ["two", "2"]) == 1.0
    with pytest.raises(ValueError, match="without a gold"):
        metrics.best_over_golds(metrics.exact_match, "2", [])


def test_refusal_precision_and_recall() -> None:
    answered, refused = (True, False), (True, True)
    wrongly_answered, rightly_refused = (False, False), (False, True)
    scores = metrics.refusal_scores(
        [answered] * 5 + [refused] + [wrongly_answered] + [rightly_refused] * 3
    )
    assert (scores.refused, scores.unanswerable) == (4, 4)
    assert scores.precision == 0.75
    assert scores.recall == 0.75


def test_refusal_scores_are_undefined_without_refusals_or_unanswerable_questions() -> None:
    scores = metrics.refusal_scores([(True, False)])
    assert scores.precision is None
    assert scores.recall is None


def test_mean_and_percentiles_of_nothing() -> None:
    assert metrics.mean([]) is None
    assert metrics.mean([1, 2]) == 1.5
    assert metrics.percentile([], 50) is None
    with pytest.raises(ValueError, match="between 0 and 100"):
        metrics.percentile([1.0], 101)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 100))
def test_percentiles_are_numpys(values: list[float], percent: float) -> None:
    expected = float(np.percentile(values, percent))
    assert metrics.percentile(values, percent) == pytest.approx(expected, rel=1e-9, abs=1e-6)
