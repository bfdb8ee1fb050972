"""Lexical search: BM25 (bm25s) over passages, with the catalog's passage ids.

A passage is scored together with its article: BM25 of the passage plus BM25 of the whole article
with its title. A question often names a person or a place that its passage takes as known from
the headline or an earlier paragraph. (Interpolating passage and document evidence: Callan,
Passage-Level Evidence in Document Retrieval, SIGIR 1994.)
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.article import Passage
from index.errors import CorruptIndexError

IDS_FILE = "passage_ids.npy"
ARTICLES_FILE = "article_rows.npy"
PASSAGES_FOLDER = "passages"
ARTICLES_FOLDER = "articles"

ARTICLE_WEIGHT = 1.0
"""Of the article's score beside the passage's; 0.5 to 2 do about as well."""

Ids = NDArray[np.int64]
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


class Bm25Index:
    """Okapi BM25 in Lucene's form (k1 = 1.5, b = 0.75). Thread-safe for searching."""

    def __init__(
        self, passages: bm25s.BM25 | None, articles: bm25s.BM25 | None, ids: Ids, rows: Rows
    ) -> None:
        self._passages = passages
        """None where no passage has any term, which bm25s cannot index."""
        self._articles = articles
        self._ids = ids
        self._rows = rows
        """Of each passage, the row of its article."""
        self._local = threading.local()

    @classmethod
    def build(cls, passages: Iterable[Passage]) -> Bm25Index:
        """An index of passages and of the articles they are from."""
        analyzer = Analyzer()
        vocabulary: dict[str, int] = {}

        def numbered(text: str) -> list[int]:
            return [vocabulary.setdefault(term, len(vocabulary)) for term in analyzer.terms(text)]

        ids: list[int] = []
        rows: list[int] = []
        row_of: dict[str, int] = {}
        passage_terms: list[list[int]] = []
        article_terms: list[list[int]] = []
        for passage in passages:
            article = passage.article
            row = row_of.setdefault(article.id, len(row_of))
            if row == len(article_terms):
                article_terms.append(numbered(article.title))
            terms = numbered(passage.text)
            article_terms[row] += terms
            passage_terms.append(terms)
            ids.append(passage.id)
            rows.append(row)
        return cls(
            _indexed(passage_terms, vocabulary),
            _indexed(article_terms, vocabulary),
            np.asarray(ids, dtype=np.int64),
            np.asarray(rows, dtype=np.int32),
        )

    def ids(self) -> Ids:
        """The passage ids it holds, ascending."""
        return np.sort(self._ids)

    def search(self, query: str, k: int) -> tuple[Ids, Scores]:
        """The ids and scores of at most `k` passages that share a term with `query`, or whose
        article does, best first. Equal scores come in the order of ids.
        """
        terms = self._terms(query)
        scores = np.zeros(len(self._ids), np.float32)
        if (own := _scores(self._passages, terms)) is not None:
            scores += own
        if (whole := _scores(self._articles, terms)) is not None:
            scores += ARTICLE_WEIGHT * whole[self._rows]
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        least = np.partition(scores, -k)[-k] if k < len(scores) else 0
        best = np.flatnonzero((scores > 0) & (scores >= least))
        best = best[np.lexsort((self._ids[best], -scores[best]))][:k]
        return self._ids[best], scores[best]

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`, which must be new."""
        folder.mkdir()
        np.save(folder / IDS_FILE, self._ids)
        np.save(folder / ARTICLES_FILE, self._rows)
        for index, name in self._parts():
            if index is not None:
                index.save(folder / name, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Bm25Index:
        """Memory-maps a saved index. Raises CorruptIndexError if files are missing or damaged."""
        try:
            parts = [
                bm25s.BM25.load(folder / name, mmap=True, show_progress=False)
                if (folder / name).exists()
                else None
                for name in (PASSAGES_FOLDER, ARTICLES_FOLDER)
            ]
            ids, rows = np.load(folder / IDS_FILE), np.load(folder / ARTICLES_FILE)
            return cls(parts[0], parts[1], ids, rows)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError) as error:
            raise CorruptIndexError(
                f"the BM25 index in {folder} cannot be read: run `dateline index --rebuild`"
            ) from error

    def _parts(self) -> Iterable[tuple[bm25s.BM25 | None, str]]:
        return (self._passages, PASSAGES_FOLDER), (self._articles, ARTICLES_FOLDER)

    def _terms(self, query: str) -> Sequence[str]:
        # A stemmer keeps state while it works: each thread has its own.
        if not hasattr(self._local, "analyzer"):
            self._local.analyzer = Analyzer()
        terms: Sequence[str] = self._local.analyzer.terms(query)
        return terms


def _indexed(documents: list[list[int]], vocabulary: dict[str, int]) -> bm25s.BM25 | None:
    if not any(documents):
        return None
    index = bm25s.BM25()
    index.index((documents, vocabulary), show_progress=False)
    return index


def _scores(index: bm25s.BM25 | None, terms: Sequence[str]) -> Scores | None:
    known = [term for term in terms if index is not None and term in index.vocab_dict]
    if index is None or not known:
        return None
    scores: Scores = index.get_scores(known)
    return scores
