from pathlib import Path

import numpy as np
import pytest

from index.errors import CorruptIndexError
from index.vector_index import LEAST_IVF, new_index, updated
from index.vector_report import FILE, VectorReport

DIMENSION = 16


def vectors(count: int, seed: int = 1) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def in_cells(count: int) -> object:
    """An index that is let have so little memory that it cannot be exact."""
    return updated(
        new_index(DIMENSION),
        removed=np.empty(0, np.int64),
        ids=np.arange(count),
        vectors=vectors(count),
        memory_bytes=1,
    )


def test_an_exact_search_finds_all() -> None:
    index = new_index(DIMENSION)
    index.add_with_ids(vectors(5), np.arange(5))
    assert VectorReport.of(index) == VectorReport("exact", 0, 0, 1.0, 1.0, 5)


def test_a_search_of_cells_is_measured_and_not_again_for_a_few_more() -> None:
    count = 2 * LEAST_IVF
    index = in_cells(count)
    report = VectorReport.of(index)
    assert (report.kind, report.measured_over) == ("ivf", count)
    assert 0 < report.cells_searched <= report.cells and 0.9 < report.recall_at_10 <= 1
    before = VectorReport("ivf", report.cells, report.cells_searched, 0.5, 0.5, count)
    index.add_with_ids(vectors(10, 2), np.arange(count, count + 10))
    assert VectorReport.of(index, before) is before
    index.add_with_ids(vectors(200, 3), np.arange(count + 10, count + 210))
    assert VectorReport.of(index, before).measured_over == count + 210


def test_it_is_kept_beside_the_vectors(tmp_path: Path) -> None:
    report = VectorReport("ivf", 100, 7, 0.9812, 0.975, 12345)
    report.save(tmp_path)
    assert VectorReport.load(tmp_path) == report
    (tmp_path / FILE).write_text("{}")
    with pytest.raises(CorruptIndexError, match=r"vectors\.json.*--rebuild"):
        VectorReport.load(tmp_path)
