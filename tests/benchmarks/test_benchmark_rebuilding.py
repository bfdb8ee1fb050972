"""The benchmarks of builds that change little, and of one question from nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.cold_start import report, timed
from benchmarks.rebuilding import main


def test_a_full_build_then_nothing_then_one_article(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(folder), "--home", str(tmp_path / "home")]
    assert main([*arguments, "--json"]) == 0
    results = json.loads(capsys.readouterr().out)
    full, nothing, one = (
        results[name] for name in ("full build", "nothing changed", "one article added")
    )
    assert full["embedded"] == full["passages"] > 0 and full["unchanged"] == 0
    assert nothing["embedded"] == 0 and nothing["unchanged"] == full["added"]
    assert (one["added"], one["embedded"], one["passages"]) == (1, 1, full["passages"] + 1)
    assert main(arguments) == 0  # over an archive that is there, which it leaves as it was
    table = capsys.readouterr().out
    assert "full build" not in table and "| one article added |" in table


def test_a_process_that_fails_is_not_timed() -> None:
    assert timed([sys.executable, "-c", "raise SystemExit(3)"]) > 0
    with pytest.raises(subprocess.CalledProcessError):
        timed([sys.executable, "-c", "raise SystemExit(1)"])


def test_times_are_compared_with_stock() -> None:
    table = report("tiny", {"dateline ask": 1.5, "LlamaIndex, stock": 6.0})
    assert "| dateline ask      |    1.50 |     0.25 |" in table
