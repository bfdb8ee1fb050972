"""The turns of a conversation that a follow-up can refer to, and what became of the follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_TURNS = 6
"""Latest turns that are read; what was said before is forgotten."""
MAX_MESSAGE = 2_000
"""Code points of a message that are read."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    question: str
    """As it was typed."""
    asked_as: str
    """The whole question that was searched; the same where nothing was completed."""
    answer: str = ""
    answered: bool = False
    titles: tuple[str, ...] = ()
    """Of the articles cited."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What to search for a message, or why nothing should be searched.

    Search `question` only where `ready`: where `unclear` tells what is missing, ask back.
    """

    question: str
    changed: bool = False
    understood: str = ""
    """Why it was changed, to be shown: "his = Al Quraishi"; empty where it was not."""
    unclear: str = ""
    """What is missing, to be shown: "he"; empty where the question is whole."""
    options: tuple[str, ...] = ()
    """Whole questions that an unclear one can mean; empty where nothing suggests any."""
    asks: bool = True
    """False for thanks and remarks, which want no search."""

    @property
    def ready(self) -> bool:
        """Whether `question` is to be searched."""
        return self.asks and not self.unclear


def bounded(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The latest MAX_TURNS of `turns`, oldest first."""
    return tuple(turns[-MAX_TURNS:])
