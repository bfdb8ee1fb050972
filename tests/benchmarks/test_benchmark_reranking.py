"""The reranking benchmark: what it measures, and a whole run."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import reranking
from benchmarks.reranking import ORDERS, TEXTS, main
from index.cross_encoder import PACKAGE
from index.evaluation.metrics import searchable_words

needs_packaged = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None,
    reason="the extra is not installed: pip install 'dateline[rerank]'",
)


class SharedWords:
    """Scores a text by how many words of the query it has, or, as the worst reranker, has not."""

    def __init__(self, sign: int) -> None:
        self.sign = sign

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        wanted = set(searchable_words(query).split())
        shared = [len(wanted & set(searchable_words(text).split())) for text in texts]
        return np.array([self.sign * count for count in shared], np.float32)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    results: dict[str, Any] = json.loads(capsys.readouterr().out)
    return results


@pytest.mark.parametrize(("sign", "best"), [(1, 1.0), (-1, 0.0)])
def test_what_a_reranker_does_to_the_order_is_what_is_measured(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    sign: int,
    best: float,
) -> None:
    monkeypatch.setattr(reranking, "load_reranker", lambda name: SharedWords(sign))
    results = run(capsys, str(folder), "--depth", "4", "1")
    plain, *rows = results["rows"]
    assert plain["by_article"]["hit@1"] == 1.0
    assert [(row["text"], row["depth"], row["order"]) for row in rows] == [
        (text, depth, order) for text in TEXTS for depth in (1, 4) for order in ORDERS
    ]
    for row in rows:
        if row["depth"] == 1:
            assert row["by_article"] == plain["by_article"]
        elif row["order"] == "alone":
            assert row["by_article"]["hit@1"] == row["by_passage"]["hit@1"] == best
        assert row["query_ms_p50"] >= plain["query_ms_p50"]


@needs_packaged
def test_a_whole_run(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = [str(folder), "--home", str(tmp_path / "kept"), "--depth", "3"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("**tiny**, ms-marco-MiniLM-L-12-v2: 4 articles, 4 questions.")
    assert "\n| search alone " in printed and "\n| reranker, fused " in printed


def test_a_wrong_option_is_one_line(folder: Path) -> None:
    with pytest.raises(SystemExit, match="from 1 to"):
        main([str(folder), "--depth", "0"])
    with pytest.raises(SystemExit, match="name a model"):
        main([str(folder), "--reranker", ""])
    with pytest.raises(SystemExit, match="cannot be loaded"):
        main([str(folder), "--reranker", "./no/such/folder"])
