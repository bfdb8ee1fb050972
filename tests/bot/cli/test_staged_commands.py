"""`index --stage` and what becomes of it, through the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import dateline, only, write_jsonl


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return tmp_path / "news.jsonl"


@pytest.fixture
def home(tmp_path: Path, news: Path) -> Iterator[Path]:
    """The bridge is open; that it is closed is staged."""
    write_jsonl(news, {"id": "bridge", "text": "The bridge is open."})
    told(tmp_path / "home", "index", news)
    write_jsonl(
        news,
        {"id": "bridge", "title": "Shut\x1b[31m!", "text": "The bridge is closed."},
        {"id": "ferry", "title": "Ferry", "text": "The ferry runs."},
        {"id": "empty", "text": " "},
    )
    yield tmp_path / "home"


def told(home: Path, *arguments: str | Path) -> dict[str, Any]:
    result = dateline(home, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return only(result)


def text(home: Path) -> str:
    shown: str = told(home, "articles", "show", "bridge")["text"]
    return shown


def test_stage_show_publish_and_roll_back(home: Path, news: Path) -> None:
    built = told(home, "index", news, "--stage")
    assert (built["generation"], built["base"]) == (2, 1)
    assert built["added"] == [{"id": "ferry", "title": "Ferry"}]
    assert [one["id"] for one in built["changed"]] == ["bridge"]
    assert built["report"]["failed"] == len(built["failed"]) == 1
    assert text(home) == "The bridge is open."
    assert told(home, "status")["staged"] == 2
    assert told(home, "staged", "show")["staged"]["generation"] == 2
    lines = dateline(home, "staged", "show").stdout.splitlines()
    assert lines[0] == "Staged: generation 2, built on 1"
    assert "Articles: 1 changed" in lines and "  bridge  Shut!" in lines
    assert "  ferry  Ferry" in lines and "Not read: 1" in lines
    listed = dateline(home, "generations").stdout.splitlines()
    assert listed[0].startswith("*    1  ") and listed[1].startswith("+    2  ")
    assert told(home, "staged", "publish")["generation"] == 2
    assert text(home) == "The bridge is closed."
    assert told(home, "rollback", "1")["generation"] == 1
    assert text(home) == "The bridge is open."


def test_what_is_staged_comes_before_another_build(home: Path, news: Path) -> None:
    assert "Staged: generation 2;" in dateline(home, "index", news, "--stage").stdout
    refused = dateline(home, "index", news)
    assert refused.exit_code == 1
    assert "`dateline staged publish 2` or `dateline staged discard 2` first" in refused.stderr
    assert dateline(home, "staged", "discard", "1").exit_code == 1
    assert dateline(home, "staged", "discard").stdout == "Discarded generation 2\n"
    assert told(home, "index", news)["generation"] == 3
    assert text(home) == "The bridge is closed."
    assert "nothing to change" in dateline(home, "index", news, "--stage").stdout


def test_nothing_staged_is_said(home: Path) -> None:
    assert told(home, "staged", "show") == {"staged": None}
    assert dateline(home, "staged", "show").stdout.startswith("Nothing is staged")
    for act in ("publish", "discard"):
        result = dateline(home, "staged", act, "--json")
        assert result.exit_code == 1 and result.stderr.startswith("dateline: nothing is staged")
        assert list(json.loads(result.stdout)) == ["error"]


def test_watching_stages_nothing(home: Path, news: Path) -> None:
    result = dateline(home, "index", news.parent, "--watch", "--stage")
    assert result.exit_code == 2 and "--watch" in result.stderr
