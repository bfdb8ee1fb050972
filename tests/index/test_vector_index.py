from collections.abc import Callable
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorruptIndexError
from index.vector_index import (
    EXACT_LIMIT,
    LEAST_IVF,
    RECALL,
    Ids,
    Vectors,
    choose,
    decode,
    is_exact,
    is_mapped,
    locate,
    new_index,
    open_index,
    read_index,
    recall,
    updated,
    write_index,
)

DIMENSION = 16
NONE = np.empty(0, np.int64)
CELLS = 1
"""A memory limit that only an index of cells is chosen for."""


def clustered(count: int, seed: int = 0) -> Vectors:
    """Normalised vectors around thirty topics."""
    rng = np.random.default_rng(seed)
    topics = np.random.default_rng(99).standard_normal((30, DIMENSION))
    vectors = topics[rng.integers(30, size=count)] + 0.7 * rng.standard_normal((count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def ids_of(count: int) -> Ids:
    """Ids with gaps, not in order."""
    return np.random.default_rng(1).permutation(np.arange(count) * 3 + 5)


def filled(count: int, memory_bytes: int | None) -> faiss.Index:
    empty = new_index(DIMENSION)
    ids, vectors = ids_of(count), clustered(count)
    return updated(empty, removed=NONE, ids=ids, vectors=vectors, memory_bytes=memory_bytes)


def stored(index: faiss.Index, ids: Ids) -> Vectors:
    found, rows = locate(index).find(np.sort(ids))
    assert found.tolist() == np.sort(ids).tolist()
    return decode(index, rows)


@pytest.fixture(params=[None, CELLS], ids=["exact", "ivf"])
def index(request: pytest.FixtureRequest) -> faiss.Index:
    return filled(1500, request.param)


@given(st.integers(0, 10**8), st.integers(1, 4096), st.none() | st.integers(1, 2**40))
def test_cells_are_for_many_vectors_or_little_memory(
    count: int, dimension: int, memory: int | None
) -> None:
    choice = choose(count, dimension, memory)
    if choice.kind == "exact":
        assert choice.lists == 0 and count <= EXACT_LIMIT
        assert count < LEAST_IVF or memory is None or choice.bytes <= memory
    else:
        assert count > EXACT_LIMIT or (memory is not None and count * (2 * dimension + 8) > memory)
        assert count >= 39 * choice.lists > 0  # FAISS warns when it is trained with fewer


def test_a_million_vectors_take_less_than_a_third_of_single_precision() -> None:
    choice = choose(1_000_000, 384)
    assert (choice.kind, choice.lists) == ("ivf", 4000)
    assert choice.bytes < 1_000_000 * 384 * 4 / 3
    assert choose(EXACT_LIMIT, 384).kind == "exact"


def test_the_bytes_are_about_those_of_the_file(index: faiss.Index, tmp_path: Path) -> None:
    write_index(index, tmp_path / "f")
    choice = choose(1500, DIMENSION, None if is_exact(index) else CELLS)
    assert choice.bytes == pytest.approx((tmp_path / "f").stat().st_size, rel=0.05)


def test_it_holds_what_was_added_under_its_ids(index: faiss.Index) -> None:
    entries = locate(index)
    assert entries.ids.tolist() == sorted(ids_of(1500))
    order = np.argsort(ids_of(1500))
    assert np.abs(decode(index, entries.rows) - clustered(1500)[order]).max() < 0.01
    found, rows = entries.find(np.array([-1, 5, 6, 8, 10**12]))
    assert (found.tolist(), len(rows)) == ([5, 8], 2)


def test_an_empty_index_holds_nothing() -> None:
    entries = locate(new_index(DIMENSION))
    assert [len(part) for part in entries.find(np.array([1, 2]))] == [0, 0]
    assert decode(new_index(DIMENSION), NONE).shape == (0, DIMENSION)
    assert recall(new_index(DIMENSION)).queries == 0


def test_few_changes_leave_the_index_and_its_cells_as_they_are(index: faiss.Index) -> None:
    memory = None if is_exact(index) else CELLS
    removed, ids, vectors = ids_of(1500)[:20], np.array([10_001, 10_002]), clustered(2, seed=5)
    after = updated(index, removed=removed, ids=ids, vectors=vectors, memory_bytes=memory)
    assert after is index and after.ntotal == 1482
    held = locate(after).ids
    assert not np.isin(removed, held).any() and np.isin(ids, held).all()
    assert np.abs(stored(after, ids) - vectors).max() < 0.01


def test_cells_are_trained_anew_when_their_number_has_doubled_and_nothing_is_rounded_twice() -> (
    None
):
    before = filled(1500, CELLS)
    old = stored(before, ids_of(1500))
    more, ids = clustered(1600, seed=2), np.arange(20_000, 21_600)
    after = updated(before, removed=NONE, ids=ids, vectors=more, memory_bytes=CELLS)
    assert (before.nlist, after.nlist, after.ntotal) == (37, 77, 3100)
    assert np.array_equal(stored(after, ids_of(1500)), old)
    again = updated(after, removed=ids[:1], ids=ids[:1], vectors=more[:1], memory_bytes=CELLS)
    assert again is after


def test_it_changes_type_when_it_grows_and_when_it_shrinks() -> None:
    small = filled(900, CELLS)
    assert is_exact(small)  # too few for cells, whatever the memory
    grown = updated(
        small,
        removed=NONE,
        ids=np.arange(9_000, 10_000),
        vectors=clustered(1000, seed=3),
        memory_bytes=CELLS,
    )
    assert not is_exact(grown) and grown.ntotal == 1900
    kept = updated(
        grown, removed=ids_of(900)[:500], ids=NONE, vectors=clustered(0), memory_bytes=CELLS
    )
    assert not is_exact(kept)
    assert locate(kept).ids.tolist() == sorted([*ids_of(900)[500:], *range(9_000, 10_000)])
    shrunk = updated(
        kept, removed=np.arange(9_000, 10_000), ids=NONE, vectors=clustered(0), memory_bytes=CELLS
    )
    assert is_exact(shrunk) and locate(shrunk).ids.tolist() == sorted(ids_of(900)[500:])


def test_nprobe_is_the_least_that_reaches_the_recall_and_is_kept_in_the_file(
    tmp_path: Path,
) -> None:
    index = filled(3000, CELLS)
    assert recall(index).at_100 >= RECALL and recall(index).queries == 200
    write_index(index, tmp_path / "f")
    assert open_index(tmp_path / "f").nprobe == index.nprobe > 1
    index.nprobe -= 1
    assert recall(index).at_100 < RECALL
    index.nprobe = index.nlist
    assert (recall(index).at_10, recall(index).at_100) == (1, 1)


def test_recall_is_that_of_single_precision_search() -> None:
    """Against FAISS's own exact search, of the same queries, over the vectors as stored."""
    index = filled(3000, CELLS)
    index.nprobe = 4
    entries = locate(index)
    vectors = decode(index, entries.rows)
    reference = faiss.IndexFlatIP(DIMENSION)
    reference.add(vectors)
    chosen = np.random.default_rng(0).choice(3000, 200, replace=False)
    true = entries.ids[reference.search(vectors[chosen], 11)[1][:, 1:]]
    found = index.search(vectors[chosen], 11)[1]
    shares = [len(set(t) & set(f)) / 10 for t, f in zip(true, found, strict=True)]
    assert recall(index).at_10 == pytest.approx(np.mean(shares), abs=1e-3) and np.mean(shares) < 1


def test_equally_near_passages_are_equally_right() -> None:
    same = np.repeat(clustered(1), 300, axis=0)
    index = updated(new_index(DIMENSION), removed=NONE, ids=np.arange(300), vectors=same)
    assert (recall(index).at_10, recall(index).at_100) == (1, 1)


def test_a_mapped_index_finds_the_same_also_after_its_file_is_deleted(
    index: faiss.Index, tmp_path: Path
) -> None:
    write_index(index, tmp_path / "f")
    mapped = open_index(tmp_path / "f")
    assert is_mapped(mapped) and not is_mapped(read_index(tmp_path / "f"))
    (tmp_path / "f").unlink()
    queries = clustered(20, seed=7)
    assert np.array_equal(mapped.search(queries, 10)[1], index.search(queries, 10)[1])
    assert np.array_equal(locate(mapped).ids, locate(index).ids)
    assert np.array_equal(stored(mapped, ids_of(1500)), stored(index, ids_of(1500)))


@pytest.mark.parametrize("read", [read_index, open_index])
def test_damaged_files_are_named(
    index: faiss.Index, tmp_path: Path, read: Callable[[Path], faiss.Index]
) -> None:
    write_index(index, tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    for size in (len(whole) - 8, len(whole) // 2, 100, 3, 0):
        (tmp_path / "cut").write_bytes(whole[:size])
        with pytest.raises(CorruptIndexError, match=r"cut cannot be read: .*--rebuild"):
            read(tmp_path / "cut")
    with pytest.raises(CorruptIndexError, match="missing"):
        read(tmp_path / "missing")


@pytest.mark.parametrize("description", ["Flat", "IDMap,Flat", "IVF2,Flat"])
def test_an_index_of_another_type_is_refused(description: str, tmp_path: Path) -> None:
    other = faiss.index_factory(DIMENSION, description, faiss.METRIC_INNER_PRODUCT)
    other.train(clustered(100))
    faiss.write_index(other, str(tmp_path / "f"))
    with pytest.raises(CorruptIndexError, match=r"which is not Dateline's"):
        read_index(tmp_path / "f")
