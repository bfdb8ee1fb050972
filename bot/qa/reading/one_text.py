"""The answer that one text gives, by itself."""

from __future__ import annotations

import dataclasses

from bot.qa.reading.spans import Span, SpanModel
from bot.qa.reading.widening import widen


def best_span(model: SpanModel, question: str, text: str) -> Span | None:
    """The model's best span, in whole words and names; None for a text without any."""
    (spans,) = model.spans(question, [text], best=1)
    if not spans:
        return None
    start, end = widen(text, spans[0].start, spans[0].end)
    return dataclasses.replace(spans[0], start=start, end=end)
