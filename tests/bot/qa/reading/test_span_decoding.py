"""The vectorised search for spans against one that tries them all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.reading.decoding import SpanScores
from bot.qa.reading.spans import Span
from bot.qa.reading.windows import MAX_ANSWER_TOKENS, Tokens, Window

HEAD = 3
"""Tokens before the text: [CLS], a question of one token, [SEP]."""


def tokens_of(text: str) -> Tokens:
    """Words as tokens."""
    offsets, at = [], 0
    for word in text.split(" "):
        offsets.append((at, at + len(word)))
        at += len(word) + 1
    n = len(offsets)
    return Tokens(np.arange(n), np.array(offsets), np.ones(n, np.bool_), np.zeros(1, np.int64))


def window(begin: int, end: int) -> Window:
    nothing = np.zeros(HEAD + end - begin + 1, np.int64)
    return Window(nothing, nothing, HEAD, begin, end)


def logits(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    start, end = np.random.default_rng(seed).normal(size=(2, HEAD + count + 1)) * 3
    return start.astype(np.float32), end.astype(np.float32)


def all_spans(
    count: int, windows: list[tuple[int, int]], values: list[tuple[np.ndarray, np.ndarray]]
) -> dict[tuple[int, int], float]:
    """The score of every span, first and last token, from the window where it is highest."""
    scores: dict[tuple[int, int], float] = {}
    for (begin, end), (starts, ends) in zip(windows, values, strict=True):
        for first in range(begin, end):
            for last in range(first, min(end, first + MAX_ANSWER_TOKENS)):
                score = (
                    starts[HEAD + first - begin] + ends[HEAD + last - begin] - starts[0] - ends[0]
                )
                scores[first, last] = max(scores.get((first, last), -np.inf), float(score))
    return scores


@settings(deadline=None)
@given(st.integers(1, 70), st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_the_best_spans_are_found(count: int, seed: int, best: int) -> None:
    text = " ".join(f"w{n}" for n in range(count))
    tokens = tokens_of(text)
    windows = [(0, count)] if count < 20 else [(0, count - 8), (8, count)]
    values = [logits(end - begin, seed + n) for n, (begin, end) in enumerate(windows)]
    scores = SpanScores(text, tokens)
    for (begin, end), (starts, ends) in zip(windows, values, strict=True):
        scores.add(window(begin, end), starts, ends)

    expected: list[tuple[int, int, float]] = []
    for (first, last), score in sorted(
        all_spans(count, windows, values).items(), key=lambda item: -item[1]
    ):
        if len(expected) < best and all(last < one or two < first for one, two, _ in expected):
            expected.append((first, last, score))
    found = scores.best(best, extents=False)
    places = [(int(tokens.offsets[f, 0]), int(tokens.offsets[last, 1])) for f, last, _ in expected]
    assert [(span.start, span.end) for span in found] == places
    assert [span.score for span in found] == pytest.approx([s for *_, s in expected], abs=1e-4)


def read(text: str, starts: dict[str, float], ends: dict[str, float]) -> SpanScores:
    """The scores of `text` where these words have these logits, and all others -9."""
    words = text.split(" ")
    scores = SpanScores(text, tokens_of(text))
    start, end = np.full((2, HEAD + len(words) + 1), -9, np.float32)
    start[0] = end[0] = 0
    for values, side in ((starts, start), (ends, end)):
        for word, value in values.items():
            side[HEAD + words.index(word)] = value
    scores.add(window(0, len(words)), start, end)
    return scores


def said(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans if span.score > 0]


TEXT = "killed in the town of Atme in Idlib province last year"


def test_of_spans_that_share_a_word_the_best_is_kept() -> None:
    scores = read(TEXT, {"the": 3, "Atme": 4, "last": 2}, {"Atme": 4, "province": 3, "year": 1})
    assert said(TEXT, scores.best(5, extents=False)) == ["Atme", "last year"]


def test_extents_differ_in_a_word_that_means_something() -> None:
    scores = read(
        TEXT,
        {"in": 3.5, "the": 3, "Atme": 4, "last": 2},
        {"Atme": 4, "province": 3, "year": 1},
    )
    # Not "the town of Atme" too, which says the same as with "in", and not "Atme in Idlib
    # province", which lies neither in one of the others nor around it.
    assert said(TEXT, scores.best(9, extents=True)) == [
        "Atme",
        "in the town of Atme",
        "in the town of Atme in Idlib province",
        "last year",
    ]


def test_what_is_no_number_is_passed_over() -> None:
    scores = SpanScores("a b", tokens_of("a b"))
    scores.add(window(0, 2), *np.full((2, HEAD + 3), np.nan, np.float32))
    assert scores.best(3, extents=False) == []


def test_tokens_that_share_a_character_are_one_place() -> None:
    text = "\ud55c a"  # a syllable that some tokenizers take apart
    tokens = Tokens(
        np.arange(3), np.array([(0, 1), (0, 1), (2, 3)]), np.ones(3, np.bool_), np.zeros(1, int)
    )
    scores = SpanScores(text, tokens)
    scores.add(window(0, 3), *logits(3, 1))
    places = [(span.start, span.end) for span in scores.best(9, extents=False)]
    assert places in ([(0, 3)], [(0, 1), (2, 3)], [(2, 3), (0, 1)])
