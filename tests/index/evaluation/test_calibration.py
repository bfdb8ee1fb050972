"""Calibration: against scikit-learn where it has the same, else against values done by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression as ReferenceIsotonic
from sklearn.metrics import brier_score_loss, roc_auc_score

from index.evaluation.calibration import (
    auroc,
    best_threshold,
    brier_score,
    expected_calibration_error,
    fit_isotonic,
    fit_platt_scaling,
    reliability_bins,
    risk_at,
    risk_coverage,
    utilities,
)

# Few different scores, so that there are ties.
SCORES = st.integers(-20, 20).map(lambda n: n / 4)
JUDGED = st.lists(st.tuples(SCORES, st.booleans()), min_size=1, max_size=60)
CONFIDENCES = st.lists(
    st.tuples(st.integers(0, 40).map(lambda n: n / 40), st.booleans()), min_size=1, max_size=60
)


def columns(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in pairs], [right for _, right in pairs]


def drawn(n: int, slope: float, intercept: float) -> tuple[Any, Any]:
    """Scores, and outcomes as likely as that logistic function of them says."""
    chance = np.random.default_rng(3)
    scores = chance.normal(2, 4, n)
    return scores, chance.random(n) < 1 / (1 + np.exp(-(slope * scores + intercept)))


# -- bins and errors ---------------------------------------------------------------------


def test_the_error_of_two_bins_by_hand() -> None:
    confidences, right = [0.1, 0.3, 0.6, 1.0], [False, True, True, True]
    low, high = reliability_bins(confidences, right, 2)
    assert (low.lower, low.upper, low.count, low.accuracy) == (0.1, 0.3, 2, 0.5)
    assert low.confidence == pytest.approx(0.2)
    assert high.confidence == pytest.approx(0.8)
    assert expected_calibration_error(confidences, right, 2) == pytest.approx(0.25)


def test_bins_of_equal_mass_and_of_equal_width() -> None:
    confidences, right = [0.0, 0.01, 0.02, 0.03, 0.5, 0.9], [False] * 4 + [True] * 2
    assert [one.count for one in reliability_bins(confidences, right, 3)] == [2, 2, 2]
    wide = reliability_bins(confidences, right, 2, equal_width=True)
    assert [one.count for one in wide] == [5, 1]


@given(CONFIDENCES)
def test_bins_of_equal_width_are_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    confidences, right = columns(pairs)
    # Its bins have their upper ends, too, but for floating point at the cuts: 40ths avoid sevenths.
    accuracies, means = calibration_curve(right, confidences, n_bins=7, strategy="uniform")
    found = reliability_bins(confidences, right, 7, equal_width=True)
    assert [one.accuracy for one in found] == pytest.approx(list(accuracies))
    assert [one.confidence for one in found] == pytest.approx(list(means))


@given(CONFIDENCES, st.integers(1, 12), st.booleans(), st.randoms(use_true_random=False))
def test_bins_hold_everything_once_whatever_the_order(
    pairs: list[tuple[float, bool]], bins: int, equal_width: bool, chance: Any
) -> None:
    found = reliability_bins(*columns(pairs), bins, equal_width=equal_width)
    assert sum(one.count for one in found) == len(pairs)
    assert sum(one.accuracy * one.count for one in found) == pytest.approx(
        sum(right for _, right in pairs)
    )
    assert all(low.upper < high.lower for low, high in pairwise(found))
    mixed = pairs.copy()
    chance.shuffle(mixed)
    again = reliability_bins(*columns(mixed), bins, equal_width=equal_width)
    assert [(one.lower, one.upper, one.count) for one in again] == [
        (one.lower, one.upper, one.count) for one in found
    ]


def test_sure_and_right_is_no_error_and_sure_and_wrong_all_of_it() -> None:
    assert expected_calibration_error([0.0, 1.0], [False, True]) == 0
    assert expected_calibration_error([1.0, 0.0], [False, True]) == 1


@given(CONFIDENCES)
def test_the_brier_score_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    confidences, right = columns(pairs)
    assert brier_score(confidences, right) == pytest.approx(
        brier_score_loss(right, confidences, pos_label=True)
    )


# -- auroc -------------------------------------------------------------------------------


@given(JUDGED)
def test_auroc_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    scores, right = columns(pairs)
    if len(set(right)) == 1:
        assert auroc(scores, right) is None
    else:
        assert auroc(scores, right) == pytest.approx(roc_auc_score(right, scores))


# -- probabilities from scores -----------------------------------------------------------


def test_platt_scaling_finds_the_function_that_outcomes_were_drawn_from() -> None:
    scores, right = drawn(20_000, 0.6, -1.5)
    fitted = fit_platt_scaling(scores, right)
    assert fitted.slope == pytest.approx(0.6, abs=0.03)
    assert fitted.intercept == pytest.approx(-1.5, abs=0.08)
    assert expected_calibration_error(fitted.probabilities(scores), right) < 0.015


@given(JUDGED)
def test_no_step_from_platts_fit_lowers_its_loss(pairs: list[tuple[float, bool]]) -> None:
    scores, right = (np.array(column, float) for column in columns(pairs))
    positive, negative = right.sum(), (1 - right).sum()
    target = np.where(right > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    fitted = fit_platt_scaling(scores, right)

    def loss(slope: float, intercept: float) -> float:
        logits = slope * scores + intercept
        return float(np.sum(np.logaddexp(0, logits) - target * logits))

    least = loss(fitted.slope, fitted.intercept)
    for slope, intercept in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)):
        assert loss(fitted.slope + slope, fitted.intercept + intercept) >= least - 1e-9


def test_scores_that_part_right_from_wrong_give_no_certainty() -> None:
    fitted = fit_platt_scaling([-2, -1, 1, 2], [False, False, True, True])
    low, *_, high = fitted.probabilities([-2, -1, 1, 2])
    assert 0.1 < low < 0.3
    assert 0.7 < high < 0.9


@pytest.mark.parametrize("right", [True, False])
def test_outcomes_of_one_kind_give_one_probability(right: bool) -> None:
    found = fit_platt_scaling([-3, 0, 5], [right] * 3).probabilities([-3, 0, 5])
    assert found == pytest.approx([0.8 if right else 0.2] * 3, abs=1e-6)


@given(JUDGED)
def test_isotonic_regression_is_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    scores, right = columns(pairs)
    asked = np.linspace(-7, 7, 57)
    reference = ReferenceIsotonic(out_of_bounds="clip").fit(scores, np.array(right, float))
    fitted = fit_isotonic(scores, right)
    assert fitted.probabilities(asked) == pytest.approx(reference.predict(asked))
    assert list(fitted.values) == sorted(fitted.values)


# -- thresholds --------------------------------------------------------------------------


def test_the_threshold_lies_between_what_pays_and_what_does_not() -> None:
    found = best_threshold([0.9, 0.8, 0.4, 0.2], utilities([True, True, False, False]), [0] * 4)
    assert found.value == pytest.approx(0.6)
    assert found.worth == pytest.approx(0.5)


def test_where_all_are_right_all_are_answered_and_where_none_is_none() -> None:
    scores = [0.9, 0.3]
    assert best_threshold(scores, utilities([True, True]), [0, 0]).value == 0.3
    nothing = best_threshold(scores, utilities([False, False]), [0, 0])
    assert nothing.value > 0.9
    assert nothing.worth == 0


@given(JUDGED, st.lists(st.sampled_from([0.0, 1.0]), min_size=60, max_size=60))
def test_no_other_threshold_is_worth_more(
    pairs: list[tuple[float, bool]], worth_of_abstaining: list[float]
) -> None:
    scores, right = (np.array(column) for column in columns(pairs))
    answering, abstaining = utilities(right), np.array(worth_of_abstaining[: len(pairs)])

    def worth(threshold: float) -> float:
        return float(np.where(scores >= threshold, answering, abstaining).mean())

    found = best_threshold(scores, answering, abstaining)
    assert found.worth == pytest.approx(worth(found.value))
    assert all(worth(n / 8) <= found.worth + 1e-9 for n in range(-42, 43))


def test_risk_grows_with_what_is_wrong_among_the_answered() -> None:
    curve = risk_coverage([0.9, 0.7, 0.7, 0.1], [True, True, False, False])
    assert [(point.threshold, point.coverage) for point in curve] == [
        (0.9, 0.25),
        (0.7, 0.75),
        (0.1, 1.0),
    ]
    assert [point.risk for point in curve] == pytest.approx([0, 1 / 3, 0.5])
    assert risk_at(curve, 0.25) == 0
    assert risk_at(curve, 0.5) == pytest.approx(1 / 3)
    assert risk_at(curve, 1) == 0.5


# -- bad input ---------------------------------------------------------------------------


@pytest.mark.parametrize("measure", [auroc, brier_score, fit_platt_scaling, fit_isotonic])
@pytest.mark.parametrize(
    ("scores", "right", "said"),
    [
        ([], [], "nothing"),
        ([0.5], [True, False], "one length"),
        ([float("nan")], [True], "finite"),
        ([float("-inf"), 0.5], [True, False], "finite"),
    ],
)
def test_bad_input_is_refused(measure: Any, scores: Any, right: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        measure(scores, right)


def test_what_is_no_probability_no_bin_and_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliability_bins([1.5], [True])
    with pytest.raises(ValueError, match="at least 1"):
        reliability_bins([0.5], [True], 0)
    with pytest.raises(ValueError, match="coverage"):
        risk_at(risk_coverage([0.5], [True]), 0)
