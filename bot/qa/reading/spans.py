"""Where a text answers a question, and what finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Span:
    """`text[start:end]` answers a question: never empty, and no white space at its ends."""

    start: int
    end: int
    """In code points of the text that was read."""

    score: float
    """Log-odds of this span against "no answer in this text": its start and end logits, less the
    two of [CLS] in the window that it was read in. Compares across the texts of one question."""


class SpanModel(Protocol):
    """Finds spans. Thread-safe, blocking."""

    def spans(
        self, question: str, texts: Sequence[str], *, best: int = 5, extents: bool = False
    ) -> list[list[Span]]:
        """For each text its `best` spans, best first; [] for a text without tokens.

        No two spans of a text share a character: of those that do, the highest score stays. With
        `extents`, shorter and longer forms of a span stay as well, up to MAX_EXTENTS in all, if
        they lie within one another and differ in a word that means something ("Atme" and "the
        town of Atme", not "Atme" and "in Atme"). A text's spans do not depend on the other texts.
        """
        ...
