"""Are confidences probabilities, and what threshold pays? Pure functions that name their source.

Throughout, `scores` or `confidences` (n,) are numbers of which higher ones promise more, and
`right` (n,) says of each whether what it stood for was right. All of them raise ValueError if
there are none, if one is not finite, or if the lengths differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = 10
_STEPS = 100
"""Of Newton's method, which takes about ten."""
_GRADIENT = 1e-9
_RIDGE = 1e-12
_SHORTEST = 1e-10
_LARGEST = 700.0
"""Beyond it, exp overflows."""


# Calibration error -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ReliabilityBin:
    """Confidences of which `lower` is the smallest and `upper` the largest."""

    lower: float
    upper: float
    confidence: float
    """Their mean."""
    accuracy: float
    """The share of them that was right."""
    count: int


def reliability_bins(
    confidences: ArrayLike, right: ArrayLike, bins: int = BINS, *, equal_width: bool = False
) -> list[ReliabilityBin]:
    """Confidences in [0, 1] in `bins` groups, lowest first; empty ones are left out.

    Groups have about the same number of members (Nixon et al., "Measuring Calibration in Deep
    Learning", CVPR Workshops 2019) or, with `equal_width`, [0, 1] is cut into equal parts, each
    with its upper end (Guo et al., below). Equal confidences share a group in either case, so
    that the order of the input does not matter. ValueError for others than 0 to 1, or no bin.
    """
    p, y = _checked(confidences, right)
    if bins < 1:
        raise ValueError(f"the number of bins must be at least 1, not {bins}")
    if p.min() < 0 or p.max() > 1:
        raise ValueError("a confidence lies between 0 and 1")
    if equal_width:
        place = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    else:
        place = np.minimum((_ranks(p) - 0.5) * bins / len(p), bins - 1).astype(int)
    groups = [(p[place == n], y[place == n]) for n in np.unique(place)]
    return [
        ReliabilityBin(
            float(own.min()), float(own.max()), float(own.mean()), float(hits.mean()), len(own)
        )
        for own, hits in groups
    ]


def expected_calibration_error(
    confidences: ArrayLike, right: ArrayLike, bins: int = BINS, *, equal_width: bool = False
) -> float:
    """Mean distance of a bin's confidence from its accuracy, weighted by its count; 0 is best.

    Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015;
    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3. Bins are those
    of `reliability_bins`. Even true probabilities come out above 0, the more so in small bins.
    """
    found = reliability_bins(confidences, right, bins, equal_width=equal_width)
    total = sum(one.count for one in found)
    return sum(one.count / total * abs(one.accuracy - one.confidence) for one in found)


def brier_score(confidences: ArrayLike, right: ArrayLike) -> float:
    """Mean square of confidence less outcome (1 or 0); 0 is best.

    Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review
    1950, in the form for two classes that counts one of them.
    """
    p, y = _checked(confidences, right)
    return float(np.mean((p - y) ** 2))


def auroc(scores: ArrayLike, right: ArrayLike) -> float | None:
    """The chance that a right one scores above a wrong one, ties half; None without both kinds.

    The area under the ROC curve as a rank statistic: Hanley and McNeil, "The Meaning and Use of
    the Area under a ROC Curve", Radiology 1982; Mann and Whitney 1947.
    """
    s, y = _checked(scores, right)
    positive = int(y.sum())
    negative = len(y) - positive
    if not positive or not negative:
        return None
    wins = float(_ranks(s)[y > 0].sum()) - positive * (positive + 1) / 2
    return wins / (positive * negative)


# Probabilities from scores ---------------------------------------------------------------------


@dataclass(frozen=True)
class PlattScaling:
    """probability = 1 / (1 + exp(-(slope * score + intercept)))."""

    slope: float
    intercept: float

    def probabilities(self, scores: ArrayLike) -> Floats:
        """Shape (n,), as the scores."""
        return _logistic(self.slope * np.asarray(scores, np.float64) + self.intercept)


def fit_platt_scaling(scores: ArrayLike, right: ArrayLike) -> PlattScaling:
    """The logistic function of the score that makes `right` the likeliest.

    Platt, "Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized
    Likelihood Methods", 1999: the targets are (r + 1) / (r + 2) for r right ones and 1 / (w + 2)
    for w wrong ones, so that the fit is finite even where a score parts them. Newton's method with
    backtracking, after Lin, Lin and Weng, "A Note on Platt's Probabilistic Outputs", 2007. The
    slope is below 0 where higher scores are worse.
    """
    s, y = _checked(scores, right)
    positive = float(y.sum())
    negative = len(y) - positive
    target = np.where(y > 0, (positive + 1) / (positive + 2), 1 / (negative + 2))
    centre, spread = float(s.mean()), float(s.std()) or 1.0
    rows = np.stack([(s - centre) / spread, np.ones(len(s))], axis=1)
    weights = np.array([0.0, np.log((positive + 1) / (negative + 1))])

    def loss(candidate: Floats) -> float:
        logits = rows @ candidate
        return float(np.sum(np.logaddexp(0, logits) - target * logits))

    for _ in range(_STEPS):
        p = _logistic(rows @ weights)
        gradient = rows.T @ (p - target)
        if np.abs(gradient).max() < _GRADIENT * len(s):
            break
        hessian = (rows * (p * (1 - p))[:, None]).T @ rows + _RIDGE * np.eye(2)
        direction = np.linalg.solve(hessian, gradient)
        here, slope, length = loss(weights), float(gradient @ direction), 1.0
        while loss(weights - length * direction) > here - 1e-4 * length * slope:
            length /= 2
            if length < _SHORTEST:
                break
        if length < _SHORTEST:
            break  # as exact as floating point allows
        weights = weights - length * direction
    slope = float(weights[0]) / spread
    return PlattScaling(slope, float(weights[1]) - slope * centre)


@dataclass(frozen=True)
class IsotonicRegression:
    """Probabilities that never fall as scores rise: straight lines between (scores, values)."""

    scores: tuple[float, ...]
    """In rising order."""
    values: tuple[float, ...]

    def probabilities(self, scores: ArrayLike) -> Floats:
        """Shape (n,); beyond the first and the last score, their values."""
        return np.interp(np.asarray(scores, np.float64), self.scores, self.values)


def fit_isotonic(scores: ArrayLike, right: ArrayLike) -> IsotonicRegression:
    """The rising function of the score with the least squared error, by pooling neighbours.

    Ayer et al., "An Empirical Distribution Function for Sampling with Incomplete Information",
    1955; for calibration Zadrozny and Elkan, KDD 2002. Of equal scores the mean is taken first.
    It follows small samples closely: Platt's two numbers are the safer ones under a thousand.
    """
    s, y = _checked(scores, right)
    levels, place, counts = np.unique(s, return_inverse=True, return_counts=True)
    hits = np.bincount(place, weights=y)
    blocks: list[tuple[float, int, int]] = []  # hits, members, levels
    for hit, count in zip(hits.tolist(), counts.tolist(), strict=True):
        block = (hit, count, 1)
        while blocks and blocks[-1][0] * block[1] >= block[0] * blocks[-1][1]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    values = [hit / count for hit, count, span in blocks for _ in range(span)]
    return IsotonicRegression(tuple(levels.tolist()), tuple(values))


# Thresholds ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Threshold:
    """Answers are given from `value` on; `worth` is what that is worth, per question."""

    value: float
    worth: float


def best_threshold(scores: ArrayLike, answering: ArrayLike, abstaining: ArrayLike) -> Threshold:
    """The threshold at which answering (n,) from it on and abstaining (n,) below are worth most.

    With the F1 of an answer and 1 for abstaining where there is none, the `find_best_thresh` of
    SQuAD 2.0's script (Rajpurkar et al., "Know What You Don't Know", ACL 2018); with the worths
    of `utilities` against 0, Chow's rule ("On Optimum Recognition Error and Reject Tradeoff",
    1970) found by trying. It lies midway between two scores, at the lowest score where all are
    answered, and just above the highest where none is; of equally good ones the lowest is taken.
    """
    s, gained = _checked(scores, answering)
    _, kept = _checked(scores, abstaining)
    levels, place = np.unique(s, return_inverse=True)
    change = np.bincount(place, weights=gained - kept)
    # worth[i]: all from levels[i] on are answered; the last one: none.
    worth = kept.sum() + np.append(np.cumsum(change[::-1])[::-1], 0.0)
    # Equal worths differ by rounding, for example when their terms are thirds.
    best = int(np.argmax(worth >= worth.max() - 1e-9 * len(s)))
    if best == len(levels):
        value = float(np.nextafter(levels[-1], np.inf))
    elif best == 0:
        value = float(levels[0])
    else:
        value = float(levels[best - 1] + (levels[best] - levels[best - 1]) / 2)
        value = value if value > levels[best - 1] else float(levels[best])
    return Threshold(value, float(worth[best]) / len(s))


def utilities(right: ArrayLike, *, reward: float = 1.0, penalty: float = 1.0) -> Floats:
    """What answers are worth against 0 for abstaining: `reward` if right, else -`penalty`.

    As they are, a wrong answer costs twice what abstaining does, measured from a right one.
    """
    return np.where(np.asarray(right, np.bool_), reward, -penalty)


@dataclass(frozen=True)
class RiskAtCoverage:
    """With answers from `threshold` on, the share answered and the share of these wrong."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(scores: ArrayLike, right: ArrayLike) -> list[RiskAtCoverage]:
    """The curve of all thresholds that differ in what is answered, the highest one first.

    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010.
    """
    s, y = _checked(scores, right)
    levels, place, counts = np.unique(-s, return_inverse=True, return_counts=True)
    answered = np.cumsum(counts)
    wrong = np.cumsum(np.bincount(place, weights=1 - y))
    return [
        RiskAtCoverage(-level, count / len(s), misses / count)
        for level, count, misses in zip(
            levels.tolist(), answered.tolist(), wrong.tolist(), strict=True
        )
    ]


def risk_at(curve: Sequence[RiskAtCoverage], coverage: float) -> float:
    """The risk of answering at least so large a share, and as few as that takes.

    Raises ValueError for a share that is not over 0, up to 1.
    """
    if not 0 < coverage <= 1:
        raise ValueError(f"a coverage is over 0 and at most 1, not {coverage}")
    return next(point.risk for point in curve if point.coverage >= coverage - 1e-12)


# -----------------------------------------------------------------------------------------------


def _checked(values: ArrayLike, others: ArrayLike) -> tuple[Floats, Floats]:
    first, second = np.asarray(values, np.float64), np.asarray(others, np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"two lists of one length are needed, not {first.shape}, {second.shape}")
    if not len(first):
        raise ValueError("there is nothing to calibrate")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise ValueError("every number must be finite")
    return first, second


def _ranks(values: Floats) -> Floats:
    """From 1; equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], np.float64)


def _logistic(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -_LARGEST, _LARGEST))), np.float64)
