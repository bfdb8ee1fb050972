"""What speaks for a sentence as the answer to a question, as numbers for a linear model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.qa.answer_types import AnswerType, answer_type, candidates
from index.analysis import Analyzer
from index.article import Passage, ScoredPassage
from index.sentences import Span, sentence_spans

Features = NDArray[np.float64]

NAMES = (
    "cosine",  # of question and sentence embeddings
    "coverage",  # share of the question's terms in the sentence, rare ones counting more
    "answer_candidates",  # log(1 + things of the kind asked for that the question does not name)
    "no_answer_candidate",  # 1 if a kind is asked for and the sentence has none
    "passage_cosine",
    "passage_rank",  # 1 / (1 + rank)
    "words",  # log(1 + terms)
)
"""The features, in the order of the columns of `features`."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage, with its offsets in the article."""

    passage: Passage
    rank: int
    """Of its passage in the search result, from 0."""
    passage_cosine: float
    span: Span

    @property
    def text(self) -> str:
        return self.passage.article.text[self.span[0] : self.span[1]]


def sentences_of(passages: Sequence[ScoredPassage]) -> list[Sentence]:
    """All sentences of the passages, in order; overlapping passages give each one once."""
    found: dict[tuple[str, Span], Sentence] = {}
    for rank, scored in enumerate(passages):
        passage = scored.passage
        for start, end in sentence_spans(passage.text):
            span = (passage.start + start, passage.start + end)
            sentence = Sentence(passage, rank, scored.cosine, span)
            found.setdefault((passage.article.id, span), sentence)
    return list(found.values())


def features(
    question: str, sentences: Sequence[Sentence], cosines: Sequence[float], analyzer: Analyzer
) -> Features:
    """One row a sentence, one column for each of NAMES; `cosines` are those to the question.

    Shape (number of sentences, len(NAMES)).
    """
    asked = set(analyzer.terms(question))
    kind = answer_type(question)
    terms = [analyzer.terms(sentence.text) for sentence in sentences]
    weight = _inverse_sentence_frequency(asked, terms)
    rows = []
    for sentence, cosine, own in zip(sentences, cosines, terms, strict=True):
        here = set(own)
        count = candidates(kind, sentence.text, question)
        rows.append(
            [
                cosine,
                _share(asked, here, weight),
                math.log1p(count),
                float(kind is not AnswerType.OTHER and count == 0),
                sentence.passage_cosine,
                1 / (1 + sentence.rank),
                math.log1p(len(own)),
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def _inverse_sentence_frequency(
    asked: set[str], sentences: Sequence[Sequence[str]]
) -> dict[str, float]:
    """A rare term of the question tells sentences apart better than a common one."""
    total = len(sentences)
    counts = {term: sum(term in sentence for sentence in sentences) for term in asked}
    return {term: math.log(1 + (total + 1) / (count + 0.5)) for term, count in counts.items()}


def _share(wanted: set[str], present: set[str], weight: dict[str, float]) -> float:
    total = sum(weight.get(term, 1.0) for term in wanted)
    return sum(weight.get(term, 1.0) for term in wanted & present) / total if total else 0.0
