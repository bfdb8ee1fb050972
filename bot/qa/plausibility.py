"""What speaks for and against a span as the answer, beside what the reading model sees.

The model reads one text at a time. It does not know how the search came by the text, and was
trained on questions whose paragraph was given. `training/fit_answers.py` fits the weights.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.qa.answer_types import AnswerType, candidates
from bot.qa.candidates import Candidate
from bot.qa.meaning.content import WORD, content_words
from bot.qa.meaning.subjects import Subject
from bot.qa.questions import QuestionKind

NAMES = (
    "echo",  # share of the span's words that the question has already
    "kind_missing",  # 1 if the kind asked for leaves a mark that the span does not have
    "coverage",  # share of the question's subject in the quote and the title
    "cosine",  # of question and passage
    "rank",  # 1 / (1 + rank of the passage)
    "length",  # log(1 + words)
)
"""The features, in the order of the columns of `features`."""

# The likeliest for the right one among the reader's spans: 416 questions of RealTimeQA 2023 and of
# half of NewsQA's articles, with the right span first for 0.608 of them instead of 0.577.
_WEIGHTS = {
    "echo": -3.12,
    "kind_missing": -6.44,
    "coverage": 1.66,
    "cosine": 2.19,
    "rank": 7.27,
    "length": -1.19,
}
WEIGHTS: NDArray[np.float64] = np.array([_WEIGHTS[name] for name in NAMES])
"""In log-odds, for each of NAMES."""

_MARKS = {
    QuestionKind.TIME: AnswerType.TIME,
    QuestionKind.NUMBER: AnswerType.NUMBER,
}
_PERIOD = re.compile(
    r"\b(?:(?:this|that|next|last|every|each) \w+|mornings?|afternoons?|evenings?|nights?|spring"
    r"|summer|autumn|fall|winter|hours?|minutes?|days?|weeks?|weekend|months?|years?|decades?|now|soon"
    r"|\d{4}s?|\d{1,2}:\d\d)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[^\W\d_a-z]")


def weighed(
    found: Sequence[Candidate],
    question: str,
    kind: QuestionKind,
    weights: NDArray[np.float64] = WEIGHTS,
) -> list[Candidate]:
    """The candidates with scores that also tell what this module knows."""
    if not found:
        return []
    gains = features(found, question, kind) @ weights
    return [
        dataclasses.replace(candidate, score=candidate.score + float(gain))
        for candidate, gain in zip(found, gains, strict=True)
    ]


def features(found: Sequence[Candidate], question: str, kind: QuestionKind) -> NDArray[np.float64]:
    """One row a candidate, one column for each of NAMES: shape (candidates, len(NAMES))."""
    subject = Subject(question)
    asked = content_words(question)
    rows = [
        [
            _echo(candidate.text, asked),
            float(_lacks(kind, candidate.text)),
            subject.share(candidate),
            candidate.scored.cosine,
            1 / (1 + candidate.rank),
            math.log1p(len(WORD.findall(candidate.text))),
        ]
        for candidate in found
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def _echo(text: str, asked: set[str]) -> float:
    own = content_words(text)
    return len(own & asked) / len(own) if own else 1.0


def _lacks(kind: QuestionKind, text: str) -> bool:
    if kind is QuestionKind.TIME and _PERIOD.search(text):
        return False
    if (mark := _MARKS.get(kind)) is not None:
        return candidates(mark, text, "") == 0
    if kind is QuestionKind.PERSON:
        return _CAPITAL.search(text) is None
    return False
