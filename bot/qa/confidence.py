"""How likely an answer is right: a logistic model over what the reader and the search found.

`training/fit_answers.py` prints the weights; README.md, "Answers", says what they are worth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.qa.meaning.content import content_words
from bot.qa.merging import Reading
from bot.qa.reading.calibration import logistic

MARGIN = 8.0
"""Log-odds between two answers beyond which the second one no longer matters."""
HIGHEST, LOWEST = 20.0, -20.0


@dataclass(frozen=True)
class Evidence:
    """What speaks for the best answer."""

    score: float
    """Its reading's evidence: log-odds against "no answer here", over all articles that say so."""
    margin: float
    """By how much the best answer that says something else scores lower, in [-MARGIN, MARGIN]."""
    stories: float
    """log(articles that say so)."""
    cosine: float
    """Of the question and the passage that it is from."""
    rank: float
    """1 / (1 + rank of that passage)."""
    coverage: float
    """Share of the question's content words that the passage or its article's title has."""


@dataclass(frozen=True)
class ConfidenceModel:
    """A weight for each of Evidence's fields, in order, and a constant."""

    weights: Evidence
    constant: float

    def probability(self, evidence: Evidence) -> float:
        """That the answer is right, in [0, 1]."""
        pairs = zip(astuple(self.weights), astuple(evidence), strict=True)
        return logistic(self.constant + sum(weight * value for weight, value in pairs))


# Logistic regression on 802 questions: 458 of RealTimeQA 2023 and of half of NewsQA's articles, 94
# that the articles do not answer, and 250 of the first with all articles left out that have the
# answer; those without one count as a quarter of all. Five-fold cross-validation: AUROC 0.80,
# expected calibration error 0.045.
CONFIDENCE = ConfidenceModel(
    weights=Evidence(
        score=0.148, margin=0.162, stories=0.797, cosine=-0.614, rank=0.377, coverage=1.266
    ),
    constant=-3.897,
)


def evidence_of(question: str, reading: Reading, others: Sequence[Reading]) -> Evidence:
    """What speaks for `reading` beside the `others`, which say something else."""
    best = reading.best
    asked = content_words(question)
    passage = best.scored.passage
    told = content_words(f"{passage.article.title}\n{passage.text}")
    score = max(LOWEST, min(HIGHEST, reading.evidence))
    second = max((other.evidence for other in others), default=LOWEST)
    return Evidence(
        score=score,
        margin=max(-MARGIN, min(MARGIN, score - second)),
        stories=math.log(reading.stories),
        cosine=best.scored.cosine,
        rank=1 / (1 + best.rank),
        coverage=len(asked & told) / len(asked) if asked else 0.0,
    )
