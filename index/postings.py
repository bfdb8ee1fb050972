"""An inverted index in numpy arrays: which rows hold a term, and how often.

A row is a document: a passage or an article, by position. The arrays are saved as `.npy` files
and mapped into memory on loading, so that opening reads next to nothing and a search only the
rows of its terms.

A term is kept as an 8-byte digest and found by binary search, so no vocabulary is ever in memory
(a Python dictionary of ten million terms takes more than a gigabyte). Two terms of one digest
would be counted as one, which costs some precision and breaks nothing; that any two of ten million
terms share one has a probability of 3e-6.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_COUNT = int(np.iinfo(np.uint16).max)
"""Larger counts are stored as this one; BM25 tells them apart no more."""


@dataclass(frozen=True, eq=False)
class Postings:
    """The postings of term `i` stand at `offsets[i]:offsets[i + 1]` of `rows` and `counts`.

    Immutable, and thread-safe. Every term has at least one posting.
    """

    terms: NDArray[np.uint64]
    """Digests of terms, ascending; shape (terms,)."""
    offsets: NDArray[np.int64]
    """Shape (terms + 1,)."""
    rows: NDArray[np.int32]
    """Ascending within a term; shape (postings,)."""
    counts: NDArray[np.uint16]
    """How often the row holds the term; shape (postings,)."""
    lengths: NDArray[np.int32]
    """How many terms each row has, with repeats; shape (rows,)."""

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]]) -> Postings:
        """The postings of documents, each given as its terms; the first is row 0."""
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__  # a new term gets the next number
        blocks = [
            np.fromiter(map(numbers.__getitem__, terms), dtype=np.int64, count=len(terms))
            for terms in documents
        ]
        lengths = np.fromiter(map(len, blocks), dtype=np.int32, count=len(blocks))
        digests = np.fromiter(map(term_digest, numbers), dtype=np.uint64, count=len(numbers))
        terms_, place = np.unique(digests, return_inverse=True)
        # A pair of a term and a row as one number, since those sort fastest.
        pairs = place[np.concatenate([np.empty(0, np.int64), *blocks])] * len(lengths)
        pairs += np.repeat(np.arange(len(lengths)), lengths)
        pairs, counts = np.unique(pairs, return_counts=True)
        term_of, rows = np.divmod(pairs, max(len(lengths), 1))
        return cls(
            terms_,
            _offsets(np.bincount(term_of, minlength=len(terms_))),
            rows.astype(np.int32),
            np.minimum(counts, MAX_COUNT).astype(np.uint16),
            lengths,
        )

    def __len__(self) -> int:
        """How many rows there are, those without terms included."""
        return len(self.lengths)

    def __contains__(self, term: object) -> bool:
        """Whether any row holds `term`."""
        return isinstance(term, str) and len(self.of_term(term)[0]) > 0

    def of_term(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """The rows that hold `term`, ascending, and how often each does; empty if none does."""
        digest = np.uint64(term_digest(term))
        place = int(np.searchsorted(self.terms, digest))
        if place == len(self.terms) or self.terms[place] != digest:
            return self.rows[:0], self.counts[:0]
        held = slice(int(self.offsets[place]), int(self.offsets[place + 1]))
        return self.rows[held], self.counts[held]

    def without(self, gone: NDArray[np.bool_]) -> Postings:
        """Those of the rows that `gone`, of shape (rows,), is False for, numbered from 0."""
        if not gone.any():
            return self
        kept = ~gone
        held = kept[self.rows]
        number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        # Sums between offsets; reduceat takes no empty stretches, and no term has one.
        per_term = np.add.reduceat(held, self.offsets[:-1], dtype=np.int64)
        return Postings(
            self.terms[per_term > 0],
            _offsets(per_term[per_term > 0]),
            number[self.rows[held]],
            self.counts[held],
            self.lengths[kept],
        )

    def followed_by(self, others: Postings) -> Postings:
        """These rows and, numbered after them, those of `others`."""
        left = np.searchsorted(self.terms, others.terms)
        right = np.searchsorted(self.terms, others.terms, side="right")  # left + 1 if it is known
        new = left == right
        here, there = np.diff(self.offsets), np.diff(others.offsets)
        # A known term's postings go behind those it has, a new term's before the next term's.
        behind = np.repeat(self.offsets[right], there)
        at = left[new]
        terms = np.insert(self.terms, at, others.terms[new])
        per_term = np.insert(here, at, 0)
        per_term[np.searchsorted(terms, others.terms)] += there
        return Postings(
            terms,
            _offsets(per_term),
            np.insert(self.rows, behind, others.rows + np.int32(len(self))),
            np.insert(self.counts, behind, others.counts),
            np.concatenate([self.lengths, others.lengths]),
        )

    def save(self, folder: Path) -> None:
        """Writes one file an array into `folder`, which must be new."""
        folder.mkdir()
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """Memory-maps saved postings. Raises OSError or ValueError if files are missing, damaged
        or do not fit together, as far as their sizes tell.
        """
        loaded = cls(
            terms=load_array(folder / "terms.npy", np.uint64),
            offsets=load_array(folder / "offsets.npy", np.int64),
            rows=load_array(folder / "rows.npy", np.int32),
            counts=load_array(folder / "counts.npy", np.uint16),
            lengths=load_array(folder / "lengths.npy", np.int32),
        )
        if not (
            len(loaded.offsets) == len(loaded.terms) + 1
            and loaded.offsets[-1] == len(loaded.rows) == len(loaded.counts)
        ):
            raise ValueError(f"the arrays in {folder} do not fit together")
        return loaded


def term_digest(term: str) -> int:
    """64 bits of BLAKE2b, the same in every process (Python's `hash` of a string is not)."""
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "big")


def load_array(file: Path, dtype: type[np.generic]) -> NDArray[Any]:
    """Memory-maps a one-dimensional array. Raises OSError or ValueError if it is not one."""
    array: NDArray[Any] = np.load(file, mmap_mode="r").view(np.ndarray)  # np.memmap slices slowly
    if array.dtype != dtype or array.ndim != 1:
        raise ValueError(f"{file} holds {array.ndim} dimensions of {array.dtype}")
    return array


def _offsets(per_term: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(per_term, dtype=np.int64)])
