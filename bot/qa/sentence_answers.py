"""Answers to questions that no few words answer: the sentences that tell, as quotes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.qa.answer import Answer, Citation
from bot.qa.candidates import Candidate
from bot.qa.questions import QuestionKind
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
        probability: float,
        abstain_below: float,
    ) -> Answer:
        """The best sentence, with up to QUOTES quotes from different articles.

        `probability` is that of the reader's best span in them, and so the answer's.
        """
        scored = sorted(
            (
                (one.score + READER_WEIGHT * _read(one.sentence, candidates), one.sentence)
                for one in self._ranker.ranked(question, passages)
            ),
            key=lambda pair: -pair[0],
        )
        if not scored or probability < abstain_below:
            return Answer(question, False, "", probability, passages=passages, kind=kind.value)
        best = scored[0][0]
        chosen: dict[str, Sentence] = {}
        for score, sentence in scored:
            if len(chosen) < QUOTES and score >= best - NEAR:
                chosen.setdefault(sentence.passage.article.id, sentence)
        citations = tuple(
            Citation(n, sentence.passage.article, *sentence.span)
            for n, sentence in enumerate(chosen.values(), 1)
        )
        return Answer(
            question, True, citations[0].quote, probability, citations, passages, kind=kind.value
        )


def _read(sentence: Sentence, candidates: Sequence[Candidate]) -> float:
    """The best score of the reader's spans in the sentence."""
    start, end = sentence.span
    scores = [
        one.score
        for one in candidates
        if one.article.id == sentence.passage.article.id and start <= one.start and one.end <= end
    ]
    return max([NO_SPAN, *scores])
