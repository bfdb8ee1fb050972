"""Sentences and paragraphs as spans of the text they stand in.

Sentence boundaries come from Wikimedia's `sentencex`; nothing is copied or normalised, so a
span is always a slice of the text as it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

Span = tuple[int, int]
"""Start and end in code points of a text: `text[start:end]`."""

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\u2029")
_EXOTIC_SPACE = re.compile(r"[^\S \n\r\t]")


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """The sentences of `text`, in order, without the white space around them.

    A paragraph break always ends a sentence. Text without any visible character has none.
    """
    return [span for paragraph in paragraph_spans(text, language) for span in paragraph]


def paragraph_spans(text: str, language: str = "en") -> list[list[Span]]:
    """The paragraphs of `text`, each as the list of its sentences' spans; none is empty."""
    paragraphs = []
    for start, end in _split(text):
        sentences = [
            span
            for begin, stop in _boundaries(text[start:end], language)
            if (span := trimmed(text, start + begin, start + stop))
        ]
        if sentences:
            paragraphs.append(sentences)
    return paragraphs


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None if nothing is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if not stripped:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(stripped)


def _split(text: str) -> Iterator[Span]:
    start = 0
    for found in _PARAGRAPH_BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _boundaries(paragraph: str, language: str) -> Iterator[Span]:
    # sentencex 1.0 panics where a no-break space stands before a full stop, so every space
    # outside ASCII becomes a plain one: one code point for another, and offsets stay true.
    plain = _EXOTIC_SPACE.sub(" ", paragraph)
    for boundary in sentencex.get_sentence_boundaries(language, plain):
        yield boundary["start_index"], boundary["end_index"]
