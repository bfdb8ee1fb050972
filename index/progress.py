"""How a build says how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "chunking", "embedding", "comparing", "indexing"), how much of
it is done and the total; a total of 0 is unknown."""


def silent(stage: str, done: int, total: int) -> None:
    """The progress of a build that nobody watches."""
