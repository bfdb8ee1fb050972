"""What abstaining and confidences are worth: answerability, calibration, reliability diagrams."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np

from benchmarks.reporting import markdown_table, number, share
from index.evaluation import calibration, metrics
from index.evaluation.calibration import ReliabilityBin
from training.calibrate import TextQuestion, halves, is_right

COVERAGES = (0.25, 0.5, 0.75, 1.0)
SIDE, MARGIN, HEADING = 220, 44, 28
"""Of one diagram, in pixels."""
LARGEST_DOT = 9.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Found:
    """A reader's best answer, never withheld."""

    answer: str
    score: float
    confidence: float
    """Rises with the score."""


@dataclass(frozen=True)
class Outcome:
    """One question asked of one reader."""

    question: TextQuestion
    found: Found
    seconds: float
    whole_sentences: bool = False

    def _measured(self, measure: Callable[[str, str], float]) -> float:
        """0.0 where the text does not answer."""
        golds = self.question.answers
        return metrics.best_over_golds(measure, self.found.answer, golds) if golds else 0.0

    @cached_property
    def em(self) -> float:
        return self._measured(metrics.exact_match)

    @cached_property
    def f1(self) -> float:
        return self._measured(metrics.token_f1)

    @cached_property
    def contains(self) -> float:
        return self._measured(metrics.contains_gold)

    @cached_property
    def right(self) -> bool:
        if self.whole_sentences:
            return self.contains > 0
        return is_right(self.found.answer, self.question.answers)


def answerability(outcomes: Sequence[Outcome], abstain_below: float) -> dict[str, Any]:
    """EM and F1 where abstaining scores 1 if the text does not answer, and 0 if it does.

    "best" takes the threshold with the best F1 on these very questions, as SQuAD 2.0's script
    does; "crossed" takes each half of the articles' best for the other half.
    """
    halved = [half for half in by_halves(outcomes) if half]
    by_other = [
        _from_score(half, _best(other))
        for half, other in zip(halved, reversed(halved), strict=True)
    ]
    sizes = [len(half) for half in halved]
    return {
        "shipped": _with_abstention(
            outcomes, [one.found.confidence >= abstain_below for one in outcomes]
        ),
        "best": _from_score(outcomes, _best(outcomes)),
        "crossed": {
            name: float(np.average([one[name] for one in by_other], weights=sizes))
            for name in ("em", "f1")
        },
        "auroc": calibration.auroc(
            [one.found.score for one in outcomes], [one.question.answerable for one in outcomes]
        ),
    }


def calibrated(outcomes: Sequence[Outcome], abstain_below: float) -> dict[str, Any]:
    """What confidences are worth on `outcomes`, none of which they were fitted on."""
    confidences = [one.found.confidence for one in outcomes]
    right = [one.right for one in outcomes]
    given = [value >= abstain_below for value in confidences]
    curve = calibration.risk_coverage([one.found.score for one in outcomes], right)
    return {
        "questions": len(outcomes),
        "ece": calibration.expected_calibration_error(confidences, right),
        "ece_equal_width": calibration.expected_calibration_error(
            confidences, right, equal_width=True
        ),
        "brier": calibration.brier_score(confidences, right),
        "answered": float(np.mean(given)),
        "utility": float(np.where(given, calibration.utilities(right), 0).mean()),
        "wrong_at_coverage": {str(c): calibration.risk_at(curve, c) for c in COVERAGES},
        "bins": [asdict(one) for one in calibration.reliability_bins(confidences, right)],
    }


def by_halves(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """By article: what calibrations are fitted on, and the rest."""
    fitted = {one.id for one in halves([outcome.question for outcome in outcomes])[0]}
    return (
        [one for one in outcomes if one.question.id in fitted],
        [one for one in outcomes if one.question.id not in fitted],
    )


def _best(outcomes: Sequence[Outcome]) -> float:
    abstaining = [float(not one.question.answerable) for one in outcomes]
    return calibration.best_threshold(
        [one.found.score for one in outcomes], [one.f1 for one in outcomes], abstaining
    ).value


def _from_score(outcomes: Sequence[Outcome], threshold: float) -> dict[str, float]:
    return _with_abstention(outcomes, [one.found.score >= threshold for one in outcomes])


def _with_abstention(outcomes: Sequence[Outcome], given: Sequence[bool]) -> dict[str, float]:
    empty = [float(not one.question.answerable) for one in outcomes]
    return {
        "em": float(np.mean(np.where(given, [one.em for one in outcomes], empty))),
        "f1": float(np.mean(np.where(given, [one.f1 for one in outcomes], empty))),
    }


def crossed(fit: Sequence[Outcome], report: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    """Probabilities for `report` by a calibration fitted on `fit`, and what was right."""
    scaling = calibration.fit_platt_scaling(
        [one.found.score for one in fit], [one.right for one in fit]
    )
    probabilities: list[float] = scaling.probabilities([one.found.score for one in report]).tolist()
    return probabilities, [one.right for one in report]


def ece_of(parts: Sequence[tuple[Sequence[float], Sequence[bool]]]) -> float:
    """Of each part by itself, weighted by its size."""
    errors = [calibration.expected_calibration_error(*part) for part in parts]
    return float(np.average(errors, weights=[len(right) for _, right in parts]))


# Diagrams ---------------------------------------------------------------------------------------


def reliability_table(name: str, bins: Sequence[ReliabilityBin]) -> str:
    """One row a bin, lowest confidence first, as Markdown."""
    return markdown_table(
        [f"{name}: confidence", "mean", "share right", "answers"],
        [
            [
                f"{one.lower:.3f} to {one.upper:.3f}",
                share(one.confidence),
                share(one.accuracy),
                number(one.count),
            ]
            for one in bins
        ],
    )


def reliability_svg(diagrams: Mapping[str, Sequence[ReliabilityBin]]) -> str:
    """An SVG document with a diagram for each name, side by side.

    Mean confidence to the right, the share that was right upwards; the area of a dot is in
    proportion to the answers in its bin, and the dashed line is where they should lie.
    """
    panel = SIDE + 2 * MARGIN
    width, height = panel * len(diagrams), panel + HEADING
    panels = [
        f'<g transform="translate({n * panel + MARGIN} {MARGIN + HEADING - 14})">'
        + _panel(name, bins)
        + "</g>"
        for n, (name, bins) in enumerate(diagrams.items())
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11" fill="#333">\n'
        '<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(panels) + "\n</svg>\n"
    )


def _panel(name: str, bins: Sequence[ReliabilityBin]) -> str:
    most = max((one.count for one in bins), default=1)
    parts = [
        f'<text x="{SIDE / 2}" y="-14" text-anchor="middle" font-size="13">{escape(name)}</text>',
        f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="0" y1="{SIDE}" x2="{SIDE}" y2="0" stroke="#999" stroke-dasharray="4 3"/>',
        f'<text x="{SIDE / 2}" y="{SIDE + 34}" text-anchor="middle">mean confidence</text>',
        f'<text x="-32" y="{SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 -32 {SIDE / 2})">share right</text>',
    ]
    for tick in TICKS:
        place = f"{tick:g}"
        parts += [
            f'<text x="{_x(tick)}" y="{SIDE + 15}" text-anchor="middle">{place}</text>',
            f'<text x="-6" y="{_y(tick)}" text-anchor="end" dominant-baseline="middle">{place}'
            "</text>",
        ]
    line = " ".join(f"{_x(one.confidence)},{_y(one.accuracy)}" for one in bins)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1a6fb0"/>')
    parts += [
        f'<circle cx="{_x(one.confidence)}" cy="{_y(one.accuracy)}" '
        f'r="{LARGEST_DOT * (one.count / most) ** 0.5:.1f}" fill="#1a6fb0" fill-opacity="0.7">'
        f"<title>{one.count} answers from {one.lower:.3f} to {one.upper:.3f}: mean "
        f"{one.confidence:.3f}, right {one.accuracy:.3f}</title></circle>"
        for one in bins
    ]
    return "".join(parts)


def _x(value: float) -> str:
    return f"{value * SIDE:.1f}"


def _y(value: float) -> str:
    return f"{(1 - value) * SIDE:.1f}"
