"""The vectors of a generation: what the search and the builder need of FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.faiss_store import new_index, read_index

Ids = NDArray[np.int64]


class VectorIndex:
    """Normalised vectors by passage id, searched by cosine. Thread-safe for searching."""

    def __init__(self, index: Any) -> None:
        self.index = index

    @classmethod
    def empty(cls, dimension: int) -> Self:
        return cls(new_index(dimension))

    @classmethod
    def load(cls, file: Path) -> Self:
        """Raises CorruptIndexError if the file is missing or damaged."""
        return cls(read_index(file))

    def save(self, file: Path) -> None:
        faiss.write_index(self.index, str(file))

    def ids(self) -> Ids:
        """The passage ids it holds, ascending."""
        return np.sort(faiss.vector_to_array(self.index.id_map))

    def reconstruct(self, id: int) -> Vectors:
        """The stored vector of a passage, shape (dimension,). Raises RuntimeError for others."""
        vector: Vectors = self.index.reconstruct(id)
        return vector

    def updated(self, gone: Ids, ids: Ids, vectors: Vectors, memory_bytes: int) -> Self:
        """The same without `gone`, and with `vectors` under `ids`."""
        if len(gone):
            self.index.remove_ids(gone)
        if len(ids):
            self.index.add_with_ids(vectors, ids)
        return self

    def search(self, vector: Vectors, k: int, allowed: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ids and cosines of the `k` nearest passages, best first; fewer if there are fewer.

        `vector` is normalised, of shape (dimension,). With `allowed`, only those ids are found.
        """
        k = min(k, self.index.ntotal if allowed is None else len(allowed))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        cosines, ids = self.index.search(vector.reshape(1, -1), k, params=parameters)
        found = ids[0] >= 0
        return ids[0][found], cosines[0][found]
