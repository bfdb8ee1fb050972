"""Searching a FAISS index of any type that `vector_index` makes, among all passages or some."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.embedding import Vectors
from index.vector_index import (
    Entries,
    Ids,
    bitmap_selector,
    decode,
    is_exact,
    locate,
    parameters,
)

NARROW = 1_000
"""Ids up to which their vectors are fetched and compared one by one. In FAISS, a search of cells
looks at the id of every vector, however few are allowed: 10 to 20 ms in a million."""


class VectorSearch:
    """Searches `index` by inner product over normalised vectors: scores are cosines.

    Thread-safe as long as the index does not change; after a change, make another.
    """

    def __init__(self, index: Any) -> None:
        self.index = index
        self._entries: Entries | None = None

    def ids(self) -> Ids:
        """The passage ids it holds, ascending; one that it holds twice stands there twice."""
        return self._located().ids

    def reconstruct(self, id: int) -> Vectors:
        """The stored vector of a passage, shape (dimension,): rounded, see `vector_index`.

        Raises KeyError if it does not hold `id`.
        """
        _, rows = self._located().find(np.array([id], dtype=np.int64))
        if not len(rows):
            raise KeyError(f"no vector is stored of passage {id}")
        vector: Vectors = decode(self.index, rows)[0]
        return vector

    def cosines(self, vector: Vectors, ids: Sequence[int] | Ids) -> Vectors:
        """Of passages that it holds, in the order of `ids`: shape (len(ids),)."""
        _, rows = self._located().find(np.asarray(ids, dtype=np.int64))
        found: Vectors = decode(self.index, rows) @ vector
        return found

    def search(
        self, vector: Vectors, k: int, allowed: Sequence[int] | Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """The `k` nearest passages' ids and cosines, best first; fewer if it holds fewer.

        `vector` is normalised, of shape (dimension,). With `allowed`, only passages of these ids
        are found, and `k` of them if it holds so many; ids that it does not hold do no harm.
        """
        k = min(k, self.index.ntotal)
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is None:
            return self._found(vector, k)
        largest = self.ids()[-1]
        wanted = np.asarray(allowed, dtype=np.int64)
        wanted = wanted[(wanted >= 0) & (wanted <= largest)]
        if len(wanted) <= NARROW:
            return self._compared(vector, k, wanted)
        members = np.zeros(int(largest) + 1, dtype=np.bool_)
        members[wanted] = True
        selector = bitmap_selector(members)
        if is_exact(self.index):
            return self._found(vector, k, parameters(self.index, selector=selector))
        # So many more cells are read as fewer of their vectors are compared.
        count = int(np.count_nonzero(members))
        nprobe = math.ceil(self.index.nprobe * self.index.ntotal / count)
        cells = self.index.nlist
        some = parameters(self.index, selector=selector, nprobe=min(nprobe, cells))
        ids, cosines = self._found(vector, k, some)
        if len(ids) < k and nprobe < cells:
            every = parameters(self.index, selector=selector, nprobe=cells)
            return self._found(vector, k, every)
        return ids, cosines

    def _found(self, vector: Vectors, k: int, params: Any = None) -> tuple[Ids, Vectors]:
        cosines, ids = self.index.search(vector.reshape(1, -1), k, params=params)
        held = ids[0] >= 0  # FAISS fills up with -1
        return ids[0][held], cosines[0][held]

    def _compared(self, vector: Vectors, k: int, wanted: Ids) -> tuple[Ids, Vectors]:
        ids, rows = self._located().find(np.unique(wanted))
        cosines = decode(self.index, rows) @ vector
        best = np.argsort(-cosines, kind="stable")[:k]
        return ids[best], cosines[best]

    def _located(self) -> Entries:
        if self._entries is None:
            self._entries = locate(self.index)
        return self._entries
