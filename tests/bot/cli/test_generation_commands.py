"""Export, import, generations, rollback and gc on real archives."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import articles, asking, building, generations

APP = typer.Typer()
APP.command("index")(building.index)
APP.command("search")(asking.search)
APP.command("verify")(building.verify)
APP.add_typer(articles.app, name="articles")
APP.command("export")(generations.export_archive)
APP.command("import")(generations.import_archive)
APP.command("generations")(generations.list_generations)
APP.command("rollback")(generations.roll_back)
APP.command("gc")(generations.collect_garbage)


def dateline(home: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, [*map(str, arguments), "--home", str(home)])


def told(home: Path, *arguments: str | Path) -> dict[str, Any]:
    result = dateline(home, *arguments, "--json")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    value: dict[str, Any] = json.loads(line)
    return value


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Two generations: the bridge is closed in the newer one."""
    news = tmp_path / "news.jsonl"
    for number, text in enumerate(["The bridge is open.", "The bridge is closed."], start=1):
        news.write_text(json.dumps({"id": "bridge", "text": text}) + "\n")
        assert told(tmp_path / "home", "index", news)["generation"] == number
    yield tmp_path / "home"


def text(home: Path) -> str:
    shown: str = told(home, "articles", "show", "bridge")["text"]
    return shown


def test_generations_are_listed_with_the_one_that_serves(home: Path) -> None:
    first, second = told(home, "generations")["generations"]
    assert (first["generation"], first["serving"]) == (1, False)
    assert (second["generation"], second["serving"]) == (2, True)
    assert second["articles"] == second["passages"] == 1 and second["bytes"] > 1000
    lines = dateline(home, "generations").stdout.splitlines()
    assert lines[0].startswith("     1  20") and lines[1].startswith("*    2  20")
    assert "1 articles, 1 passages" in lines[1]


def test_an_empty_archive_has_no_generation(tmp_path: Path) -> None:
    assert "No generation yet" in dateline(tmp_path / "new", "generations").stdout
    assert told(tmp_path / "new", "generations") == {"generations": []}


def test_rolling_back_serves_the_older_text_until_it_is_rolled_forth(home: Path) -> None:
    assert told(home, "rollback", "1")["generation"] == 1
    assert text(home) == "The bridge is open."
    assert "Serving generation 2 of 20" in dateline(home, "rollback", "2").stdout
    assert text(home) == "The bridge is closed."
    refused = dateline(home, "rollback", "7")
    assert refused.exit_code == 1
    assert refused.stderr == "dateline: there is no generation 7: there is 1, 2\n"


def test_garbage_is_collected_and_the_freed_bytes_are_told(home: Path) -> None:
    (home / "generations" / "left").mkdir()
    (home / "generations" / "left" / "faiss.index").write_bytes(bytes(100_000))
    before = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    report = told(home, "gc", "--keep", "1")
    after = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    assert report["generations"] == 1
    assert 100_000 < report["freed_bytes"] <= before - after + 100_000
    assert len(told(home, "generations")["generations"]) == 1
    assert "Freed: 0 bytes\nGenerations: 1\n" in dateline(home, "gc").stdout
    assert dateline(home, "gc", "--keep", "0").exit_code == 2
    assert dateline(home, "verify").exit_code == 0


def test_an_export_is_imported_elsewhere_and_answers_the_same(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    report = told(home, "export", file)
    assert report["generation"] == 2 and report["bytes"] == file.stat().st_size
    assert f"Exported: {file} (" in dateline(home, "export", file).stdout
    other = tmp_path / "other"
    assert told(other, "import", file)["articles"] == 1
    assert dateline(other, "verify").stdout == "everything holds\n"
    query = ("search", "Is the bridge open?")
    assert told(other, *query) == told(home, *query)


def test_an_import_replaces_articles_only_if_told_to(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    told(home, "rollback", "1")
    told(home, "export", file)
    told(home, "rollback", "2")
    refused = dateline(home, "import", file)
    assert refused.exit_code == 1 and "holds 1 articles: use --replace" in refused.stderr
    assert text(home) == "The bridge is closed."
    assert f"Imported: {file} (" in dateline(home, "import", file, "--replace").stdout
    assert text(home) == "The bridge is open."


def test_errors_are_one_line(home: Path, tmp_path: Path) -> None:
    (tmp_path / "no.tar").write_bytes(b"PK\3\4" + bytes(2000))
    for arguments in (
        ["import", tmp_path / "no.tar", "--replace"],
        ["import", tmp_path / "gone.tar"],
        ["export", tmp_path / "no" / "folder.tar"],
        ["export", home / "inside.tar"],
    ):
        result = dateline(home, *arguments, "--json")
        assert result.exit_code == 1
        assert result.stderr.startswith("dateline: ") and result.stderr.count("\n") == 1
        assert list(json.loads(result.stdout.splitlines()[-1])) == ["error"]
