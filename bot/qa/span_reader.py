"""Answers with a few words out of the passages found, and with all the quotes that say so.

The reading model proposes spans; what says the same is put together (merging), of answers that
can all be true the most specific stands for them (specificity), and articles that disagree are
all heard (conflicts). Questions that no few words answer get sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.qa.answer import Answer, AnswerReading, Citation
from bot.qa.candidates import Candidate, Context, contexts_of
from bot.qa.chaining import chained
from bot.qa.confidence import CONFIDENCE, evidence_of
from bot.qa.conflicts import disagreeing, newest
from bot.qa.merging import Reading, merge
from bot.qa.plausibility import weighed
from bot.qa.questions import QuestionKind, question_kind
from bot.qa.reading.spans import Span, SpanModel
from bot.qa.reading.widening import widen
from bot.qa.restating import without_restatement
from bot.qa.sentence_answers import SentenceAnswers
from bot.qa.specificity import most_specific
from bot.qa.when import resolved_date
from index.article import ScoredPassage
from index.sentences import sentence_spans

SPANS = 7
"""Spans of each text that are considered."""
QUOTES = 3
"""Most quotes of one answer, each from another story."""
BEHIND = 12.0
"""Log-odds behind the best span at which another one is no answer to consider."""


class SpanReader:
    """A Reader whose answer is a span. Thread-safe."""

    def __init__(
        self, model: SpanModel, sentences: SentenceAnswers, *, abstain_below: float
    ) -> None:
        self._model = model
        self._sentences = sentences
        self._abstain_below = abstain_below

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        """The best answer, or an abstention if its confidence is below the threshold."""
        found = tuple(passages)
        kind = question_kind(question)
        candidates = weighed(self.candidates(question, kind, found), question, kind)
        if not candidates:
            return Answer(question, False, "", 0.0, passages=found, kind=kind.value)
        readings = most_specific(merge(candidates, kind=kind), kind, question)
        if not kind.has_span:
            return self._sentences.answer(question, kind, found, candidates, self._abstain_below)
        probability = _probability(question, readings[0], readings)
        if probability < self._abstain_below:
            return Answer(question, False, "", probability, passages=found, kind=kind.value)
        return _answer(question, kind, readings, probability, found)

    def candidates(
        self, question: str, kind: QuestionKind, passages: Sequence[ScoredPassage]
    ) -> list[Candidate]:
        """The spans of all passages that may answer, widened to whole words and names.

        Scores are the model's own.
        """
        contexts = contexts_of(passages)
        texts = [context.text for context in contexts]
        spans = self._model.spans(question, texts, best=SPANS, extents=True)
        best = max((span.score for here in spans for span in here), default=0.0)
        found: dict[tuple[str, int, int], Candidate] = {}
        for context, here in zip(contexts, spans, strict=True):
            sentences = sentence_spans(context.text)
            for span in here:
                if span.score < best - BEHIND:
                    continue
                candidate = _candidate(context, sentences, span, question, kind)
                place = (candidate.article.id, candidate.start, candidate.end)
                if place not in found or found[place].score < candidate.score:
                    found[place] = candidate
        return list(found.values())


def _candidate(
    context: Context,
    sentences: Sequence[tuple[int, int]],
    span: Span,
    question: str,
    kind: QuestionKind,
) -> Candidate:
    place = without_restatement(context.text, span.start, span.end, question, kind)
    words = widen(context.text, *place)
    start, end = context.in_article(*words)
    rank, scored = context.passage_of(start, end)
    quote = context.in_article(*_quote(sentences, *words))
    return Candidate(scored, rank, start, end, quote, span.score)


def _quote(sentences: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The sentence around the span, or the sentences if it lies in several."""
    around = [(first, last) for first, last in sentences if first < end and last > start]
    return (
        min([start, *(first for first, _ in around)]),
        max([end, *(last for _, last in around)]),
    )


def _answer(
    question: str,
    kind: QuestionKind,
    readings: Sequence[Reading],
    probability: float,
    passages: tuple[ScoredPassage, ...],
) -> Answer:
    # Where a place is in which, a comma says; two parts of a date or a name are one span anyway.
    first = chained(readings[0]) if kind is QuestionKind.PLACE else readings[0]
    readings = [first, *readings[1:]]
    citations = _citations(first)
    best = first.best
    resolved = ""
    if kind is QuestionKind.TIME:
        resolved = resolved_date(best.article.text, best.start, best.end, best.article.date)
    return Answer(
        question,
        True,
        best.text,
        probability,
        citations,
        passages,
        kind=kind.value,
        context=first.broader[0].text if first.broader else "",
        resolved=resolved,
        readings=_disagreement(question, kind, readings, probability),
    )


def _citations(reading: Reading, numbered_from: int = 1) -> tuple[Citation, ...]:
    """The reading's quotes, best first, each from another story; then those of its context."""
    chosen: dict[str, Candidate] = {}
    for candidate in reading.candidates:
        if len(chosen) < QUOTES:
            chosen.setdefault(candidate.article.id, candidate)
    quoted = list(chosen.values())
    if reading.broader:
        broader = reading.broader[0]
        if not any(_quotes(candidate, broader) for candidate in quoted):
            quoted = [*quoted[: QUOTES - 1], broader]
    return tuple(
        Citation(n, one.article, *one.quote, answer_start=one.start, answer_end=one.end)
        for n, one in enumerate(quoted, numbered_from)
    )


def _quotes(candidate: Candidate, other: Candidate) -> bool:
    """Whether the quote of `candidate` has the words of `other` in it."""
    first, last = candidate.quote
    same = candidate.article.id == other.article.id
    return same and first <= other.start and other.end <= last


def _disagreement(
    question: str, kind: QuestionKind, readings: Sequence[Reading], probability: float
) -> tuple[AnswerReading, ...]:
    """All that the articles say where they disagree, the answer's own reading first; else ()."""
    found = disagreeing(readings, kind, question)
    if len(found) < 2:
        return ()
    first = readings[0]
    shown: list[AnswerReading] = []
    numbered_from = 1
    for reading in (first, *(one for one in found if one is not first)):
        citations = _citations(reading, numbered_from)
        numbered_from += len(citations)
        likely = probability if reading is first else _probability(question, reading, readings)
        shown.append(
            AnswerReading(reading.text, likely, citations, reading.stories, newest(reading))
        )
    return tuple(shown)


def _probability(question: str, reading: Reading, readings: Sequence[Reading]) -> float:
    others = [other for other in readings if other is not reading]
    return CONFIDENCE.probability(evidence_of(question, reading, others))
