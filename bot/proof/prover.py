"""Which sentences of a writer are proved by the quotes that they claim to rest on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.proof.entailment import Entailment, Entails
from bot.proof.evidence import (
    CERTAIN,
    MAX_QUOTES,
    Evidence,
    EvidenceSet,
    distinct,
    premise,
    repeats,
    subsets,
    texts,
    widened,
    written,
)
from bot.proof.particulars import Particular, Particulars
from bot.proof.quotes import locate
from bot.qa.answer import Citation
from index.article import Passage, ScoredPassage

SUPPORTED_FROM = 0.5
"""The probability of support from which a sentence is taken for proved. Not fitted yet."""
CONTRADICTED_FROM = 0.5
"""The same for a contradiction. Not fitted yet."""

MAX_CLAIM = 1_000
"""Code points of the longest sentence that is weighed."""
_MAX_TRIED = 12  # quotes of one sentence that are looked for

_MARKUP = re.compile(
    r"https?:|www\.|\]\(|[`\n\r|~<>]|\*\*|__|@(?:everyone|here)\b|\A\s*(?:[#>*-]\s|\d+\.\s)"
    r"|\[\s?\d+\s?\]|\\[^\w\s]",
    re.IGNORECASE,
)


class Problem(StrEnum):
    """Why a sentence is not proved."""

    MARKUP = "markup"
    """It is no plain prose: links, mentions, code, citation marks, what cannot be seen."""
    TOO_LONG = "too_long"
    NO_QUOTE = "no_quote"
    QUOTE_NOT_FOUND = "quote_not_found"
    PARTICULAR_MISSING = "particular_missing"
    NOT_ENTAILED = "not_entailed"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Claimed:
    """A sentence as it was written, and the quotes that it is said to rest on."""

    text: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Proof:
    """What became of a sentence; it is proved if `problem` is None.

    `supported` is the probability, in [0, 1], that the citations entail it; 0.0 if it was not
    weighed.
    """

    text: str
    citations: tuple[Citation, ...]
    """What proves it, no more than needed, numbered from 1; with a problem, the true sentences
    of those quotes that were found, if any."""
    supported: float
    problem: Problem | None
    missing: tuple[Particular, ...] = ()
    """What no quote has, where that is the problem."""

    @property
    def proved(self) -> bool:
        return self.problem is None


@dataclass
class _Case:
    """A sentence on its way to its proof."""

    claimed: Claimed
    problem: Problem | None = None
    found: list[Evidence] = field(default_factory=list)
    missing: tuple[Particular, ...] = ()
    sets: list[EvidenceSet] = field(default_factory=list)


class Prover:
    """Proves sentences by their quotes. Thread-safe if `entails` is."""

    def __init__(
        self,
        entails: Entails,
        threshold: float = SUPPORTED_FROM,
        contradicted_from: float = CONTRADICTED_FROM,
    ) -> None:
        self._entails = entails
        self.threshold = threshold
        self.contradicted_from = contradicted_from

    def prove(
        self, claims: Sequence[Claimed], passages: Sequence[ScoredPassage | Passage]
    ) -> list[Proof]:
        """One proof for each claim, in their order.

        A quote counts as the whole sentences it stands in. A claim is proved if its quotes have
        all its particulars and entail it; of its quotes, the fewest that do are cited, as in
        ALCE's citation precision (Gao et al. 2023, arXiv:2305.14627). The model is asked once.
        """
        cases = [self._case(claimed, passages) for claimed in claims]
        pairs = [
            (case.claimed.text, premise(evidence, case.claimed.text))
            for case in cases
            for evidence in case.sets
            if not repeats(case.claimed.text, evidence)
        ]
        weighed = iter(self._entails.weigh(pairs) if pairs else ())
        return [self._proof(case, weighed) for case in cases]

    def _case(self, claimed: Claimed, passages: Sequence[ScoredPassage | Passage]) -> _Case:
        quotes = [quote for quote in claimed.quotes if quote.strip()][:_MAX_TRIED]
        if len(claimed.text) > MAX_CLAIM:
            return _Case(claimed, Problem.TOO_LONG)
        if not claimed.text.strip() or has_markup(claimed.text):
            return _Case(claimed, Problem.MARKUP)
        if not quotes:
            return _Case(claimed, Problem.NO_QUOTE)
        located = [place for quote in quotes if (place := locate(quote, passages))]
        found = distinct(widened(place, passages) for place in located)[:MAX_QUOTES]
        if not found:
            return _Case(claimed, Problem.QUOTE_NOT_FOUND)
        own = Particulars(claimed.text)
        missing = own.missing(texts(tuple(found)), written=written(tuple(found)))
        if missing:
            return _Case(claimed, Problem.PARTICULAR_MISSING, found, missing)
        sets = [one for one in subsets(found) if not own.missing(texts(one), written=written(one))]
        return _Case(claimed, None, found, (), sets)

    def _proof(self, case: _Case, weighed: Iterator[Entailment]) -> Proof:
        text = case.claimed.text
        if case.problem:
            return Proof(text, _cited(case.found), 0.0, case.problem, case.missing)
        judged = [(one, CERTAIN if repeats(text, one) else next(weighed)) for one in case.sets]
        enough = [(one, e) for one, e in judged if e.supported >= self.threshold]
        if enough:
            fewest = min(len(one) for one, _ in enough)
            best, entailment = max(
                (pair for pair in enough if len(pair[0]) == fewest),
                key=lambda pair: pair[1].supported,
            )
            return Proof(text, _cited(best), entailment.supported, None)
        most = max(judged, key=lambda pair: pair[1].supported)[1]
        against = max(e.contradicted for _, e in judged)
        denied = against >= self.contradicted_from and against > most.supported
        problem = Problem.CONTRADICTED if denied else Problem.NOT_ENTAILED
        return Proof(text, _cited(case.found), most.supported, problem)


def has_markup(text: str) -> bool:
    """Whether a text is more than plain prose on one line, or has what cannot be seen."""
    return _MARKUP.search(text) is not None or any(
        unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
        for character in text
    )


def _cited(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    return tuple(one.citation(n) for n, one in enumerate(evidence, start=1))
