"""Anyone's sentence against the articles: supported, contradicted or not found, with quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.proof.choosing import candidate_sets, sentences_of
from bot.proof.entailment import Entailment, Entails
from bot.proof.evidence import CERTAIN, EvidenceSet, premise, repeats, texts, written
from bot.proof.particulars import Particular, Particulars
from bot.qa.answer import Citation
from index.archive import Archive
from index.article import Article, Passage
from index.filtering import SearchFilter

SUPPORTED_FROM = 0.5
"""The probability of support from which a claim is called supported. Not fitted yet."""
CONTRADICTED_FROM = 0.5
"""The same for a contradiction. Not fitted yet."""
PASSAGES = 10
"""Passages that are searched for a claim."""
MAX_CLAIM = 1_000
"""Code points of the longest claim that is checked."""


class Verdict(StrEnum):
    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Check:
    """What the articles say of a claim."""

    claim: str
    verdict: Verdict
    score: float
    """The probability of the verdict, in [0, 1]."""
    citations: tuple[Citation, ...]
    """The sentences that the verdict rests on, numbered from 1; () if nothing was found."""
    supported: float = 0.0
    """The highest probability of support by any sentences, in [0, 1], whatever they lack."""
    missing: tuple[Particular, ...] = ()
    """What the sentences that support it most do not have."""

    def to_json(self) -> dict[str, Any]:
        return {
            "verdict": str(self.verdict),
            "score": round(self.score, 4),
            "quotes": [citation.quote for citation in self.citations],
        }


@dataclass(frozen=True)
class _Weighed:
    evidence: EvidenceSet
    entailment: Entailment
    missing: tuple[Particular, ...]
    names_met: bool


class ClaimChecker:
    """Checks claims against an archive or given texts. Thread-safe if `entails` is."""

    def __init__(
        self,
        archive: Archive | None,
        entails: Entails,
        *,
        passages: int = PASSAGES,
        supported_from: float = SUPPORTED_FROM,
        contradicted_from: float = CONTRADICTED_FROM,
    ) -> None:
        self._archive = archive
        self._entails = entails
        self._passages = passages
        self._supported_from = supported_from
        self._contradicted_from = contradicted_from

    def check(self, claim: str, *, within: SearchFilter | None = None) -> Check:
        """Checks a claim against what the archive has on it.

        Raises ValueError for a claim that is empty or too long or without an archive, and what
        `Archive.search` raises.
        """
        claim = _checked(claim)
        if self._archive is None:
            raise ValueError("there is no archive to check the claim against")
        found = self._archive.search(claim, k=self._passages, within=within)
        return self._weigh(claim, [scored.passage for scored in found])

    def check_against(self, claim: str, evidence: Sequence[str]) -> Check:
        """Checks a claim against given texts, as if each was an article without a date.

        Raises ValueError for a claim that is empty or too long, InvalidArticleError for a text
        that no file can hold.
        """
        claim = _checked(claim)
        given = [
            Article(f"evidence {n}", "", None, "", "", text)
            for n, text in enumerate(evidence, start=1)
            if text.strip()
        ]
        whole = [Passage(n, one, 0, len(one.text)) for n, one in enumerate(given)]
        return self._weigh(claim, whole)

    def _weigh(self, claim: str, passages: Sequence[Passage]) -> Check:
        own = Particulars(claim)
        sets = candidate_sets(claim, own, sentences_of(passages))
        if not sets:
            return Check(claim, Verdict.NOT_FOUND, 1.0, ())
        asked = [one for one in sets if not repeats(claim, one)]
        answers = iter(self._entails.weigh([(claim, premise(one, claim)) for one in asked]))
        weighed = [
            _Weighed(
                one,
                CERTAIN if repeats(claim, one) else next(answers),
                own.missing(texts(one), written=written(one)),
                own.has_some_name(texts(one)),
            )
            for one in sets
        ]
        return self._decided(claim, weighed)

    def _decided(self, claim: str, weighed: Sequence[_Weighed]) -> Check:
        most = max(weighed, key=lambda one: one.entailment.supported)
        supported = most.entailment.supported
        # Of those that are enough, the fewest sentences.
        whole = [
            one
            for one in weighed
            if not one.missing and one.entailment.supported >= self._supported_from
        ]
        against = [
            one
            for one in weighed
            if one.names_met and one.entailment.contradicted >= self._contradicted_from
        ]
        if whole:
            best = min(whole, key=lambda one: (len(one.evidence), -one.entailment.supported))
            score, verdict = best.entailment.supported, Verdict.SUPPORTED
        elif against:
            best = max(against, key=lambda one: one.entailment.contradicted)
            score, verdict = best.entailment.contradicted, Verdict.CONTRADICTED
        else:
            best, verdict = most, Verdict.NOT_FOUND
            score = 1 - (0.0 if most.missing else supported)
        cited = () if verdict is Verdict.NOT_FOUND else best.evidence
        citations = tuple(one.citation(n) for n, one in enumerate(cited, start=1))
        missing = () if verdict is Verdict.SUPPORTED else most.missing
        return Check(claim, verdict, score, citations, supported, missing)


def _checked(claim: str) -> str:
    claim = " ".join(claim.split())
    if not claim:
        raise ValueError("the claim is empty")
    if len(claim) > MAX_CLAIM:
        raise ValueError(f"the claim has {len(claim)} characters: {MAX_CLAIM} are the most")
    return claim
