"""Answers with the best whole sentence of the passages found, and no other model than theirs.

A linear model on the features of `bot.qa.sentence_features` ranks the sentences; another turns
the best one's score into the probability that it holds the answer.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.qa.answer import Answer, Citation
from bot.qa.sentence_features import Sentence, features, sentences_of
from bot.qa.sentence_model import RANKING, confidence
from index.analysis import Analyzer
from index.article import ScoredPassage
from index.embedding import EmbeddingModel


@dataclass(frozen=True)
class RankedSentence:
    """A sentence of the passages that were found, and its score: higher is better."""

    sentence: Sentence
    score: float

    @property
    def confidence(self) -> float:
        """The probability that it holds the answer, if it is the best one."""
        return confidence(self.score, self.sentence.passage_cosine)


class SentenceRanker:
    """Ranks the sentences of passages by what they share with the question. Thread-safe."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self._local = threading.local()

    def ranked(self, question: str, passages: Sequence[ScoredPassage]) -> list[RankedSentence]:
        """All sentences of the passages, best first."""
        sentences = sentences_of(passages)
        if not sentences:
            return []
        cosines = self._cosines(question, [sentence.text for sentence in sentences])
        scores = features(question, sentences, cosines, self._analyzer()) @ RANKING
        return [
            RankedSentence(sentences[place], float(scores[place]))
            for place in np.argsort(-scores, kind="stable").tolist()
        ]

    def _cosines(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        asked = self._model.encode_queries([question])[0]
        cosines: Sequence[float] = (self._model.encode_documents(texts) @ asked).tolist()
        return cosines

    def _analyzer(self) -> Analyzer:
        # A stemmer keeps state while it works: each thread has its own.
        if not hasattr(self._local, "analyzer"):
            self._local.analyzer = Analyzer()
        analyzer: Analyzer = self._local.analyzer
        return analyzer


class SentenceReader:
    """A Reader whose answer is a sentence, quoted as it stands. Thread-safe."""

    def __init__(self, model: EmbeddingModel, *, abstain_below: float) -> None:
        self._ranker = SentenceRanker(model)
        self._abstain_below = abstain_below

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        """The best sentence, or an abstention if its confidence is below the threshold."""
        found = tuple(passages)
        ranked = self._ranker.ranked(question, found)
        if not ranked:
            return Answer(question, False, "", 0.0, passages=found)
        best = ranked[0]
        if best.confidence < self._abstain_below:
            return Answer(question, False, "", best.confidence, passages=found)
        citation = Citation(1, best.sentence.passage.article, *best.sentence.span)
        return Answer(question, True, best.sentence.text, best.confidence, (citation,), found)
