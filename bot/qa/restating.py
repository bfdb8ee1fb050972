"""Spans that first repeat what was asked: "Zahir shot himself in the town of Kelm"."""

from __future__ import annotations

import re

from bot.qa.meaning.content import content_words
from bot.qa.questions import QuestionKind
from index.sentences import Span

_PLACE_FOLLOWS = re.compile(
    r"\s(?:in|at|near|outside|inside|off|on)\s+"
    r"(?=(?:the\s+)?(?:[a-z-]+\s+){0,2}(?:of\s+)?[^\W\d_a-z])"
)


def without_restatement(text: str, start: int, end: int, question: str, kind: QuestionKind) -> Span:
    """`text[start:end]` from where it names the place on, if what is before has the question's
    words: the answer to "Where did Zahir die?" is "the town of Kelm". Otherwise as it is.
    """
    if kind is not QuestionKind.PLACE:
        return start, end
    asked = content_words(question)
    for found in _PLACE_FOLLOWS.finditer(text, start, end):
        if content_words(text[start : found.start()]) & asked:
            return found.end(), end
    return start, end
