"""Answers to questions that no few words answer: the sentences that tell, as quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.answer import Answer, Citation
from bot.qa.candidates import Candidate
from bot.qa.questions import QuestionKind
from bot.qa.reading.calibration import logistic
from bot.qa.sentence_features import Sentence
from bot.qa.sentence_reader import SentenceRanker
from index.article import ScoredPassage

QUOTES = 3
READER_WEIGHT = 0.3
"""Of the reader's log-odds for the best span in a sentence, beside the sentence's own score."""
NO_SPAN = -8.0
"""Log-odds of a sentence in which the reader sees nothing."""
NEAR = 1.5
"""How far behind the best sentence another one is still quoted."""


@dataclass(frozen=True)
class ToldSentence:
    """A sentence, and what speaks for it."""

    sentence: Sentence
    ranked: float
    """What it shares with the question: the sentence ranker's score."""
    read: float
    """The best score of the reader's spans in it, in log-odds."""

    @property
    def score(self) -> float:
        return self.ranked + READER_WEIGHT * self.read


@dataclass(frozen=True)
class SentenceConfidence:
    """A logistic model of whether the best sentence tells what is asked."""

    ranked: float
    read: float
    cosine: float
    """Of the question and the sentence's passage."""
    constant: float

    def probability(self, best: ToldSentence) -> float:
        return logistic(
            self.constant
            + self.ranked * best.ranked
            + self.read * best.read
            + self.cosine * best.sentence.passage_cosine
        )


# Logistic regression on the questions of `bot.qa.confidence`, whose best sentence has the answer or
# not. Five-fold cross-validation: AUROC 0.80, expected calibration error 0.055.
SENTENCE_CONFIDENCE = SentenceConfidence(ranked=0.201, read=0.153, cosine=0.533, constant=-3.819)


class SentenceAnswers:
    """The best sentences of the passages found. Thread-safe."""

    def __init__(self, ranker: SentenceRanker) -> None:
        self._ranker = ranker

    def answer(
        self,
        question: str,
        kind: QuestionKind,
        passages: tuple[ScoredPassage, ...],
        candidates: Sequence[Candidate],
        abstain_below: float,
    ) -> Answer:
        """The best sentence, with up to QUOTES quotes from different articles.

        `candidates` are the reader's spans in the passages. An abstention if it is less likely
        than `abstain_below` that the sentence tells.
        """
        told = self.told(question, passages, candidates)
        if not told:
            return Answer(question, False, "", 0.0, passages=passages, kind=kind.value)
        probability = SENTENCE_CONFIDENCE.probability(told[0])
        if probability < abstain_below:
            return Answer(question, False, "", probability, passages=passages, kind=kind.value)
        chosen: dict[str, Sentence] = {}
        for one in told:
            if len(chosen) < QUOTES and one.score >= told[0].score - NEAR:
                chosen.setdefault(one.sentence.passage.article.id, one.sentence)
        citations = tuple(
            Citation(n, sentence.passage.article, *sentence.span)
            for n, sentence in enumerate(chosen.values(), 1)
        )
        return Answer(
            question, True, citations[0].quote, probability, citations, passages, kind=kind.value
        )

    def told(
        self, question: str, passages: Sequence[ScoredPassage], candidates: Sequence[Candidate]
    ) -> list[ToldSentence]:
        """All sentences of the passages, those that tell most likely first."""
        found = (
            ToldSentence(one.sentence, one.score, _read(one.sentence, candidates))
            for one in self._ranker.ranked(question, passages)
        )
        return sorted(found, key=lambda one: -one.score)


def _read(sentence: Sentence, candidates: Sequence[Candidate]) -> float:
    """The best score of the reader's spans in the sentence."""
    start, end = sentence.span
    scores = [
        one.score
        for one in candidates
        if one.article.id == sentence.passage.article.id and start <= one.start and one.end <= end
    ]
    return max([NO_SPAN, *scores])
