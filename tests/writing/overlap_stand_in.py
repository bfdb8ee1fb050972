"""A stand-in for the model of entailment: how many of a claim's words the evidence has."""

from __future__ import annotations

from collections.abc import Sequence

from bot.proof.entailment import Entailment
from bot.qa.meaning.content import content_words


class WordOverlap:
    """Counts what it is asked, so that tests can tell what was weighed at all."""

    def __init__(self) -> None:
        self.weighed: list[str] = []

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> Sequence[Entailment]:
        self.weighed += [claim for claim, _ in pairs]
        return [_entailment(claim, evidence) for claim, evidence in pairs]


def _entailment(claim: str, evidence: str) -> Entailment:
    words = content_words(claim)
    share = len(words & content_words(evidence)) / max(len(words), 1)
    supported = 0.9 if share >= 0.7 else 0.1
    denied = "not" in claim.split() and "not" not in evidence.split()
    return Entailment(0.0, 1.0, 0.0) if denied else Entailment(supported, 0.0, 1 - supported)
