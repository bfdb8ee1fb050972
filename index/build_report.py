"""What a build did, counted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `passages` counts the whole generation, `embedded` what was new in it."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[str, ...] = ()
    """A message for each article or file that could not be read."""
    passages: int = 0
    embedded: int = 0
    generation: int | None = None
    discarded: int | None = None
    """The staged generation that a removal gave up: it may have held what had to go."""
    recall_at_10: float | None = None
    """Of the vector search against an exact one, on a sample; 1.0 where it is exact."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "failed": list(self.failed), "seconds": round(self.seconds, 3)}
