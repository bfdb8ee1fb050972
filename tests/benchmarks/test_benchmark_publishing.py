"""The benchmark of decisions about builds."""

from __future__ import annotations

import json

import pytest

from benchmarks.publishing import generated, main, shown


def test_each_decision_is_timed_until_it_is_effective(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--articles", "3", "--rounds", "1", "--rebuild", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["articles"] == 3, "each round leaves the archive as it was"
    times = result["milliseconds"]
    assert {name: len(of["effective"]) for name, of in times.items()} == {
        "Discard one article added": 1,
        "Publish one article added": 1,
        "`/index rollback`": 1,
        "Publish a rebuild": 1,
        "`/index rollback` of a rebuild": 1,
    }
    assert all(min(values) > 0 for of in times.values() for values in of.values())
    table = shown(result)
    assert table.startswith("3 articles, ") and "| Publish a rebuild" in table


def test_generated_articles_are_the_same_each_time() -> None:
    first, again = list(generated(5)), list(generated(5))
    assert first == again and len({one.text for one in first}) == 5
