"""`dateline timeline` on a real archive."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from command_line import objects, write_jsonl
from typer.testing import CliRunner, Result

from bot.cli.timeline import timeline
from index.archive import Archive
from index.loaders import load_paths

NEWS = [
    {"id": "dam", "date": "2022-05-04", "source": "Courier", "url": "https://news.example/dam",
     "title": "Dam\x07 breaks", "text": "The Orlow dam broke on Tuesday, flooding Velm."},
    {"id": "fine", "date": "2022-11-20", "source": "Herald", "title": "Fine",
     "text": "A court fined the owner of the Orlow dam."},
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    with Archive.open(folder / "home") as archive:
        archive.index(load_paths([write_jsonl(folder / "news.jsonl", *NEWS)]))
    return folder / "home"


def run(home: Path, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(timeline)
    return CliRunner().invoke(app, [*arguments, "--home", str(home)])


def test_for_people(home: Path) -> None:
    result = run(home, "Orlow dam")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "2022-05-03",
        "    “The Orlow dam broke on Tuesday, flooding Velm.”",
        "    [1] Dam breaks, 2022-05-04, Courier",
        "    https://news.example/dam#:~:text=The%20Orlow%20dam%20broke%20on%20Tuesday%2C%20flooding%20Velm.",
        "",
        "2022-11-20 (day of the article)",
        "    “A court fined the owner of the Orlow dam.”",
        "    [2] Fine, 2022-11-20, Herald",
        "",
    ]
    assert "Events left out: 1" in run(home, "Orlow dam", "--most", "1").stdout


def test_for_programs(home: Path) -> None:
    (shown,) = objects(run(home, "Orlow dam", "--source", "herald", "--json"))
    (event,) = shown["events"]
    assert (event["date"], event["dated_by"]) == ("2022-11-20", "article")
    assert event["citation"]["quote"] == NEWS[1]["text"]


def test_no_events(home: Path) -> None:
    result = run(home, "Antarctic whaling")
    assert (result.exit_code, result.stdout) == (3, "No dated events found.\n")


def test_wrong_usage(home: Path) -> None:
    assert run(home, " ").exit_code == 2
    assert run(home, "dam", "--most", "0").exit_code == 2
    swapped = run(home, "dam", "--since", "2022-02-02", "--until", "2022-01-01")
    assert swapped.exit_code == 2
    unknown = run(home, "dam", "--source", "Times")
    assert unknown.exit_code == 1 and "Times" in unknown.stderr
