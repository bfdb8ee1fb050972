"""The benchmark of near copies: exact similarities, edits, and a whole run."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from tiny_dataset import article_row, write_lines

from benchmarks.copies import EDITS
from benchmarks.duplicates import exact_jaccard, main, pairs_of, read_articles
from index.duplicates import shingles

CHECKOUT = Path(__file__).resolve().parents[2]


LETTERS = str.maketrans("0123456789", "abcdefghij")


def story(seed: int, paragraphs: int = 10) -> str:
    """Paragraphs of made-up words, with a year each."""
    chance = random.Random(seed)
    return "\n\n".join(
        " ".join(f"w{seed}x{chance.randrange(300)}" for _ in range(35)).translate(LETTERS)
        + f" in {chance.randrange(1900, 2000)}."
        for _ in range(paragraphs)
    )


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """Four stories, one of them again under the same title and another id."""
    rows = [article_row(f"s{seed}", f"Story {seed}", story(seed)) for seed in range(4)]
    rows.append(article_row("again", "Story 2", story(2) + "\n\n" + story(9, 2)))
    path = tmp_path / "stories"
    write_lines(path / "articles.jsonl.gz", [row | {"date": "2023-05-17"} for row in rows])
    return path


def test_pairs_are_all_pairs_within_a_cluster() -> None:
    assert list(pairs_of([0, 1, 0, 3, 0, 1])) == [(0, 2), (0, 4), (2, 4), (1, 5)]


def test_exact_similarities_are_those_of_the_sets() -> None:
    words = [f"w{n}" for n in range(40)]
    texts = [" ".join(words[start : start + 15]) for start in range(0, 20, 4)] + ["", "none else"]
    sets = [set(shingles(text).hashes.tolist()) for text in texts]
    expected = {
        (a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        for a, b in combinations(range(len(texts)), 2)
        if sets[a] & sets[b]
    }
    found = {(a, b): value for a, b, value in exact_jaccard([shingles(t) for t in texts], 0.01)}
    assert len(expected) > 5
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_changes_the_text_and_keeps_most_of_it_or_of_itself(name: str) -> None:
    text = story(1)
    edited = EDITS[name](random.Random(1), text, story(2))
    assert edited != text
    before, after = set(text.split()), set(edited.split())
    assert len(before & after) > 0.6 * min(len(before), len(after))


def test_a_whole_run(stories: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "pairs.jsonl"
    assert main([str(stories), "--json", "--pairs", str(pairs)]) == 0
    results = json.loads(capsys.readouterr().out)
    assert (results["articles"], results["pairs"]) == (5, 1)
    assert results["same_title_and_date"] == {"pairs": 1, "found": 1}
    every = results["against_all_texts"]
    assert (every["near_copies"], every["found"]) == (1, 1)
    assert results["judged"] is None
    assert [row["edit"] for row in results["edits"]] == list(EDITS)
    assert all(row["found"] + row["wrong"] <= row["articles"] == 5 for row in results["edits"])
    (row,) = map(json.loads, pairs.read_text(encoding="utf-8").splitlines())
    assert (row["ids"], row["copy"]) == (["s2", "again"], None)

    pairs.write_text(json.dumps(row | {"copy": True}), encoding="utf-8")
    assert main([str(stories), "--json", "--judged", str(pairs), "--edited", "1"]) == 0
    results = json.loads(capsys.readouterr().out)
    assert results["judged"] == {"pairs": 1, "not_judged": 0, "precision": 1.0}


def test_it_runs_as_a_script_and_prints_tables(stories: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(CHECKOUT / "benchmarks" / "duplicates.py"), str(stories)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert run.stdout.startswith("**stories**: 5 articles, 1 pairs of near copies in 1 clusters.")
    assert "| first 60 % kept" in run.stdout
    assert "Traceback" not in run.stderr


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"articles\.jsonl\.gz"):
        read_articles([tmp_path])
