"""The retrieval benchmark: its judgement of hits, and a whole run."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

from benchmarks.datasets import Question
from benchmarks.peers import Hit, System
from benchmarks.retrieval import gold_end, main, rank_articles

CHECKOUT = Path(__file__).resolve().parents[2]


def test_a_passage_is_right_if_it_holds_a_whole_span_in_the_right_article() -> None:
    question = Question("q", "?", spans=frozenset({("a", 10, 20), ("a", 12, 14)}))
    assert gold_end(Hit("a", 5, 25, ""), question) == 9
    assert gold_end(Hit("a", 10, 20, ""), question) == 4
    assert gold_end(Hit("a", 13, 25, ""), question) is None
    assert gold_end(Hit("b", 5, 25, ""), question) is None
    assert gold_end(Hit("a", -1, -1, ""), question) is None


class TwoLongArticles:
    """200 passages of each of two articles before one of a third."""

    def search(self, query: str, k: int, as_of: dt.date | None = None) -> list[Hit]:
        ids = ["a", *["b"] * 200, *["a"] * 200, "c"]
        return [Hit(id, 0, 1, "") for id in ids[:k]]


def test_articles_are_ranked_by_first_appearance_however_deep_they_lie() -> None:
    assert rank_articles(cast(System, TwoLongArticles()), Question("q", "?")) == ["a", "b", "c"]


def test_a_whole_run(folder: Path, distractors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(folder), "--distractors", str(distractors), "--no-stock", "--bm25-own"]
    assert main([*arguments, "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert (results["articles"], results["questions"]) == (5, 4)
    assert [system["system"] for system in results["systems"]] == [
        "Dateline",
        "BM25, whole articles",
        "BM25, LlamaIndex's chunks",
        "BM25, Dateline's passages",
    ]
    dateline = results["systems"][0]
    assert dateline["by_article"]["hit@5"] == 1.0
    assert dateline["by_passage"]["hit@5"] == 1.0
    assert dateline["by_article"]["ndcg@10"] > 0.5
    assert dateline["passages_per_second"] > 0
    assert dateline["query_ms_p50"] <= dateline["query_ms_p95"]


def test_it_runs_as_a_script_and_prints_tables(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "benchmarks/retrieval.py", str(folder), "--no-peers"]
    command += ["--home", str(tmp_path / "kept"), "--chunk-tokens", "40"]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("**tiny**: 4 articles, 4 questions.")
    assert "\n| by passage " in run.stdout
    again = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    *_, speed = (line for line in again.stdout.splitlines() if line.startswith("| Dateline"))
    assert speed.split("|")[4].strip() == "-", "a kept archive was not built, so it has no rate"


def test_a_wrong_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"articles\.jsonl\.gz: No such file"):
        main([str(tmp_path)])
