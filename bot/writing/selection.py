"""Which of an answer's passages a model is given: as many whole sentences as its tokens hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from bot.qa.answer import Answer, Citation
from bot.writing.budget import estimated_tokens
from index.article import Passage, ScoredPassage
from index.sentences import sentence_spans

LINES = 60
"""Tokens of title, date, source and fences around a passage, about; its title not counted."""
MOST_TITLE = 200
"""Code points of a title that are given."""


def choose_passages(answer: Answer, tokens: int) -> tuple[ScoredPassage, ...]:
    """The passages for the prompt, those that the reader cites first, else in its order.

    Each is whole, or cut to whole sentences around what is cited of it, or from its start; one
    of which not even a sentence fits is left out, and so is all that comes after it.
    """
    citations = [*answer.citations]
    for reading in answer.readings:
        citations += reading.citations
    in_order = sorted(answer.passages, key=lambda one: not _cites(citations, one.passage))
    chosen = []
    for scored in in_order:
        passage = scored.passage
        tokens -= LINES + estimated_tokens(passage.article.title[:MOST_TITLE])
        kept = _fitting(passage, citations, tokens)
        if kept is None:
            break
        tokens -= estimated_tokens(kept.text)
        chosen.append(dataclasses.replace(scored, passage=kept))
    return tuple(chosen)


def _cites(citations: Sequence[Citation], passage: Passage) -> bool:
    return any(
        one.article.id == passage.article.id and one.start < passage.end and passage.start < one.end
        for one in citations
    )


def _fitting(passage: Passage, citations: Sequence[Citation], tokens: int) -> Passage | None:
    """`passage`, or the run of its sentences that `tokens` hold; None if they hold none."""
    if estimated_tokens(passage.text) <= tokens:
        return passage
    spans = [
        (passage.start + start, passage.start + end) for start, end in sentence_spans(passage.text)
    ]
    if not spans:
        return None
    first = next(
        (
            number
            for number, (start, end) in enumerate(spans)
            for one in citations
            if one.article.id == passage.article.id and one.start < end and start < one.end
        ),
        0,
    )
    low, high = first, first
    text = passage.article.text

    def fits(low: int, high: int) -> bool:
        return estimated_tokens(text[spans[low][0] : spans[high][1]]) <= tokens

    if not fits(low, high):
        return None
    while True:
        if high + 1 < len(spans) and fits(low, high + 1):
            high += 1
        elif low > 0 and fits(low - 1, high):
            low -= 1
        else:
            return dataclasses.replace(passage, start=spans[low][0], end=spans[high][1])
