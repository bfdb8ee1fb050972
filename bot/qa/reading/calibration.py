"""From a span's score to the probability that it is right."""

from __future__ import annotations

import math
from dataclasses import dataclass

_LARGEST = 30.0
"""Where a logit's probability is 0 or 1 to ten digits."""


@dataclass(frozen=True)
class Calibration:
    """A logistic function of the score, fitted on examples kept out of training (Platt 1999,
    "Probabilistic Outputs for Support Vector Machines", section 2.1).
    """

    slope: float = 1.0
    intercept: float = 0.0
    """The defaults take a model at its word: a score is the log-odds that it gives a span."""

    abstain_below: float = 0.5
    """The probability under which a span is no answer."""

    def probability(self, score: float) -> float:
        """From 0 to 1; higher scores never give a lower one, for a slope over 0."""
        return logistic(self.slope * score + self.intercept)


def logistic(logit: float) -> float:
    """The probability of log-odds, never quite 0 or 1."""
    return 1 / (1 + math.exp(-min(max(logit, -_LARGEST), _LARGEST)))
