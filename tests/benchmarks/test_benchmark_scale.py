"""Vector search at scale: the vectors drawn, and a run over few of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.scale import Copies, Topics, archive_vectors, main, noisy, normalised
from index.vector_index import new_index, write_index

RNG = np.random.default_rng(0)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    vectors = normalised(RNG.standard_normal((800, 32), np.float32))
    index = new_index(32)
    index.add_with_ids(vectors, np.arange(800))
    generation = tmp_path / "archive" / "generations" / "one"
    generation.mkdir(parents=True)
    write_index(index, generation / "faiss.index")
    return tmp_path / "archive"


def test_noise_has_the_length_it_is_said_to_have() -> None:
    vectors = normalised(RNG.standard_normal((2000, 384), np.float32))
    copies = noisy(vectors, 0.5, RNG)
    assert np.linalg.norm(copies, axis=1) == pytest.approx(1, abs=1e-5)
    assert (vectors * copies).sum(axis=1).mean() == pytest.approx(1 / np.sqrt(1.25), abs=0.005)


def test_queries_are_of_vectors_that_are_not_stored(archive: Path) -> None:
    source = Copies(archive_vectors(archive), queries=50, noise=0.1)
    stored, queries = source.block(0, 1500, RNG), source.queries(50, RNG)
    nearest = (queries @ stored.T).max(axis=1)
    assert nearest.max() < 0.95  # a copy of the same vector has about 0.99
    assert (stored[0] @ stored[750], stored[0] @ stored[1]) == (
        pytest.approx(0.99, abs=0.01),
        pytest.approx(0, abs=0.7),
    )


def test_generated_vectors_stand_in_clusters() -> None:
    vectors = Topics(2000, 0.4).block(0, 2000, RNG)
    cosines = vectors[:200] @ vectors.T
    np.fill_diagonal(cosines, 0)
    assert np.sort(cosines, axis=1)[:, -5:].mean() > 0.4 and abs(cosines.mean()) < 0.1


def test_a_run_gives_each_index_its_figures(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--archive", str(archive), "--count", "2500", "--queries", "20"]
    main([*common, "--indexes", "half", "cells", "ivf-half", "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert (figures["count"], figures["queries"], figures["vectors"]) == (2500, 20, "archive")
    exact, half, cells, ivf_half = figures["indexes"]
    assert (exact["recall_10"], exact["p95_of_exact"]) == (1, 1)
    assert half["recall_10"] > 0.97 and 0.8 < cells["recall_100"] < 1
    assert exact["file_mb"] > 1.7 * half["file_mb"] > 2.5 * cells["file_mb"]
    assert ivf_half["file_mb"] > 1.4 * cells["file_mb"]
    assert all(
        row["open_seconds"] > 0 and row["p95_ms"] >= row["p50_ms"] > 0 for row in figures["indexes"]
    )


def test_it_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--count", "1000", "--queries", "8", "--indexes", "half"])
    heading, _, *rows = capsys.readouterr().out.splitlines()
    assert "recall@100" in heading and len(rows) == 2


def test_wrong_options_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["--count", "10"], ["--queries", "3"], ["--indexes", "ivf-pq"]):
        with pytest.raises(SystemExit):
            main(wrong)
    assert "name that before them" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="is it an archive's folder"):
        main(["--archive", str(tmp_path)])
