"""The loaders' fuzzer: that it repeats itself, and that it notices what it looks for."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import fuzz_loaders
from benchmarks.fuzz_loaders import Outcome, fuzz_file, judge, main
from benchmarks.fuzz_samples import samples
from index.article import Article
from index.errors import LoadError


def article(**changes: Any) -> Article:
    fields: dict[str, Any] = {"title": "T", "date": None, "source": "", "url": "", "text": "One."}
    return Article("a", **(fields | changes))


def kinds(outcome: Outcome) -> list[str]:
    return [kind for kind, _ in outcome.problems]


def test_the_same_seed_gives_the_same_files() -> None:
    count = len(samples())
    numbers = range(count, count + 50)
    first = [fuzz_file(1, number)[1] for number in numbers]
    assert first == [fuzz_file(1, number)[1] for number in numbers]
    assert first != [fuzz_file(2, number)[1] for number in numbers]
    assert all(first)


def test_what_counts_as_found() -> None:
    assert kinds(judge([article(), LoadError("a.txt: empty: fill it")], None)) == []
    assert kinds(judge([], None)) == ["lost"]
    assert kinds(judge([LoadError("a.pdf: reading it crashes its parser: x")], None)) == ["crashes"]
    assert kinds(judge([article()], ("Two.",))) == ["texts changed"]
    broken = article()
    object.__setattr__(broken, "title", "\ud800")
    assert kinds(judge([broken], None)) == ["not storable"]
    assert judge([LoadError("a.pdf: reading it takes over 1 s: x")], None).out_of_time == 1


def test_a_short_run_over_the_valid_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--files", str(len(samples()))]) == 0
    printed = capsys.readouterr().out.splitlines()
    articles = sum(len(sample.texts) for sample in samples())
    assert printed[:2] == [f"files: {len(samples())}", f"articles: {articles}"]
    assert "refusals: 0" in printed


def test_a_finding_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Outcome(problems=[("lost", "nothing")])
    monkeypatch.setattr(fuzz_loaders, "_next_outcome", lambda *_: lost)
    assert main(["--files", "1"]) == 1
