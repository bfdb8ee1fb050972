"""A model's answer on its way from the event loop to whoever reads it."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bot.writing.errors import NotWrittenError
from bot.writing.failures import too_late

GRACE = 0.5
"""Seconds past the deadline after which a model that blocks its own event loop is left behind."""


@dataclass(frozen=True)
class Piece:
    """What came since the last one. Token counts are the server's, for the whole request so far;
    None where it does not tell.
    """

    text: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


Queue = queue.SimpleQueue[Piece | NotWrittenError | None]


class Pieces:
    """An answer as it arrives. Iterating raises ModelUnavailableError and UnusableOutputError, and
    ends, one way or the other, when the time set is over (and GRACE).
    """

    def __init__(self, received: Queue, ends_at: float, clock: Callable[[], float]) -> None:
        self._received = received
        self._ends_at = ends_at
        self._clock = clock
        self._end: NotWrittenError | StopIteration | None = None

    def hurry(self, seconds: float) -> None:
        """What has not come within `seconds` is not waited for."""
        self._ends_at = min(self._ends_at, self._clock() + seconds - GRACE)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Piece:
        """What came meanwhile comes as one piece: whoever proves is slower than who writes."""
        piece = Piece()
        while piece == Piece():
            if self._end is not None:
                raise self._end
            try:
                item = self._received.get(timeout=max(self._ends_at - self._clock() + GRACE, 0.0))
            except queue.Empty:
                raise too_late() from None
            while isinstance(item, Piece):
                piece = joined(piece, item)
                try:
                    item = self._received.get_nowait()
                except queue.Empty:
                    break
            if not isinstance(item, Piece):
                self._end = item or StopIteration()
        return piece


def joined(one: Piece, other: Piece) -> Piece:
    """Both texts, and the counts that were told last."""
    return Piece(
        one.text + other.text,
        one.prompt_tokens if other.prompt_tokens is None else other.prompt_tokens,
        one.completion_tokens if other.completion_tokens is None else other.completion_tokens,
    )
