import numpy as np
import pytest

from index.fusion import RRF_K, convex_combination, reciprocal_rank_fusion


def test_scores_are_those_computed_by_hand() -> None:
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["c", "a", "d"]], k=60)
    assert [item for item, _ in fused] == ["a", "c", "b", "d"]
    assert dict(fused) == pytest.approx(
        {"a": 1 / 61 + 1 / 62, "c": 1 / 63 + 1 / 61, "b": 1 / 62, "d": 1 / 63}
    )
    assert dict(fused)["a"] == pytest.approx(0.0325224748810153)


def test_the_constant_is_added_to_every_rank() -> None:
    assert reciprocal_rank_fusion([["x", "y"]], k=0) == [("x", 1.0), ("y", 0.5)]
    assert dict(reciprocal_rank_fusion([["x"]])) == pytest.approx({"x": 1 / (RRF_K + 1)})


def test_weights_multiply() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "a"]], weights=[1.0, 3.0], k=60)
    assert [item for item, _ in fused] == ["b", "a"]
    assert dict(fused) == pytest.approx({"a": 1 / 61 + 3 / 62, "b": 1 / 62 + 3 / 61})


def test_ties_keep_the_order_of_first_appearance() -> None:
    assert [item for item, _ in reciprocal_rank_fusion([["b"], ["a"]])] == ["b", "a"]


def test_nothing_fused_is_nothing() -> None:
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([[], []]) == []


def test_a_weight_is_wanted_for_every_ranking() -> None:
    with pytest.raises(ValueError, match="zip"):
        reciprocal_rank_fusion([["a"], ["b"]], weights=[1.0])


def test_scores_are_combined_after_bm25_is_brought_to_one() -> None:
    cosines, lexical = np.array([0.8, 0.2, -0.1]), np.array([3.0, 12.0, 0.0])
    combined = convex_combination(cosines, lexical, weight=0.25)
    assert combined.tolist() == pytest.approx([0.2 + 0.1875, 0.05 + 0.75, -0.025])


def test_without_any_lexical_score_the_cosines_decide() -> None:
    nothing = np.zeros(2)
    assert convex_combination(np.array([0.4, 0.6]), nothing, 0.5).tolist() == [0.2, 0.3]
    assert len(convex_combination(np.empty(0), np.empty(0))) == 0
