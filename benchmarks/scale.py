"""Vector search at scale: types of FAISS index beside exact search in single precision.

    python benchmarks/scale.py [--archive FOLDER] [--count 1000000] [--json]

With --archive, vectors are those of the archive's newest generation, repeated as often as --count
needs, each copy with Gaussian noise of --noise times its length, and normalised; queries are such
copies of vectors of which none is stored. Without it, vectors are drawn around topics, one for
each hundred, of which the first are the largest: topics and the vectors around them lie in 64 of
the dimensions, turned at random, and the noise in all.

Each index is built in one fresh process and searched in another, one query at a time, with two
threads. Recall is against exact search in single precision, the first row.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.reporting import markdown_table, number, progress, share
from index.errors import CorruptIndexError
from index.vector_index import is_exact, new_index, open_index, read_index, updated, write_index

Vectors = NDArray[np.float32]
THREADS = 2
BLOCK = 50_000
DEPTH = 100
WARMING = 5
EXACT, HALF, CELLS = "flat, 32 bits", "flat, 16 bits (Dateline, small)", "IVF SQ8 (Dateline, large)"
NO_IDS = np.empty(0, np.int64)


@dataclass(frozen=True)
class Figures:
    """One index; seconds, milliseconds and megabytes (2^20 bytes)."""

    name: str
    build_seconds: float
    open_seconds: float
    file_mb: float
    rss_mb: float | None
    """Growth of a fresh process that opened it and answered all queries; None off Linux."""
    p50_ms: float
    p95_ms: float
    p95_of_exact: float
    recall_10: float
    recall_100: float


# -- vectors ---------------------------------------------------------------------------


def normalised(vectors: Vectors) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def noisy(vectors: Vectors, noise: float, rng: np.random.Generator) -> Vectors:
    """Copies with Gaussian noise whose expected length is `noise`, normalised."""
    size = noise / np.sqrt(vectors.shape[1])
    return normalised(vectors + size * rng.standard_normal(vectors.shape, np.float32))


def archive_vectors(folder: Path) -> Vectors:
    """All vectors of the newest generation, normalised. SystemExit if there are none."""
    files = sorted(folder.glob("generations/*/faiss.index"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise SystemExit(f"{folder} holds no generations/*/faiss.index: is it an archive's folder?")
    try:
        index = read_index(files[-1])
    except CorruptIndexError as error:
        raise SystemExit(str(error)) from None
    if not is_exact(index):
        raise SystemExit(f"{folder} holds rounded vectors: give an archive of exact search")
    return normalised(index.index.reconstruct_n(0, index.ntotal))


class Copies:
    """Draws noisy copies of given vectors, and queries from those of them set aside."""

    def __init__(self, vectors: Vectors, queries: int, noise: float) -> None:
        if len(vectors) < 2 * queries:
            raise SystemExit(f"the archive holds {len(vectors)} vectors, fewer than 2 x {queries}")
        mixed = vectors[np.random.default_rng(0).permutation(len(vectors))]
        self._aside, self._vectors, self._noise = mixed[:queries], mixed[queries:], noise
        self.dimension = vectors.shape[1]

    def queries(self, count: int, rng: np.random.Generator) -> Vectors:
        return noisy(self._aside[:count], self._noise, rng)

    def block(self, first: int, count: int, rng: np.random.Generator) -> Vectors:
        places = np.arange(first, first + count) % len(self._vectors)
        return noisy(self._vectors[places], self._noise, rng)


class Topics:
    """Draws vectors around topics; see the top of this file."""

    dimension = 384
    latent = 64

    def __init__(self, count: int, noise: float) -> None:
        rng = np.random.default_rng(0)
        self._topics = rng.standard_normal((max(10, count // 100), self.latent), np.float32)
        self._turn = rng.standard_normal((self.latent, self.dimension), np.float32)
        self._noise = noise

    def queries(self, count: int, rng: np.random.Generator) -> Vectors:
        return self.block(0, count, rng)

    def block(self, first: int, count: int, rng: np.random.Generator) -> Vectors:
        topics = (len(self._topics) * rng.random(count) ** 2).astype(np.int64)
        around = rng.standard_normal((count, self.latent), np.float32)
        return noisy(normalised((self._topics[topics] + around) @ self._turn), self._noise, rng)


def write_vectors(source: Copies | Topics, count: int, queries: int, folder: Path) -> None:
    shape = (count, source.dimension)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", "w+", np.float32, shape)
    for first in range(0, count, BLOCK):
        block = min(BLOCK, count - first)
        vectors[first : first + block] = source.block(first, block, np.random.default_rng(first))
    np.save(folder / "queries.npy", source.queries(queries, np.random.default_rng(2**40)))


def blocks(vectors: Vectors) -> Iterator[tuple[NDArray[np.int64], Vectors]]:
    for first in range(0, len(vectors), BLOCK):
        block = np.array(vectors[first : first + BLOCK])
        yield np.arange(first, first + len(block)), block


# -- indexes ---------------------------------------------------------------------------


def add_all(index: Any, vectors: Vectors) -> Any:
    for ids, block in blocks(vectors):
        index.add_with_ids(block, ids)
    return index


def flat(vectors: Vectors, folder: Path) -> Any:
    return add_all(faiss.IndexIDMap(faiss.IndexFlatIP(vectors.shape[1])), vectors)


def half(vectors: Vectors, folder: Path) -> Any:
    return add_all(new_index(vectors.shape[1]), vectors)


def cells(vectors: Vectors, folder: Path) -> Any:
    """As a build makes it from nothing, `nprobe` chosen; whatever the count is."""
    index = new_index(vectors.shape[1])
    ids = np.arange(len(vectors))
    return updated(index, removed=NO_IDS, ids=ids, vectors=np.array(vectors), memory_bytes=1)


def with_cells_of_dateline(description: str) -> Callable[[Vectors, Path], Any]:
    """The same trained cells and `nprobe`, other codes: its build time lacks their training."""

    def build(vectors: Vectors, folder: Path) -> Any:
        trained = read_index(folder / "cells.index")
        text = description.format(lists=trained.nlist)
        index = faiss.index_factory(vectors.shape[1], text, faiss.METRIC_INNER_PRODUCT)
        ivf = faiss.extract_index_ivf(index)
        centroids = faiss.clone_index(trained.quantizer)
        centroids.this.disown()
        ivf.quantizer, ivf.own_fields = centroids, True
        index.train(np.array(vectors[:: max(1, len(vectors) // 50_000)]))
        ivf.nprobe = trained.nprobe
        for _, block in blocks(vectors):
            index.add(block)
        if isinstance(index, faiss.IndexRefine):
            index.k_factor = 10
        return index

    return build


def graph(vectors: Vectors, folder: Path) -> Any:
    index = faiss.index_factory(vectors.shape[1], "HNSW32_SQ8", faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = 100, 200
    index.train(np.array(vectors[:: max(1, len(vectors) // 50_000)]))
    for _, block in blocks(vectors):
        index.add(block)
    return index


BUILDERS: dict[str, tuple[str, Callable[[Vectors, Path], Any]]] = {
    "flat": (EXACT, flat),
    "half": (HALF, half),
    "cells": (CELLS, cells),
    "ivf-half": ("IVF, 16 bits", with_cells_of_dateline("IVF{lists},SQfp16")),
    "ivf-4bit": ("IVF SQ4", with_cells_of_dateline("IVF{lists},SQ4")),
    "ivf-pq": (
        "IVF PQ96x4, refined by SQ8",
        with_cells_of_dateline("IVF{lists},PQ96x4fs,Refine(SQ8)"),
    ),
    "hnsw": ("HNSW32 SQ8", graph),
}


# -- measuring, each function in a process of its own ----------------------------------


def build(key: str, folder: Path) -> float:
    """Writes `{key}.index`; seconds of training and adding."""
    faiss.omp_set_num_threads(THREADS)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    started = perf_counter()
    index = BUILDERS[key][1](vectors, folder)
    seconds = perf_counter() - started
    write_index(index, folder / f"{key}.index")
    return seconds


def measure(key: str, folder: Path) -> tuple[float, list[float], float | None]:
    """Seconds to open, seconds of each query, RSS growth in MB; writes the ids found."""
    faiss.omp_set_num_threads(THREADS)
    queries = np.load(folder / "queries.npy")
    file = folder / f"{key}.index"
    before = resident()
    started = perf_counter()
    dateline = key in ("half", "cells")
    mapped = faiss.IO_FLAG_MMAP_IFC
    if dateline:
        index = open_index(file)
    else:
        index = faiss.read_index(str(file), 0 if key == "flat" else mapped)
    opened = perf_counter() - started
    ids, seconds = [], []
    for query in queries:
        started = perf_counter()
        ids.append(index.search(query[None], DEPTH)[1][0])
        seconds.append(perf_counter() - started)
    after = resident()
    np.save(folder / f"{key}.ids.npy", np.array(ids))
    growth = None if before is None or after is None else (after - before) / 2**20
    return opened, seconds, growth


def resident() -> int | None:
    """Bytes of this process that are in memory, those of mapped files included."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def in_new_process(function: Callable[..., Any], *arguments: Any) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def found_of(folder: Path, key: str, k: int) -> float:
    """Mean share of the exact search's first `k` that the index has among its own."""
    found, true = np.load(folder / f"{key}.ids.npy"), np.load(folder / "flat.ids.npy")
    k = min(k, int((true >= 0).sum(axis=1).min()))
    both = [len(np.intersect1d(f[:k], t[:k])) for f, t in zip(found, true, strict=True)]
    return float(np.mean(both)) / k


def run(keys: list[str], folder: Path) -> list[Figures]:
    rows: list[Figures] = []
    for key in keys:
        name = BUILDERS[key][0]
        progress(f"{name}: building")
        seconds = in_new_process(build, key, folder)
        progress(f"{name}: searching")
        opened, times, growth = in_new_process(measure, key, folder)
        # The first queries also wait for pages and threads, once in the life of a process.
        p50, p95 = np.quantile(np.array(times[WARMING:]) * 1000, [0.5, 0.95])
        rows.append(
            Figures(
                name=name,
                build_seconds=seconds,
                open_seconds=opened,
                file_mb=(folder / f"{key}.index").stat().st_size / 2**20,
                rss_mb=growth,
                p50_ms=float(p50),
                p95_ms=float(p95),
                p95_of_exact=float(p95) / (rows[0].p95_ms if rows else float(p95)),
                recall_10=found_of(folder, key, 10),
                recall_100=found_of(folder, key, DEPTH),
            )
        )
    return rows


def table(rows: list[Figures]) -> str:
    headings = "index|build s|open s|file MB|RSS MB|p50 ms|p95 ms|p95 of exact|recall@10|recall@100"
    cells_of = [
        [
            row.name,
            number(row.build_seconds, 1),
            number(row.open_seconds, 3),
            number(row.file_mb),
            number(row.rss_mb),
            number(row.p50_ms, 1),
            number(row.p95_ms, 1),
            share(row.p95_of_exact),
            share(row.recall_10),
            share(row.recall_100),
        ]
        for row in rows
    ]
    return markdown_table(headings.split("|"), cells_of)


def main(arguments: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--archive", type=Path, help="take real vectors from this archive")
    options.add_argument("--count", type=int, default=1_000_000, help="vectors stored")
    options.add_argument("--queries", type=int, default=200)
    options.add_argument("--noise", type=float, default=0.4, help="its length, of unit vectors")
    options.add_argument(
        "--indexes",
        nargs="+",
        choices=[key for key in BUILDERS if key != "flat"],
        default=["half", "cells"],
        help="measured beside exact search; ivf-... want cells before them",
    )
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args(arguments)
    if given.count < 1_000 or given.queries <= WARMING:
        options.error(f"--count is at least 1000 and --queries more than {WARMING}")
    if any(key.startswith("ivf-") for key in given.indexes) and "cells" not in given.indexes:
        options.error("ivf-... take their cells from the index `cells`: name that before them")
    source: Copies | Topics
    if given.archive:
        source = Copies(archive_vectors(given.archive), given.queries, given.noise)
    else:
        source = Topics(given.count, given.noise)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        progress(f"drawing {given.count} vectors")
        write_vectors(source, given.count, given.queries, folder)
        rows = run(["flat", *sorted(given.indexes, key=list(BUILDERS).index)], folder)
    if given.json:
        facts = {
            "count": given.count,
            "queries": given.queries,
            "noise": given.noise,
            "vectors": "archive" if given.archive else "generated",
            "faiss": faiss.__version__,
            "threads": THREADS,
        }
        print(json.dumps({**facts, "indexes": [asdict(row) for row in rows]}, indent=2))
    else:
        print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
