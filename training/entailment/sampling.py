"""Which pairs of evidence and claim the model is trained on, and how often."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.sentences import sentence_spans
from training.corpus import Corpus, Example
from training.entailment.distortions import (
    denied,
    detail_of,
    exchanged,
    extended,
    parts,
    shortened,
)
from training.entailment.statements import statement
from training.negatives import Swaps
from training.opposites import opposite

SUPPORTED, CONTRADICTED, UNSAID = 0, 1, 2


@dataclass(frozen=True)
class Pair:
    """A claim, what is to prove it, and whether it does."""

    claim: str
    evidence: str
    label: int


@dataclass(frozen=True)
class Mixture:
    """Shares of the pairs; the rest are statements that their paragraph says."""

    wrong_answer: float = 0.14
    asked_otherwise: float = 0.08
    elsewhere: float = 0.08
    removed: float = 0.07
    added: float = 0.08
    both: float = 0.13
    """Two statements in one, of which every second time one is wrong."""
    sentence: float = 0.22
    """A sentence of the paragraph, shortened; two of three times changed."""
    alone: float = 0.35
    """Of statements that are said: with their sentences only, as a quote would be."""


class Sampler:
    """Pairs from paragraphs and the questions that people asked of them."""

    def __init__(self, corpus: Corpus, searched: NDArray[np.int32], mixture: Mixture) -> None:
        self._corpus = corpus
        self._searched = searched
        self.mixture = mixture
        self._paragraphs = list(corpus.paragraphs.values())
        self._spans = {
            one.id: [span for span in sentence_spans(one.text) if span[0] < span[1]]
            for one in self._paragraphs
        }
        self._swaps = Swaps(corpus)
        self._of_paragraph: dict[str, list[int]] = defaultdict(list)
        self._said: dict[int, str] = {}
        for n, example in enumerate(corpus.examples):
            if example.answerable and (said := statement(example.question, self._answer(example))):
                self._said[n] = said
                self._of_paragraph[example.paragraph].append(n)
        details = (detail_of(said) for said in self._said.values())
        self._details = sorted({one for one in details if one})

    def __len__(self) -> int:
        return len(self._said)

    def pairs(self, seed: int, epoch: int) -> Iterator[Pair]:
        """An epoch: every statement once, in a random order."""
        rng = random.Random(f"{seed} {epoch}")
        order = list(self._said)
        rng.shuffle(order)
        for n in order:
            pair = self._pair(n, rng)
            if pair is not None:
                yield pair

    def _pair(self, n: int, rng: random.Random) -> Pair | None:
        example, mixture = self._corpus.examples[n], self.mixture
        said, text = self._said[n], self._corpus.paragraphs[example.paragraph].text
        draw = rng.random()
        if (draw := draw - mixture.wrong_answer) < 0:
            wrong = self._wrong_answer(example, rng)
            claim = statement(example.question, wrong) if wrong else None
            return self._near(claim, example, CONTRADICTED, rng)
        if (draw := draw - mixture.asked_otherwise) < 0:
            return self._asked_otherwise(example, rng)
        if (draw := draw - mixture.elsewhere) < 0:
            places = [one for one in self._searched[n].tolist() if one >= 0]
            return Pair(said, self._paragraphs[rng.choice(places)].text, UNSAID) if places else None
        if (draw := draw - mixture.removed) < 0:
            rest = self._without(example)
            return Pair(said, rest, UNSAID) if rest else None
        if (draw := draw - mixture.added) < 0:
            detail = rng.choice(self._details)
            if detail.split()[-1] in text:
                return None
            return self._near(extended(said, detail), example, UNSAID, rng)
        if (draw := draw - mixture.both) < 0:
            return self._both(n, rng)
        if (draw := draw - mixture.sentence) < 0:
            return self._sentence(example, rng)
        return self._near(said, example, SUPPORTED, rng)

    def _answer(self, example: Example) -> str:
        return self._corpus.paragraphs[example.paragraph].text[example.start : example.end]

    def _near(
        self, claim: str | None, example: Example, label: int, rng: random.Random
    ) -> Pair | None:
        """With the whole paragraph, or only with what is around the answer."""
        if claim is None:
            return None
        paragraph = self._corpus.paragraphs[example.paragraph]
        spans = self._spans[paragraph.id]
        within = [
            n for n, (a, b) in enumerate(spans) if a < max(example.end, 1) and b > example.start
        ]
        if not within or rng.random() > self.mixture.alone:
            return Pair(claim, paragraph.text, label)
        first = max(0, within[0] - rng.choice((0, 1, 1, 2)))
        last = min(len(spans) - 1, within[-1] + rng.choice((0, 0, 1)))
        return Pair(claim, paragraph.text[spans[first][0] : spans[last][1]], label)

    def _wrong_answer(self, example: Example, rng: random.Random) -> str | None:
        """Another answer or name or number of the paragraph, of the same kind."""
        paragraph = self._corpus.paragraphs[example.paragraph]
        answer = self._answer(example)
        kind = _kind(answer)
        others = {self._answer(self._corpus.examples[m]) for m in self._of_paragraph[paragraph.id]}
        others |= {paragraph.text[a:b] for _, a, b in parts(paragraph.text)}
        low, asked = answer.casefold(), example.question.casefold()
        fitting = sorted(
            one
            for one in others
            if _kind(one) == kind
            and one.casefold() not in low
            and low not in one.casefold()
            and one.casefold() not in asked
        )
        return rng.choice(fitting) if fitting else None

    def _asked_otherwise(self, example: Example, rng: random.Random) -> Pair | None:
        """A name of the question exchanged, or a word of it for its opposite."""
        answer = self._answer(example)
        if rng.random() < 0.6:
            article = self._corpus.paragraphs[example.paragraph].article
            asked = self._swaps.swapped(example, article, rng)
            label = UNSAID
        else:
            asked, label = opposite(example.question, rng), CONTRADICTED
        return self._near(statement(asked, answer), example, label, rng) if asked else None

    def _without(self, example: Example) -> str | None:
        """The paragraph without the sentences of the answer."""
        paragraph = self._corpus.paragraphs[example.paragraph]
        answer = self._answer(example).casefold()
        kept = [
            paragraph.text[a:b]
            for a, b in self._spans[paragraph.id]
            if (a >= example.end or b <= example.start)
            and answer not in paragraph.text[a:b].casefold()
        ]
        return " ".join(kept) if len(kept) > 1 else None

    def _both(self, n: int, rng: random.Random) -> Pair | None:
        example = self._corpus.examples[n]
        others = [m for m in self._of_paragraph[example.paragraph] if m != n]
        if not others:
            return None
        other = rng.choice(others)
        first, second, label = self._said[n], self._said[other], SUPPORTED
        if rng.random() < 0.55:
            wrong = self._wrong_answer(self._corpus.examples[other], rng)
            changed = statement(self._corpus.examples[other].question, wrong) if wrong else None
            if changed is None:
                return None
            second, label = changed, CONTRADICTED
        if rng.random() < 0.5:
            first, second = second, first
        joined = f"{first[:-1]}{rng.choice((', and ', ' and ', '; ', ', while '))}{second}"
        return Pair(joined, self._corpus.paragraphs[example.paragraph].text, label)

    def _sentence(self, example: Example, rng: random.Random) -> Pair | None:
        paragraph = self._corpus.paragraphs[example.paragraph]
        spans = [one for one in self._spans[paragraph.id] if 40 <= one[1] - one[0] <= 320]
        if not spans:
            return None
        start, end = rng.choice(spans)
        claim = shortened(paragraph.text[start:end], rng)
        draw = rng.random()
        if draw < 0.34:
            return Pair(claim, paragraph.text, SUPPORTED)
        if draw < 0.8:
            found = exchanged(claim, rng, paragraph.text)
            return Pair(found[0], paragraph.text, CONTRADICTED) if found else None
        changed = denied(claim, rng)
        return Pair(changed, paragraph.text, CONTRADICTED) if changed else None


def _kind(answer: str) -> str:
    if any(char.isdigit() for char in answer):
        return "year" if len(answer) == 4 and answer.isdigit() else "number"
    if answer[:1].isupper():
        return "name"
    return "words" if len(answer.split()) <= 3 else "clause"
