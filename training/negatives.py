"""Unanswerable on purpose: paragraphs without the answer, and questions that lost theirs."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.evaluation.metrics import contains_words, searchable_words
from training.corpus import Corpus, Example

HARD_NEGATIVES = 4
"""Paragraphs kept for each question."""
LOOKED_AT = 20
"""Of the best paragraphs for a question; those with the answer's words are passed over."""


def hard_negatives(corpus: Corpus) -> NDArray[np.int32]:
    """For each example up to HARD_NEGATIVES paragraphs, as places in `corpus.paragraphs`.

    Shape (examples, HARD_NEGATIVES), -1 where there are fewer. They are what a search would
    bring: the best by BM25 (over the same terms as Dateline's own index) that are not the
    example's paragraph and do not have the words of its answer.
    """
    import bm25s

    analyzer = Analyzer()
    paragraphs = list(corpus.paragraphs.values())
    place = {paragraph.id: n for n, paragraph in enumerate(paragraphs)}
    words = [searchable_words(paragraph.text) for paragraph in paragraphs]
    index = bm25s.BM25()
    index.index([analyzer.terms(paragraph.text) for paragraph in paragraphs], show_progress=False)
    table = np.full((len(corpus.examples), HARD_NEGATIVES), -1, np.int32)
    known = index.vocab_dict
    queries = {
        row: terms
        for row, example in enumerate(corpus.examples)
        if (terms := [term for term in analyzer.terms(example.question) if term in known])
    }
    found, scores = index.retrieve(
        list(queries.values()), k=min(LOOKED_AT, len(paragraphs)), show_progress=False
    )
    for n, row in enumerate(queries):
        example = corpus.examples[row]
        own = corpus.paragraphs[example.paragraph]
        answer = own.text[example.start : example.end] if example.answerable else ""
        kept = [
            other
            for other, score in zip(found[n].tolist(), scores[n].tolist(), strict=True)
            if score > 0
            and other != place[own.id]
            and (
                not contains_words(words[other], answer)
                if answer
                else paragraphs[other].article != own.article
            )
        ][:HARD_NEGATIVES]
        table[row, : len(kept)] = kept
    return table


_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_YEAR = re.compile(r"^(?:1[0-9]|20)\d\d$")
_NAME = re.compile(r"(?<!^)(?<![.?!:] )\b[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")


class Swaps:
    """Questions with a name, year or number put in the place of another of its kind.

    Such a question sounds like one about the paragraph, and is not answered by it. Replacements
    come from questions on the same article where there are any, so that they fit.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._by_article: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_kind: dict[str, list[str]] = defaultdict(list)
        for example in corpus.examples:
            article = corpus.paragraphs[example.paragraph].article
            for kind, _, text in _parts(example.question):
                self._by_article[article, kind].append(text)
                self._by_kind[kind].append(text)

    def swapped(self, example: Example, article: str, rng: random.Random) -> str | None:
        """None where the question has nothing to swap."""
        parts = _parts(example.question)
        if not parts:
            return None
        kind, (start, end), _ = rng.choice(parts)
        for choices in (self._by_article[article, kind], self._by_kind[kind]):
            for _ in range(4):
                if (other := rng.choice(choices)).casefold() not in example.question.casefold():
                    return example.question[:start] + other + example.question[end:]
        return None


def _parts(question: str) -> Sequence[tuple[str, tuple[int, int], str]]:
    """(kind, place, text) of what can be swapped."""
    numbers = [
        ("year" if _YEAR.match(found.group()) else "number", found.span(), found.group())
        for found in _NUMBER.finditer(question)
    ]
    return [
        *numbers,
        *(("name", found.span(), found.group()) for found in _NAME.finditer(question)),
    ]
