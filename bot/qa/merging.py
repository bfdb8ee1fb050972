"""Candidates that say the same become one reading, whose evidence adds up over stories."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.qa.candidates import Candidate
from bot.qa.meaning.wording import Wording
from bot.qa.questions import QuestionKind


@dataclass(frozen=True)
class Reading:
    """One answer, with everything that says so, best candidate first.

    Raises ValueError if there is no candidate.
    """

    candidates: tuple[Candidate, ...]
    broader: tuple[Candidate, ...] = ()
    """Less specific wordings of the same fact ("western Syria"), best first."""

    def __post_init__(self) -> None:
        if not self.candidates:
            raise ValueError("a reading needs a candidate")

    @property
    def best(self) -> Candidate:
        return self.candidates[0]

    @property
    def text(self) -> str:
        return self.best.text

    @property
    def score(self) -> float:
        """That of its best candidate, in log-odds."""
        return self.best.score

    @property
    def peak(self) -> float:
        """The best score of all that speaks for it, the broader wordings too."""
        return max(candidate.score for candidate in (*self.candidates, *self.broader))

    @property
    def stories(self) -> int:
        """How many different articles say so; near copies of one are one already."""
        return len({candidate.article.id for candidate in self.candidates})

    @property
    def evidence(self) -> float:
        """log(sum over articles of exp(their best candidate's score)), a soft maximum, in log-odds.

        With scores that share one normalisation (Clark and Gardner, "Simple and Effective
        Multi-Paragraph Reading Comprehension", ACL 2018) that is the log of the probability of the
        answer, wherever it is said, but for a constant; an article counts once, as repeating
        itself is no second witness. Two articles with equal scores give 0.69 more than one. The
        broader wordings count too: they support the same fact.
        """
        best: dict[str, float] = {}
        for candidate in (*self.candidates, *self.broader):
            here = best.get(candidate.article.id, -math.inf)
            best[candidate.article.id] = max(here, candidate.score)
        return soft_maximum(best.values())


def soft_maximum(scores: Iterable[float]) -> float:
    """log(sum(exp(score))), which the largest dominates; minus infinity of nothing."""
    values = sorted(scores, reverse=True)  # in one order, so that rounding is always the same
    if not values or math.isinf(values[0]):
        return values[0] if values else -math.inf
    return values[0] + math.log(math.fsum(math.exp(value - values[0]) for value in values))


def merge(candidates: Iterable[Candidate], *, kind: QuestionKind | None = None) -> list[Reading]:
    """The candidates as readings, the one with most evidence first.

    `kind` is what the question asks for: "Washington" and "George Washington" are one person and
    two places. A candidate joins the best reading of which it says the same as every member
    (complete linkage), so that "Biden" does not make one of "Joe Biden" and "Hunter Biden". The
    order of `candidates` changes nothing, and every one of them is in exactly one reading.
    """
    ordered = sorted(candidates, key=order)
    groups: list[list[tuple[Candidate, Wording]]] = []
    for candidate in ordered:
        wording = Wording.of(candidate, kind)
        for group in groups:
            if all(wording.same(member) for _, member in group):
                group.append((candidate, wording))
                break
        else:
            groups.append([(candidate, wording)])
    return ranked(Reading(tuple(candidate for candidate, _ in group)) for group in groups)


def order(candidate: Candidate) -> tuple[float, int, str, int, int]:
    """A key that sorts candidates best first, and equals always in the same order."""
    return -candidate.score, candidate.rank, candidate.article.id, candidate.start, candidate.end


def ranked(readings: Iterable[Reading]) -> list[Reading]:
    """The readings with most evidence first."""
    return sorted(readings, key=lambda reading: (-reading.evidence, order(reading.best)))


def texts_of(readings: Sequence[Reading]) -> list[str]:
    """The texts of all articles that the readings rest on, each once."""
    found = {
        candidate.article.id: candidate.article.text
        for reading in readings
        for candidate in (*reading.candidates, *reading.broader)
    }
    return [found[id] for id in sorted(found)]
