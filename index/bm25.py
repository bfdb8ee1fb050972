"""Lexical search: BM25 over passages, with the catalog's passage ids.

A passage is scored together with its article: BM25 of the passage plus BM25 of the whole article
with its title. A question often names a person or a place that its passage takes as known from
the headline or an earlier paragraph. (Interpolating passage and document evidence: Callan,
Passage-Level Evidence in Document Retrieval, SIGIR 1994.)

Stored are counts only. What depends on the whole collection (inverse document frequencies, the
average length) is computed from them on loading and searching, so that an index that has been
updated is the one that would be built anew.
"""

from __future__ import annotations

import json
import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import ANALYSIS_VERSION, Analyzer
from index.article import Passage
from index.errors import CorruptIndexError
from index.postings import Postings, load_array

VERSION = 1
"""Of the files' form."""

META_FILE = "meta.json"
IDS_FILE = "passage_ids.npy"
ARTICLES_FILE = "article_rows.npy"
PASSAGES_FOLDER = "passages"
ARTICLES_FOLDER = "articles"

K1 = 1.5
B = 0.75
ARTICLE_WEIGHT = 1.0
"""Of the article's score beside the passage's; 0.5 to 2 do about as well."""

BLOCK = 5_000_000
"""Terms that are counted at once in building, which bounds its memory."""

STRETCH = 256
"""Rows of whose scores only the highest is looked at, at first."""

Ids = NDArray[np.int64]
Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Bm25Index:
    """Passages by their terms. Immutable; thread-safe for searching."""

    def __init__(
        self, passages: Postings, articles: Postings, passage_ids: Ids, article_rows: Rows
    ) -> None:
        self.passage_ids = passage_ids
        """Ascending; shape (passages,). Masks are in this order. Not to be changed."""
        self._article_rows = article_rows
        """Of each passage, the row of its article; never falling."""
        self._sizes = np.bincount(article_rows, minlength=len(articles))
        """Of each article, how many passages it has."""
        self._passages = _Scorer(passages)
        self._articles = _Scorer(articles)
        self._local = threading.local()

    @classmethod
    def build(cls, passages: Iterable[Passage]) -> Bm25Index:
        """An index of passages and of the articles they are from.

        They come in ascending order of ids, those of an article one after the other, as the
        catalog gives them. Raises ValueError if they do not.
        """
        nothing = np.empty(0, np.int64)
        empty = cls(Postings.of([]), Postings.of([]), nothing, nothing.astype(np.int32))
        return empty.updated([], passages)

    def updated(self, gone: Iterable[int] | Ids, new: Iterable[Passage]) -> Bm25Index:
        """This index without the passages of the ids `gone`, and with those of `new`; it searches
        as one would that was built anew, to the last bit.

        An article changes as a whole: all its passages are gone, and those it has now are new,
        with ids above all others. `new` is in order as for `build`. Raises ValueError if an id in
        `gone` is not in the index, if some passages of an article are gone and others stay, or if
        the new ones are out of order.
        """
        lost, articles_lost = self._lost(np.unique(np.fromiter(gone, np.int64)))
        passages = self._passages.postings.without(lost)
        articles = self._articles.postings.without(articles_lost)
        number = np.cumsum(~articles_lost, dtype=np.int32) - np.int32(1)
        ids = [self.passage_ids[~lost]]
        rows = [number[self._article_rows[~lost]]]
        for block in _blocks(new, after=int(ids[0][-1]) if len(ids[0]) else -1):
            ids.append(np.asarray(block.ids, dtype=np.int64))
            numbers = np.arange(len(articles), len(articles) + len(block.sizes), dtype=np.int32)
            rows.append(np.repeat(numbers, block.sizes))
            passages = passages.followed_by(Postings.of(block.passages))
            articles = articles.followed_by(Postings.of(block.articles))
        return Bm25Index(passages, articles, np.concatenate(ids), np.concatenate(rows))

    def ids(self) -> Ids:
        """The passage ids it holds, ascending."""
        return self.passage_ids

    def search(self, query: str, k: int, *, allowed: Mask | None = None) -> tuple[Ids, Scores]:
        """The ids and scores of at most `k` passages that share a term with `query`, or whose
        article does, best first. Equal scores come in the order of ids.

        `allowed`, of shape (passages,) and in the order of `passage_ids`, is False for passages
        to leave out. It changes no score: frequencies and lengths are those of all passages.
        """
        rows, scores = self.best(self.scores(query), k, allowed=allowed)
        return self.passage_ids[rows], scores

    def scores(self, query: str) -> Scores:
        """Of every passage, in the order of `passage_ids`: shape (passages,)."""
        terms = Counter(self._terms(query))
        whole = self._articles.scores(terms)
        if whole is None:  # an article has all the terms of its passages
            return np.zeros(len(self.passage_ids), np.float32)
        scores = np.repeat(np.float32(ARTICLE_WEIGHT) * whole, self._sizes)
        if (own := self._passages.scores(terms)) is not None:
            scores += own
        return scores

    def best(
        self, scores: Scores, k: int, *, allowed: Mask | None = None
    ) -> tuple[NDArray[np.int64], Scores]:
        """Rows and scores of the `k` highest positive `scores`; see `search`."""
        if allowed is not None and (
            allowed.shape != self.passage_ids.shape or allowed.dtype != np.bool_
        ):
            raise ValueError(
                f"`allowed` must be {len(self.passage_ids)} booleans, not {allowed.dtype} of "
                f"shape {allowed.shape}"
            )
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        rows = _best(scores if allowed is None else scores * allowed, k)
        return rows, scores[rows]

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`, which must be new."""
        folder.mkdir()
        (folder / META_FILE).write_text(json.dumps(_meta()))
        np.save(folder / IDS_FILE, self.passage_ids)
        np.save(folder / ARTICLES_FILE, self._article_rows)
        self._passages.postings.save(folder / PASSAGES_FOLDER)
        self._articles.postings.save(folder / ARTICLES_FOLDER)

    @classmethod
    def load(cls, folder: Path) -> Bm25Index:
        """Memory-maps a saved index; its files have to stay while it is used.

        Raises CorruptIndexError if files are missing, damaged or of another version of Dateline.
        One of an older analysis can be searched, but see `is_current`.
        """
        try:
            if json.loads((folder / META_FILE).read_text())["version"] != VERSION:
                raise ValueError("another version")
            ids = load_array(folder / IDS_FILE, np.int64)
            rows = load_array(folder / ARTICLES_FILE, np.int32)
            passages = Postings.load(folder / PASSAGES_FOLDER)
            articles = Postings.load(folder / ARTICLES_FOLDER)
            last = int(rows[-1]) if len(rows) else -1
            if not len(ids) == len(rows) == len(passages) or last != len(articles) - 1:
                raise ValueError("the files are not of one index")
            return cls(passages, articles, ids, rows)
        except (OSError, ValueError, LookupError, TypeError, EOFError) as error:
            raise CorruptIndexError(
                f"the BM25 index in {folder} cannot be read: run `dateline index --rebuild`"
            ) from error

    @staticmethod
    def is_current(folder: Path) -> bool:
        """Whether the index in `folder` has the form and the terms that this version writes, so
        that it may be `updated`; otherwise it is to be built anew. False if there is none.
        """
        try:
            return bool(json.loads((folder / META_FILE).read_text()) == _meta())
        except (OSError, ValueError):
            return False

    def _lost(self, gone: Ids) -> tuple[Mask, Mask]:
        """Which passages and which articles go with the passages `gone`."""
        first = np.searchsorted(self.passage_ids, gone)
        unknown = first == np.searchsorted(self.passage_ids, gone, side="right")
        if unknown.any():
            raise ValueError(f"no passage has the id {gone[unknown][0]}")
        lost = np.zeros(len(self.passage_ids), np.bool_)
        lost[first] = True
        going = np.bincount(self._article_rows[lost], minlength=len(self._sizes))
        if (partly := (going > 0) & (going < self._sizes)).any():
            passage = self.passage_ids[lost & partly[self._article_rows]][0]
            raise ValueError(f"passage {passage} cannot go while others of its article stay")
        return lost, going > 0

    def _terms(self, query: str) -> list[str]:
        # A stemmer keeps state while it works: each thread has its own.
        if not hasattr(self._local, "analyzer"):
            self._local.analyzer = Analyzer()
        analyzer: Analyzer = self._local.analyzer
        return analyzer.query_terms(query, self._articles.postings)


class _Scorer:
    """Okapi BM25 in Lucene's form, with exact lengths and without its constant factor (k1 + 1):
    Kamphuis et al., Which BM25 Do You Mean?, ECIR 2020.
    """

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        lengths = postings.lengths
        average = lengths.sum(dtype=np.int64) / max(len(lengths), 1) or 1.0
        self._norms = (K1 * (1 - B + B * lengths / average)).astype(np.float32)

    def scores(self, terms: Mapping[str, int]) -> Scores | None:
        """Of every row, for terms and how often the query has them; None if no row has any."""
        scores = None
        for term, weight in terms.items():
            rows, counts = self.postings.of_term(term)
            if not len(rows):
                continue
            if scores is None:
                scores = np.zeros(len(self.postings), np.float32)
            idf = math.log1p((len(scores) - len(rows) + 0.5) / (len(rows) + 0.5))
            frequencies = counts.astype(np.float32)
            gains = weight * idf * frequencies / (frequencies + self._norms[rows])
            np.add.at(scores, rows, gains)  # three times as fast as `scores[rows] += gains`
        return scores


def _best(scores: Scores, k: int) -> NDArray[np.int64]:
    """The rows of the `k` highest positive scores, highest first, equal ones in order of rows."""
    least = 0.0
    if len(scores) > k * STRETCH:
        # Each of the k highest stretches has a score of at least this, and they are soon found.
        maxima = np.maximum.reduceat(scores, np.arange(0, len(scores), STRETCH))
        least = np.partition(maxima, -k)[-k]
    rows = np.flatnonzero(scores >= least if least > 0 else scores > 0)
    found = scores[rows]
    if k < len(found):
        enough = found >= np.partition(found, -k)[-k]
        rows, found = rows[enough], found[enough]
    return rows[np.argsort(-found, kind="stable")[:k]]


@dataclass(frozen=True)
class _Block:
    """Articles that are counted at once."""

    ids: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """How many passages each article has."""
    passages: list[list[str]] = field(default_factory=list)
    """The terms of each."""
    articles: list[list[str]] = field(default_factory=list)
    """The terms of each: of its title and of its passages."""


def _blocks(passages: Iterable[Passage], after: int) -> Iterator[_Block]:
    """Blocks of some BLOCK terms. Raises ValueError if passages are out of order, or the first
    of them does not come after the id `after`.
    """
    analyzer = Analyzer()
    block, terms, seen = _Block(), 0, set()
    for id, of_article in groupby(passages, key=lambda passage: passage.article.id):
        if id in seen:
            raise ValueError(f"passages of other articles come between those of {id!r}")
        seen.add(id)
        whole: list[str] = []
        size = 0
        for passage in of_article:
            if passage.id <= after:
                raise ValueError(f"passage {passage.id} comes after passage {after}")
            after = passage.id
            if not size:
                whole += analyzer.index_terms(passage.article.title)
            own = analyzer.index_terms(passage.text)
            whole += own
            size += 1
            block.ids.append(passage.id)
            block.passages.append(own)
        block.sizes.append(size)
        block.articles.append(whole)
        terms += len(whole)
        if terms >= BLOCK:
            yield block
            block, terms = _Block(), 0
    if block.ids:
        yield block


def _meta() -> dict[str, int]:
    return {"version": VERSION, "analysis": ANALYSIS_VERSION}
