"""The seam every way of answering goes through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.qa.answer import Answer
from index.article import ScoredPassage


class Reader(Protocol):
    """Answers a question from passages, or abstains. Blocking; called from several threads."""

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        """The answer with its citations; `passages` (best first) come back inside it.

        No passages give an abstention, never an error.
        """
        ...
