"""A stand-in for the entailment model: it counts words, and knows "not" from nothing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.proof.entailment import Entailment
from bot.qa.meaning.content import content_words

_NEGATIONS = frozenset({"not", "never", "no", "nobody", "denied"})


class WordOverlap:
    """Supported is the share of a claim's words that the evidence has.

    Where only one of the two has a negation, that share is contradicted instead. `asked` keeps
    what was asked, one entry a call.
    """

    def __init__(self) -> None:
        self.asked: list[list[tuple[str, str]]] = []

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> Sequence[Entailment]:
        self.asked.append(list(pairs))
        return [self._one(claim, evidence) for claim, evidence in pairs]

    def _one(self, claim: str, evidence: str) -> Entailment:
        wanted = content_words(claim) - _NEGATIONS
        share = len(wanted & content_words(evidence)) / len(wanted) if wanted else 0.0
        if _negated(claim) != _negated(evidence):
            return Entailment(0.0, share, 1 - share)
        return Entailment(share, 0.0, 1 - share)


def _negated(text: str) -> bool:
    return bool(_NEGATIONS & set(text.lower().replace(".", "").split()))
