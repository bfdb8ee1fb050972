"""FAISS indexes: which type suits how many vectors, training, updating, opening.

Every index here takes inner products and the caller's ids (those of passages). There are two types:

exact  `IndexIDMap2` over half-precision vectors; a search compares with all of them. Rounding is
       below 0.001, and half the bytes to read make it about twice as fast as single precision.
ivf    `IndexIVFScalarQuantizer`: k-means cells of which a search reads the nearest `nprobe`, with
       eight bits a dimension. Codes are of the vectors, not of their differences from a centroid,
       so that training anew moves codes between cells and rounds nothing twice.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.errors import CorruptIndexError

Ids = NDArray[np.int64]

EXACT_LIMIT = 200_000
"""Passages up to which every vector is compared. One core scanned 93,000 vectors of 384 dimensions
in 9 to 17 ms: here it comes to some 25 ms, beyond it misses are the smaller evil."""

LEAST_IVF = 1_000
"""Below this, cells have too few vectors to be trained."""

POINTS_PER_LIST = 40
"""Vectors sampled per cell in training: FAISS warns below 39; more cost time and gain little."""

RECALL = 0.995
"""Recall@100 that `nprobe` is chosen for, of stored vectors. New questions lose some 0.02 more."""

SAMPLE = 200
"""Stored vectors that recall is measured with."""

DEPTH = 100
"""Results that the retriever asks for."""

BLOCK = 65_536
"""Vectors decoded at a time: 100 MB at 384 dimensions."""


@dataclass(frozen=True)
class IndexChoice:
    """A type of index; `lists` is its number of cells, 0 for an exact one."""

    kind: Literal["exact", "ivf"]
    lists: int
    bytes: int
    """About what it takes on disk, and in memory when all of it is read."""


@dataclass(frozen=True)
class Recall:
    """Mean share of the true nearest that a search finds, over `queries` stored vectors."""

    at_10: float
    at_100: float
    queries: int


@dataclass(frozen=True)
class Entries:
    """Where the vectors of an index stand: `rows[i]` is that of passage `ids[i]`; 16 bytes each."""

    ids: Ids
    """Ascending."""
    rows: Ids
    """In an ivf index, the cell in the upper 32 bits and the place in it in the lower ones."""

    def find(self, ids: Ids) -> tuple[Ids, Ids]:
        """Those of `ids` that are held, and their rows."""
        if not len(self.ids):
            return self.ids, self.rows
        places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        places = places[self.ids[places] == ids]
        return self.ids[places], self.rows[places]


def choose(count: int, dimension: int, memory_bytes: int | None = None) -> IndexChoice:
    """The type for `count` vectors, of which `memory_bytes` are to stay in memory (None: all).

    Exact up to EXACT_LIMIT, or fewer if they do not fit: an exact search reads them all for each
    question, and one of cells only some. Four or six bits a dimension would take less, but find
    0.90 and 0.97 of the nearest ten even when all cells are read; eight find 0.99.
    """
    exact = count * (2 * dimension + 8)
    fits = memory_bytes is None or exact <= memory_bytes
    if count < LEAST_IVF or (count <= EXACT_LIMIT and fits):
        return IndexChoice("exact", 0, exact)
    lists = min(round(4 * math.sqrt(count)), count // POINTS_PER_LIST)
    return IndexChoice("ivf", lists, count * (dimension + 8) + lists * dimension * 4)


def new_index(dimension: int) -> Any:
    """An empty exact index."""
    half = faiss.ScalarQuantizer.QT_fp16
    vectors = faiss.IndexScalarQuantizer(dimension, half, faiss.METRIC_INNER_PRODUCT)
    return faiss.IndexIDMap2(vectors)


def is_exact(index: Any) -> bool:
    return isinstance(index, faiss.IndexIDMap)


# -- life ------------------------------------------------------------------------------


def updated(
    index: Any,
    *,
    removed: Ids,
    ids: Ids,
    vectors: Vectors,
    memory_bytes: int | None = None,
) -> Any:
    """`index` without `removed` and with `vectors` under `ids`, of the type that then suits it.

    Usually the same index, changed in place. Another one when the type changes, or when the size
    has doubled or halved since its cells were trained; `nprobe` is then chosen anew. `vectors` is
    normalised, of shape (len(ids), dimension). The index must be writable (`read_index`).
    """
    if len(removed):
        index.remove_ids(np.asarray(removed, dtype=np.int64))
    ids = np.asarray(ids, dtype=np.int64)
    choice = choose(index.ntotal + len(ids), index.d, memory_bytes)
    if _serves(index, choice, index.ntotal + len(ids), memory_bytes):
        if len(ids):
            index.add_with_ids(vectors, ids)
        return index
    ivf = choice.kind == "ivf"
    changed = _trained(choice, index, vectors) if ivf else new_index(index.d)
    for old_ids, old_vectors in _blocks(index):
        changed.add_with_ids(old_vectors, old_ids)
    if len(ids):
        changed.add_with_ids(vectors, ids)
    if ivf:
        choose_nprobe(changed)
    return changed


def _serves(index: Any, choice: IndexChoice, count: int, memory_bytes: int | None) -> bool:
    """Whether an index can stay as it is; one near a limit does not change with each build."""
    if is_exact(index):
        return choice.kind == "exact"
    if choose(2 * count, index.d, memory_bytes).kind == "exact":
        return False
    # The size at training follows from the number of cells, by which `choose` sets it.
    trained = max(index.nlist * POINTS_PER_LIST, (index.nlist / 4) ** 2)
    return count < LEAST_IVF or trained / 2 <= count <= trained * 2


def _trained(choice: IndexChoice, index: Any, vectors: Vectors) -> Any:
    """An empty ivf index, its cells trained on a sample of `index` and `vectors` together."""
    entries = locate(index)
    total, size = index.ntotal + len(vectors), choice.lists * POINTS_PER_LIST
    chosen = np.sort(np.random.default_rng(0).choice(total, min(size, total), replace=False))
    old = chosen[chosen < index.ntotal]
    sample = np.concatenate(
        [decode(index, entries.rows[old]), vectors[chosen[len(old) :] - index.ntotal]]
    )
    cells = faiss.IndexFlatIP(index.d)
    eight_bits = faiss.ScalarQuantizer.QT_8bit
    trained = faiss.IndexIVFScalarQuantizer(
        cells, index.d, choice.lists, eight_bits, faiss.METRIC_INNER_PRODUCT, False
    )
    trained.cp.max_points_per_centroid = POINTS_PER_LIST
    trained.train(sample)
    # Ranges that a retrained index keeps, so that what is stored is rounded to itself.
    ranges = _ranges(index, vectors) if is_exact(index) else faiss.vector_to_array(index.sq.trained)
    faiss.copy_array_to_vector(ranges, trained.sq.trained)
    return trained


def _ranges(index: Any, vectors: Vectors) -> Vectors:
    """What eight bits stand for: the least value of each dimension, then the width of its range.

    FAISS takes them from the sample, and would cut off what is beyond it.
    """
    least, most = np.full(index.d, np.inf, np.float32), np.full(index.d, -np.inf, np.float32)
    for block in chain((old for _, old in _blocks(index)), [vectors]):
        if len(block):
            least = np.minimum(least, block.min(axis=0))
            most = np.maximum(most, block.max(axis=0))
    room = 0.05 * (most - least)  # for passages to come
    return np.concatenate([least - room, most - least + 2 * room])


# -- files -----------------------------------------------------------------------------


def write_index(index: Any, file: Path) -> None:
    faiss.write_index(index, str(file))


def read_index(file: Path) -> Any:
    """An index in memory, which can be changed.

    Raises CorruptIndexError if the file is missing or damaged.
    """
    return _read(file, 0)


def open_index(file: Path) -> Any:
    """An index to search only, mapped: pages are read when they are needed, and shared.

    It goes on working when the file is deleted. It must not be changed: FAISS then aborts the
    process (FaissStore refuses first). Raises CorruptIndexError if the file is missing or damaged.
    """
    # IO_FLAG_MMAP is not for us: it copies half-precision vectors to memory, and starts threads
    # for each search of an ivf index.
    return _read(file, faiss.IO_FLAG_MMAP_IFC)


def is_mapped(index: Any) -> bool:
    if is_exact(index):
        return not _flat(index).codes.is_owned
    cells: Any = faiss.downcast_InvertedLists(index.invlists)
    return not cells.codes.at(0).is_owned


def _flat(index: Any) -> Any:
    """What an exact index keeps its vectors in."""
    return faiss.downcast_index(index.index)


def _read(file: Path, flags: int) -> Any:
    try:
        index = faiss.read_index(str(file), flags)
    except (RuntimeError, MemoryError) as error:
        raise CorruptIndexError(
            f"the vectors in {file} cannot be read: run `dateline index --rebuild`"
        ) from error
    expected = faiss.IndexScalarQuantizer if is_exact(index) else faiss.IndexIVFScalarQuantizer
    inner = _flat(index) if is_exact(index) else index
    if not isinstance(inner, expected):
        raise CorruptIndexError(
            f"the vectors in {file} are a {type(inner).__name__}, which is not Dateline's: "
            "run `dateline index --rebuild`"
        )
    return index


# -- what it holds ---------------------------------------------------------------------


def locate(index: Any) -> Entries:
    if is_exact(index):
        ids = faiss.vector_to_array(index.id_map)
        rows = np.arange(len(ids))
    else:
        cells = index.invlists
        sizes = np.array([cells.list_size(cell) for cell in range(cells.nlist)])
        ids = np.concatenate([_cell_ids(cells, cell) for cell in range(cells.nlist)])
        first = np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = np.repeat(np.arange(cells.nlist) << 32, sizes) + np.arange(len(ids)) - first
    order = np.argsort(ids, kind="stable")
    return Entries(ids[order], rows[order])


def decode(index: Any, rows: Ids) -> Vectors:
    """The stored vectors at `rows` of `locate`, shape (len(rows), dimension)."""
    if is_exact(index):
        if not len(rows):
            return np.empty((0, index.d), np.float32)
        stored = _flat(index)
        codes = faiss.rev_swig_ptr(stored.codes.data(), stored.codes.size())
        # FAISS's own decoding starts threads, which costs more than a few hundred vectors.
        halves = codes.reshape(-1, stored.code_size)[rows].view(np.float16)
        return halves.astype(np.float32)
    vectors = np.empty((len(rows), index.d), np.float32)
    for vector, row in zip(vectors, rows.tolist(), strict=True):
        index.reconstruct_from_offset(row >> 32, row & 0xFFFFFFFF, faiss.swig_ptr(vector))
    return vectors


def _cell_ids(cells: Any, cell: int) -> Ids:
    size = cells.list_size(cell)
    if not size:
        return np.empty(0, np.int64)
    return np.array(faiss.rev_swig_ptr(cells.get_ids(cell), size))


def _blocks(index: Any) -> Iterator[tuple[Ids, Vectors]]:
    """All ids and vectors, a block at a time, in the order in which they are stored."""
    if is_exact(index):
        ids = faiss.vector_to_array(index.id_map)
        for first in range(0, len(ids), BLOCK):
            rows = np.arange(first, min(first + BLOCK, len(ids)))
            yield ids[rows], decode(index, rows)
        return
    cells = index.invlists
    for cell in range(cells.nlist):
        ids = _cell_ids(cells, cell)
        if len(ids):
            codes = faiss.rev_swig_ptr(cells.get_codes(cell), len(ids) * index.code_size)
            yield ids, index.sq.decode(np.array(codes).reshape(len(ids), -1))


# -- recall ----------------------------------------------------------------------------


def recall(index: Any) -> Recall:
    """Recall@10 and @100 against comparing all vectors, with some of those stored as queries.

    A query does not count as its own neighbour. It is what the cells lose: rounding vectors to
    eight bits costs about another 0.01, which only the vectors before it can show.
    """
    truth = _Truth(index)
    return Recall(truth.recall(10), truth.recall(DEPTH), len(truth.queries))


def choose_nprobe(index: Any) -> None:
    """Sets the least `nprobe` with which an ivf index has recall@100 of RECALL."""
    truth = _Truth(index)
    upper = 1
    while upper < index.nlist and truth.recall(DEPTH, upper) < RECALL:
        upper *= 2
    candidates = range(upper // 2 + 1, min(upper, index.nlist) + 1)
    # The last candidate is not asked again: it is enough, or all there is.
    place = bisect_left(candidates[:-1], RECALL, key=lambda n: truth.recall(DEPTH, n))
    index.nprobe = candidates[place]


class _Truth:
    """The cosines of the true nearest of a sample of stored vectors."""

    def __init__(self, index: Any) -> None:
        entries = locate(index)
        size = min(SAMPLE, len(entries.ids))
        chosen = np.random.default_rng(0).choice(len(entries.ids), size, replace=False)
        self._index = index
        self._ids = entries.ids[chosen]
        self.queries = decode(index, entries.rows[chosen])
        # One more than is asked for: the nearest is the query itself.
        self._depth = min(DEPTH + 1, index.ntotal)
        self._cosines = _exact_cosines(index, self.queries, self._depth)

    def recall(self, k: int, nprobe: int | None = None) -> float:
        """Mean recall@k; of equally near vectors, any is right. 1.0 if there are no neighbours."""
        k = min(k, self._depth - 1)
        if k < 1:
            return 1.0
        params = parameters(self._index, nprobe=nprobe)
        cosines, ids = self._index.search(self.queries, k + 1, params=params)
        others = (ids != self._ids[:, None]) & (ids >= 0)
        rounding = 1e-5
        near = others & (cosines >= self._cosines[:, k, None] - rounding)
        return float(np.minimum(near.sum(axis=1), k).mean() / k)


def _exact_cosines(index: Any, queries: Vectors, k: int) -> Vectors:
    """The `k` greatest inner products of each query with all vectors, descending."""
    best = np.full((len(queries), k), -np.inf, np.float32)
    for vectors in _joined(vectors for _, vectors in _blocks(index)):
        best = np.concatenate([best, queries @ vectors.T], axis=1)
        best = -np.partition(-best, k - 1, axis=1)[:, :k]
    return -np.sort(-best, axis=1)


def _joined(blocks: Iterator[Vectors]) -> Iterator[Vectors]:
    """The same rows in fewer, larger blocks: a product of matrices wants many rows at once."""
    waiting: list[Vectors] = []
    for block in blocks:
        waiting.append(block)
        if sum(map(len, waiting)) >= BLOCK // 8:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)


def parameters(index: Any, *, selector: Any = None, nprobe: int | None = None) -> Any:
    """Those of one search; an exact index takes no `nprobe`."""
    values = {"sel": selector} if selector is not None else {}
    if is_exact(index):
        exact: Any = faiss.SearchParameters  # FAISS's type hints know no keywords
        return exact(**values)
    ivf: Any = faiss.SearchParametersIVF
    return ivf(**values, nprobe=index.nprobe if nprobe is None else nprobe)


def bitmap_selector(allowed: NDArray[np.bool_]) -> Any:
    """Selects the ids for which `allowed[id]` is set.

    Of FAISS's selectors it is the quickest to make and to ask, at any number of ids.
    """
    selector: Any = faiss.IDSelectorBitmap
    return selector(np.packbits(allowed, bitorder="little"))
