"""Logits to spans: of all starts and ends of a text, the pairs with the highest sums."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from bot.qa.reading.function_words import FUNCTION_WORDS
from bot.qa.reading.spans import Span
from bot.qa.reading.windows import MAX_ANSWER_TOKENS, Tokens, Window, WindowBuilder

Logits = NDArray[np.float32]

MAX_EXTENTS = 3
"""Spans given that share a character, where shorter and longer forms are asked for."""

_FORMS_TRIED = 20
"""Shorter and longer forms of a span that are looked at: those with the highest scores."""

_WORD = re.compile(r"\w+")
_JOINERS = "\u200c\u200d"


def read_windows(
    builder: WindowBuilder,
    run: Callable[[Window], tuple[Logits, Logits]],
    question: str,
    texts: Sequence[str],
    *,
    best: int,
    extents: bool,
    across: Executor | None = None,
) -> list[list[Span]]:
    """What SpanModel.spans gives, from `run`: start and end logits (tokens,) of one window.

    `run` is called in the threads of `across`, else in this one. Raises ValueError if `best` is
    under 1.
    """
    if best < 1:
        raise ValueError(f"the number of spans must be at least 1, not {best}")
    asked = builder.question(question)
    scores = [
        SpanScores(text, tokens) for text, tokens in zip(texts, builder.tokens(texts), strict=True)
    ]
    windows = [(one, window) for one in scores for window in builder.windows(asked, one.tokens)]
    each = across.map if across else map
    for (one, window), logits in zip(
        windows, each(run, [window for _, window in windows]), strict=True
    ):
        one.add(window, *logits)
    return [one.best(best, extents=extents) for one in scores]


class SpanScores:
    """The scores of all spans of one text, the best over the windows that it is read in."""

    def __init__(self, text: str, tokens: Tokens) -> None:
        self._text = text
        self.tokens = tokens
        self._table = np.full((len(tokens.ids), MAX_ANSWER_TOKENS), -np.inf, np.float32)
        """[i, n]: the span from token i to token i + n, both inside."""

    def add(self, window: Window, start: Logits, end: Logits) -> None:
        """Take in the logits of a window, each of shape (tokens of the window,)."""
        part = slice(window.context, window.context + window.end - window.begin)
        visible = self.tokens.visible[window.begin : window.end]
        # [CLS] stands for "no answer here".
        starts = np.where(visible, start[part] - start[0], -np.inf)
        ends = np.where(visible, end[part] - end[0], -np.inf)
        following = np.lib.stride_tricks.sliding_window_view(
            np.concatenate([ends, np.full(MAX_ANSWER_TOKENS - 1, -np.inf)]), MAX_ANSWER_TOKENS
        )
        rows = self._table[window.begin : window.end]
        np.fmax(rows, starts[:, None] + following, out=rows)  # passes over NaN

    def best(self, count: int, *, extents: bool) -> list[Span]:
        """The spans that SpanModel.spans promises, best first."""
        left = self._table.copy()
        found: list[Span] = []
        places = 0
        while left.size and places < count:
            first, more = divmod(int(left.argmax()), MAX_ANSWER_TOKENS)
            if left[first, more] == -np.inf:
                break
            span = self._span(first, first + more)
            left[first, more] = -np.inf
            if any(_overlap(span, other) for other in found):
                continue
            places += 1
            found.append(span)
            self._leave_out(left, span)
        if extents:
            forms = [form for span in found for form in self._forms(span)]
            found = self._different(sorted([*found, *forms], key=lambda span: -span.score))
        return found[:count]

    def _leave_out(self, table: NDArray[np.float32], span: Span) -> None:
        """Rule out all spans that share a token with `span`."""
        first, last = self._covered(span)
        begin = max(0, first - MAX_ANSWER_TOKENS + 1)
        for token in range(begin, first):
            table[token, first - token :] = -np.inf
        table[first : last + 1] = -np.inf

    def _forms(self, span: Span) -> list[Span]:
        """The best spans that `span` lies in, or that lie in it."""
        first, last = self._covered(span)
        begin = max(0, first - MAX_ANSWER_TOKENS + 1)
        starts = np.arange(begin, last + 1)[:, None]
        ends = starts + np.arange(MAX_ANSWER_TOKENS)
        nested = ((starts >= first) & (ends <= last)) | ((starts <= first) & (ends >= last))
        scores = np.where(nested, self._table[begin : last + 1], -np.inf).ravel()
        order = np.argsort(-scores, kind="stable")[:_FORMS_TRIED]
        rows, more = np.divmod(order[scores[order] > -np.inf], MAX_ANSWER_TOKENS)
        return [
            self._span(first, first + n)
            for first, n in zip((rows + begin).tolist(), more.tolist(), strict=True)
        ]

    def _different(self, spans: list[Span]) -> list[Span]:
        """Those of `spans`, best first, that say something else than all better ones."""
        kept: list[Span] = []
        for span in spans:
            sharing = [other for other in kept if _overlap(span, other)]
            if len(sharing) < MAX_EXTENTS and all(
                _nested(span, other) and self._content(span) != self._content(other)
                for other in sharing
            ):
                kept.append(span)
        return kept

    def _content(self, span: Span) -> list[str]:
        """The words that mean something."""
        said = _WORD.findall(self._text[span.start : span.end].casefold())
        return [word for word in said if word not in FUNCTION_WORDS]

    def _covered(self, span: Span) -> tuple[int, int]:
        """The first and the last token that share a character with `span`."""
        offsets = self.tokens.offsets
        first = int(np.searchsorted(offsets[:, 1], span.start, side="right"))
        last = int(np.searchsorted(offsets[:, 0], span.end, side="left")) - 1
        return first, last

    def _span(self, first: int, last: int) -> Span:
        offsets, text = self.tokens.offsets, self._text
        start, end = int(offsets[first, 0]), int(offsets[last, 1])
        # Some tokenizers count a space to the word after it, and some drop accents.
        while text[start].isspace():
            start += 1
        while text[end - 1].isspace():
            end -= 1
        while start and _continues(text[start]) and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and _continues(text[end]):
            end += 1
        return Span(start, end, float(self._table[first, last - first]))


def _continues(character: str) -> bool:
    """Whether it is drawn onto the character before it."""
    return character in _JOINERS or unicodedata.category(character).startswith("M")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _nested(one: Span, other: Span) -> bool:
    inside = one.start >= other.start and one.end <= other.end
    return inside or (one.start <= other.start and one.end >= other.end)
