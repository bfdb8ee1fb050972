"""What the reader reads at once: a question and a run of whole sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.encoding import EncodedText, Ids


@dataclass(frozen=True)
class Window:
    """[CLS] question [SEP] context [SEP]; `start` and `end` are the answer's tokens in `ids`,
    the end included, or 0 (the place of [CLS]) where the context does not answer.
    """

    ids: Ids
    context: int
    """Where the context begins."""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Group:
    """The windows that one question is answered from, together."""

    windows: tuple[Window, ...]

    @property
    def longest(self) -> int:
        return max(len(window.ids) for window in self.windows)


def make_window(
    question: Ids,
    text: EncodedText,
    begin: int,
    end: int,
    special: tuple[int, int],
    answer: tuple[int, int] | None = None,
) -> Window:
    """The window of tokens [begin, end) of `text`; `answer` (first, last token) lies inside."""
    cls, sep = special
    ids = np.concatenate([[cls], question, [sep], text.ids[begin:end], [sep]]).astype(np.int32)
    context = len(question) + 2
    if answer is None:
        return Window(ids, context)
    shift = context - begin
    return Window(ids, context, answer[0] + shift, answer[1] + shift)


def run_around(
    text: EncodedText, first: int, last: int, limit: int, rng: random.Random
) -> tuple[int, int]:
    """Tokens [begin, end) of whole sentences, at most `limit`, that hold [first, last].

    The run grows to a side chosen at random, so that answers stand anywhere in it. Where one
    sentence is too long, it is cut, and where the answer is too long, it is cut off.
    """
    begin, end = text.sentence_of(first)[0], text.sentence_of(last)[1]
    if end - begin > limit:
        begin = max(begin, min(first, end - limit, last + 1 - limit + rng.randrange(limit)))
        begin = min(begin, first)
        return begin, min(end, begin + limit)
    while True:
        left = text.sentence_of(begin - 1)[0] if begin else begin
        right = text.sentence_of(end)[1] if end < len(text.ids) else end
        sides = [
            side
            for side in ((left, end), (begin, right))
            if side != (begin, end) and side[1] - side[0] <= limit
        ]
        if not sides:
            return begin, end
        begin, end = rng.choice(sides)


def run_anywhere(text: EncodedText, limit: int, rng: random.Random) -> tuple[int, int]:
    """Tokens [begin, end) of whole sentences from a place chosen at random."""
    token = rng.randrange(len(text.ids))
    return run_around(text, token, token, limit, rng)


@dataclass(frozen=True)
class Batch:
    """Padded windows of some groups.

    ids, mask, types (windows, tokens): int64; allowed (windows, tokens): bool, where a span may
    start or end; start, end (windows,): the answer's tokens or 0; group (windows,): whose it is.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.int64]
    types: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    group: NDArray[np.int64]


LENGTH_STEP = 16
"""Lengths are padded to multiples of it: each new shape costs a compiled kernel."""


def as_batch(groups: Sequence[Group]) -> Batch:
    windows = [window for group in groups for window in group.windows]
    length = -(-max(len(window.ids) for window in windows) // LENGTH_STEP) * LENGTH_STEP
    ids = np.zeros((len(windows), length), np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    allowed = np.zeros(ids.shape, np.bool_)
    for row, window in enumerate(windows):
        n = len(window.ids)
        ids[row, :n] = window.ids
        mask[row, :n] = 1
        types[row, window.context : n] = 1
        allowed[row, window.context : n - 1] = True
    return Batch(
        ids,
        mask,
        types,
        allowed,
        np.array([window.start for window in windows]),
        np.array([window.end for window in windows]),
        np.repeat(np.arange(len(groups)), [len(group.windows) for group in groups]),
    )
