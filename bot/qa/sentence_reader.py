"""Answers with the best whole sentence of the passages found, and no other model than theirs.

A linear model on the features of `bot.qa.sentence_features` ranks the sentences; another turns
the best one's score into the probability that it holds the answer.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from bot.qa.answer import Answer, Citation
from bot.qa.sentence_features import features, sentences_of
from bot.qa.sentence_model import RANKING, confidence
from index.analysis import Analyzer
from index.article import ScoredPassage
from index.embedding import EmbeddingModel


class SentenceReader:
    """A Reader whose answer is a sentence, quoted as it stands. Thread-safe."""

    def __init__(self, model: EmbeddingModel, *, abstain_below: float) -> None:
        self._model = model
        self._abstain_below = abstain_below
        self._local = threading.local()

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        """The best sentence, or an abstention if its confidence is below the threshold."""
        found = tuple(passages)
        sentences = sentences_of(found)
        if not sentences:
            return Answer(question, False, "", 0.0, passages=found)
        cosines = self._cosines(question, [sentence.text for sentence in sentences])
        scores = features(question, sentences, cosines, self._analyzer()) @ RANKING
        best = int(np.argmax(scores))
        sentence = sentences[best]
        probability = confidence(float(scores[best]), sentence.passage_cosine)
        if probability < self._abstain_below:
            return Answer(question, False, "", probability, passages=found)
        citation = Citation(1, sentence.passage.article, *sentence.span)
        return Answer(question, True, sentence.text, probability, (citation,), found)

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
