"""The weights of the sentence reader.

`benchmarks/fit_sentence_reader.py` prints the ranking weights. Its second part fits the confidence
in the same way, on another sample than the one described below.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.qa.reading.calibration import logistic
from bot.qa.sentence_features import NAMES

# Maximum likelihood of the sentence with the answer among the sentences of its article: 697
# questions on the 263 NewsQA articles that no standalone question is about.
_RANKING = {
    "cosine": 3.638,
    "coverage": 3.769,
    "answer_candidates": 0.890,
    "no_answer_candidate": -0.904,
    "passage_cosine": 1.618,
    "passage_rank": 0.445,
    "words": 0.862,
}
RANKING: NDArray[np.float64] = np.array([_RANKING[name] for name in NAMES])

# Logistic regression on 413 questions to an archive of 795 articles of RealTimeQA 2023: 200 as
# they are, 95 unanswerable ones, and 118 with the articles that have the answer left out.
_SCORE, _PASSAGE_COSINE, _CONSTANT = 0.639, 5.511, -9.967


def confidence(score: float, passage_cosine: float) -> float:
    """The probability that the best sentence holds the answer, from its score and its passage."""
    return logistic(_SCORE * score + _PASSAGE_COSINE * passage_cosine + _CONSTANT)
