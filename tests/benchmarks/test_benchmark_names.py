import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.names import (
    DIFFERENT,
    HALVES,
    RESPELLING,
    VARIANT,
    main,
    meetings,
    read_pairs,
    respelled,
    ways,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def test_the_pairs_are_enough_and_none_is_there_twice() -> None:
    pairs = read_pairs()
    kinds = Counter(pair.kind for pair in pairs)
    assert set(kinds) == {VARIANT, DIFFERENT, RESPELLING}
    assert kinds[VARIANT] >= 100 and kinds[DIFFERENT] >= 200
    judged = [{pair.name, pair.other} for pair in pairs if pair.kind != RESPELLING]
    assert all(len(names) == 2 and judged.count(names) == 1 for names in judged)
    assert {pair.half for pair in pairs} == set(HALVES)


@pytest.mark.parametrize("half", HALVES)
def test_name_keys_find_spellings_and_tell_names_apart(half: str) -> None:
    rows = {row["system"]: row for row in meetings(read_pairs(), ways())}
    assert rows["name key"][f"{VARIANT}, {half}"] > 0.85
    assert rows["name key"][f"{DIFFERENT}, {half}"] < 0.15
    assert rows["terms"][f"{VARIANT}, {half}"] < 0.1


def test_a_question_is_respelled_by_whole_capitalised_words() -> None:
    others = {"Kyiv": "Kiev"}
    assert respelled("Is Kyiv near Kyivska, kyiv?", others) == "Is Kiev near Kyivska, kyiv?"


def test_without_a_folder_it_prints_the_pairs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "| name key " in printed and "hit@5" not in printed


def test_it_runs_as_a_script_over_a_folder(folder: Path) -> None:
    command = [sys.executable, "benchmarks/names.py", str(folder), "--json"]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    results = json.loads(run.stdout)
    everything = [row for row in results["retrieval"] if row["questions"] == "all"]
    assert [row["system"] for row in everything] == [
        "terms",
        "name keys for unknown words",
        "name keys for all words",
    ]
    assert [row["hit@1"] for row in everything] == [1.0, 1.0, 1.0]
    assert all(row["count"] == 4 and row["words_per_second"] > 0 for row in everything)


def test_a_wrong_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"articles\.jsonl\.gz: No such file"):
        main([str(tmp_path)])
