"""How the vectors of a generation are kept, and how much of the true nearest its search finds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from index.errors import CorruptIndexError
from index.vector_index import is_exact, recall

FILE = "vectors.json"

DRIFT = 0.05
"""By how much the number of vectors may change before recall is measured again: measuring takes
seconds where there are many, and one article more changes nothing."""


@dataclass(frozen=True)
class VectorReport:
    """Written beside the vectors; for an exact search both recalls are 1."""

    kind: str
    """`exact` or `ivf`."""
    cells: int
    cells_searched: int
    recall_at_10: float
    recall_at_100: float
    measured_over: int
    """How many vectors there were when recall was measured."""

    @classmethod
    def of(cls, index: Any, before: Self | None = None) -> Self:
        """What is to be said of `index`; `before` is the report of the one it was made from."""
        if is_exact(index):
            return cls("exact", 0, 0, 1.0, 1.0, index.ntotal)
        if before is not None and before._still_holds(index):
            return before
        measured = recall(index)
        return cls(
            "ivf",
            index.nlist,
            index.nprobe,
            round(measured.at_10, 4),
            round(measured.at_100, 4),
            index.ntotal,
        )

    def _still_holds(self, index: Any) -> bool:
        changed = abs(index.ntotal - self.measured_over)
        same = (self.cells, self.cells_searched) == (index.nlist, index.nprobe)
        return same and changed <= DRIFT * self.measured_over

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises CorruptIndexError if the file is missing or damaged."""
        try:
            return cls(**json.loads((folder / FILE).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise CorruptIndexError(
                f"{folder / FILE} cannot be read: run `dateline index --rebuild`"
            ) from error
