"""Which windows a question is trained on: drawn anew each epoch, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.corpus import Corpus
from training.encoding import CLS, SEP, Ids, encode_questions, encode_texts
from training.negatives import Swaps
from training.opposites import opposite
from training.windows import Group, Window, make_window, run_anywhere, run_around

POOL = 40
"""Batches that are drawn together, to put windows of like length into one."""


@dataclass(frozen=True)
class Mixture:
    """How often a question is shown in which way, as shares of the questions with an answer."""

    whole: float = 0.2
    """Its whole paragraph, up to `longest`; the others see runs of sentences up to `shortest`."""
    removed: float = 0.04
    """Its paragraph without the sentence of the answer."""
    swapped: float = 0.08
    """Its paragraph, asked about something else: another name, year or number."""
    opposed: float = 0.04
    """Its paragraph, asked about the opposite."""
    searched: float = 0.05
    """Only paragraphs that a search brings and that do not answer it."""
    beside_rest: float = 0.15
    """The answer's run beside another run of the same paragraph."""
    beside_searched: float = 0.2
    """The answer's run beside a run of a paragraph that a search brings."""
    shortest: int = 112
    longest: int = 288
    """Tokens of a window, the question's included."""
    unanswerable_repeats: int = 3
    """How often an epoch shows the questions that people made unanswerable, and their like."""


class Sampler:
    """Groups of windows, an epoch after the other."""

    def __init__(
        self, corpus: Corpus, searched: NDArray[np.int32], tokenizer: Tokenizer, mixture: Mixture
    ) -> None:
        self._examples = corpus.examples
        self._articles = [corpus.paragraphs[one.paragraph].article for one in corpus.examples]
        self._place = {id: n for n, id in enumerate(corpus.paragraphs)}
        self._texts = encode_texts(tokenizer, [one.text for one in corpus.paragraphs.values()])
        self._questions = encode_questions(tokenizer, [one.question for one in corpus.examples])
        self._searched = searched
        self._swaps = Swaps(corpus)
        self._tokenizer = tokenizer
        self._special = (tokenizer.token_to_id(CLS), tokenizer.token_to_id(SEP))
        self.mixture = mixture
        by_people = {one.paragraph for one in corpus.examples if not one.answerable}
        self._epoch = [
            n
            for n, one in enumerate(corpus.examples)
            for _ in range(mixture.unanswerable_repeats if one.paragraph in by_people else 1)
        ]

    def __len__(self) -> int:
        """Groups of one epoch."""
        return len(self._epoch)

    def batches(self, seed: int, epoch: int, groups: int) -> Iterator[list[Group]]:
        """An epoch in batches of `groups` groups, in a random order."""
        rng = random.Random(f"{seed} {epoch}")
        order = self._epoch.copy()
        rng.shuffle(order)
        for first in range(0, len(order), groups * POOL):
            pool = [
                group
                for n in order[first : first + groups * POOL]
                if (group := self._group(n, rng)) is not None
            ]
            pool.sort(key=lambda group: group.longest)
            batches = [pool[at : at + groups] for at in range(0, len(pool), groups)]
            rng.shuffle(batches)
            yield from batches

    def _group(self, n: int, rng: random.Random) -> Group | None:
        example, question, mixture = self._examples[n], self._questions[n], self.mixture
        text = self._texts[self._place[example.paragraph]]
        if not len(text.ids):
            return None
        if not example.answerable:
            limit = mixture.longest - len(question) - 3
            return Group((self._window(question, n, *run_anywhere(text, limit, rng)),))
        answer = text.span(example.start, example.end)
        if answer is None:
            return None
        draw = rng.random()
        if (draw := draw - mixture.removed) < 0:
            return self._without_answer(n, answer, rng)
        if (draw := draw - mixture.swapped) < 0:
            swapped = self._swaps.swapped(example, self._articles[n], rng)
            return self._asked_otherwise(n, swapped, answer, rng)
        if (draw := draw - mixture.opposed) < 0:
            return self._asked_otherwise(n, opposite(example.question, rng), answer, rng)
        if (draw := draw - mixture.searched) < 0:
            found = self._from_search(n, rng)
            return Group((found,)) if found else None
        longest = rng.random() < mixture.whole
        limit = (mixture.longest if longest else mixture.shortest) - len(question) - 3
        begin, end = run_around(text, *answer, limit, rng)
        within = (max(answer[0], begin), min(answer[1], end - 1))
        windows = [self._window(question, n, begin, end, within)]
        if (draw := draw - mixture.beside_rest) < 0:
            windows += filter(None, [self._rest(n, begin, end, limit, rng)])
        elif (draw := draw - mixture.beside_searched) < 0:
            windows += filter(None, [self._from_search(n, rng)])
        return Group(tuple(windows))

    def _window(
        self, question: Ids, n: int, begin: int, end: int, answer: tuple[int, int] | None = None
    ) -> Window:
        text = self._texts[self._place[self._examples[n].paragraph]]
        return make_window(question, text, begin, end, self._special, answer)

    def _rest(self, n: int, begin: int, end: int, limit: int, rng: random.Random) -> Window | None:
        """A run of the paragraph before or after [begin, end), where enough of it is left."""
        text = self._texts[self._place[self._examples[n].paragraph]]
        sides = [
            side
            for side in ((max(0, begin - limit), begin), (end, min(len(text.ids), end + limit)))
            if side[1] - side[0] >= 16
        ]
        return self._window(self._questions[n], n, *rng.choice(sides)) if sides else None

    def _without_answer(self, n: int, answer: tuple[int, int], rng: random.Random) -> Group | None:
        text = self._texts[self._place[self._examples[n].paragraph]]
        begin, end = text.sentence_of(answer[0])[0], text.sentence_of(answer[1])[1]
        limit = self.mixture.shortest - len(self._questions[n]) - 3
        rest = self._rest(n, begin, end, limit, rng)
        return Group((rest,)) if rest else None

    def _asked_otherwise(
        self, n: int, asked: str | None, answer: tuple[int, int], rng: random.Random
    ) -> Group | None:
        if asked is None:
            return None
        question = encode_questions(self._tokenizer, [asked])[0]
        text = self._texts[self._place[self._examples[n].paragraph]]
        limit = self.mixture.shortest - len(question) - 3
        return Group((self._window(question, n, *run_around(text, *answer, limit, rng)),))

    def _from_search(self, n: int, rng: random.Random) -> Window | None:
        """A run of a paragraph that a search brings, around a place chosen at random."""
        places: Sequence[int] = [place for place in self._searched[n].tolist() if place >= 0]
        if not places:
            return None
        text = self._texts[rng.choice(places)]
        question = self._questions[n]
        limit = self.mixture.shortest - len(question) - 3
        if not len(text.ids):
            return None
        return make_window(question, text, *run_anywhere(text, limit, rng), self._special)
