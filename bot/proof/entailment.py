"""What a model says of a claim and a text: does the one follow from the other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_ROUNDING = 1e-3


@dataclass(frozen=True)
class Entailment:
    """How likely a text supports a claim, contradicts it, or says nothing of it: they sum to 1.

    Raises ValueError if they are no probabilities or do not.
    """

    supported: float
    contradicted: float
    unsaid: float

    def __post_init__(self) -> None:
        shares = (self.supported, self.contradicted, self.unsaid)
        if not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > _ROUNDING:
            raise ValueError(f"{shares} are not three probabilities that sum to 1")


class Entails(Protocol):
    """Weighs claims against texts. Thread-safe."""

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> Sequence[Entailment]:
        """One entailment for each pair of claim and evidence, in their order; () for none."""
        ...
