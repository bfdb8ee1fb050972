"""The commands on a real archive: the seed article and a hostile one."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import dateline, objects, only, write_jsonl

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "seeds"
SEED_ID = "000_f3a08efafe655cd7"
HOSTILE = {
    "id": "hostile",
    "title": "[bold]The \x1b[31mmayor[/bold]",
    "date": "2023-01-02",
    "source": "Gazette\x07",
    "url": "https://example.org/mayor",
    "text": (
        "The mayor of Springfield, José Ortega, resigned on Monday.\r\n\r\n"
        "\x1b[2J\x1b]0;pwned\x07[link=https://evil.example]The council\u2028elected "
        "[red]Ana Björk[/red] to succeed him. 😀\x85 \u202eend"
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that the tests of this module only read."""
    folder = tmp_path_factory.mktemp("archive")
    result = dateline(folder, "index", SEEDS, write_jsonl(folder / "news.jsonl", HOSTILE))
    assert result.exit_code == 0, result.output
    assert "Articles: 2 added, 0 changed, 0 unchanged, 0 failed\n" in result.stdout
    return folder


def shown(home: Path, id: str) -> dict[str, Any]:
    return only(dateline(home, "articles", "show", id, "--json"))


def test_index_again_changes_only_what_changed(tmp_path: Path) -> None:
    news = write_jsonl(tmp_path / "news.jsonl", HOSTILE, {"id": "two", "text": "Rain fell."})
    home = tmp_path / "home"
    added = dateline(home, "index", news, "--json")
    assert added.exit_code == 0
    assert (only(added)["added"], only(added)["failed"]) == (2, [])
    write_jsonl(news, HOSTILE, {"id": "two", "text": "Snow fell."}, {"id": "bad"}, {"text": "New."})
    again = dateline(home, "index", news, tmp_path / "gone.txt", "--json")
    assert again.exit_code == 0
    report = only(again)
    assert (report["added"], report["changed"], report["unchanged"]) == (1, 1, 1)
    assert len(report["failed"]) == 2
    assert f"failed: {news}, line 3: the text is missing or empty" in again.stderr
    assert f"failed: {tmp_path}/gone.txt: no such file or folder" in again.stderr
    rebuilt = dateline(home, "index", "--rebuild")
    assert rebuilt.exit_code == 0
    assert "Passages: 3 (3 newly embedded)" in rebuilt.stdout
    assert dateline(home, "verify").exit_code == 0


def test_index_of_nothing_readable_exits_1(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0")
    result = dateline(tmp_path / "home", "index", tmp_path)
    assert result.exit_code == 1
    assert f"failed: {tmp_path}/a.txt: looks like a binary file" in result.stderr
    assert "dateline: nothing could be read" in result.stderr


def test_ask_prints_the_cited_answer(home: Path) -> None:
    result = dateline(home, "ask", "where was Al Quraishi killed?")
    assert result.exit_code == 0, result.output
    assert (
        "Al Quraishi blew himself up during a US raid in the town of Atme, Idlib" in result.stdout
    )
    assert "[1] The US has admitted" in result.stdout
    assert "2022-10-06" in result.stdout


def test_ask_in_json_quotes_exactly(home: Path) -> None:
    answer = only(dateline(home, "ask", "Who succeeds the mayor of Springfield?", "--json"))
    assert answer["id"] is None
    for citation in answer["citations"]:
        text = shown(home, citation["article_id"])["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_abstains_with_exit_3(home: Path) -> None:
    result = dateline(home, "ask", "Who is the president of France?")
    assert result.exit_code == 3
    assert result.stdout.startswith("No answer found.\nThe closest passages:\n")
    in_json = dateline(home, "ask", "Who is the president of France?", "--json")
    assert in_json.exit_code == 3
    assert only(in_json)["answered"] is False and only(in_json)["passages"]


def test_ask_a_file_of_questions(home: Path, tmp_path: Path) -> None:
    lines = [
        {"id": "q1", "question": "Where was Al Baghdadi killed?", "answers": ["Barisha"]},
        {"id": 2, "question": ""},
        {"question": "Who is the president of France?"},
    ]
    path = tmp_path / "q.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    result = dateline(home, "ask", "--file", path, "--json")
    assert result.exit_code == 1
    first, bad, last = objects(result)
    assert first["id"] == "q1" and "Barisha" in first["citations"][0]["quote"]
    assert bad == {"id": 2, "error": f"{path}, line 2: the question is empty"}
    assert (last["id"], last["answered"]) == (None, False)

    readable = dateline(home, "ask", "--file", path)
    assert readable.exit_code == 1
    assert "Question: Where was Al Baghdadi killed?\n" in readable.stdout
    assert f"Error: {path}, line 2: the question is empty\n" in readable.stdout

    good = json.dumps({"id": 1, "q": "Who is the president of France?"})
    from_stdin = dateline(home, "ask", "--file", "-", "--json", "--field", "q", input=good)
    assert from_stdin.exit_code == 0
    assert only(from_stdin)["id"] == 1


def test_search_ranks_passages(home: Path) -> None:
    result = only(dateline(home, "search", "mayor of Springfield", "-k", "2", "--json"))
    first, *rest = result["passages"]
    assert (first["rank"], first["article_id"]) == (1, "hostile")
    assert len(rest) <= 1
    assert HOSTILE["text"][first["start"] : first["end"]] == first["text"]
    readable = dateline(home, "search", "mayor of Springfield", "-k", "1")
    assert readable.stdout.startswith("1. [bold]The mayor[/bold], 2023-01-02, Gazette  [")
    assert "[red]Ana Björk[/red]" in readable.stdout
    assert "\x1b" not in readable.stdout and "pwned" not in readable.stdout


def test_articles_list_and_show(home: Path) -> None:
    listed = only(dateline(home, "articles", "list", "--json"))["articles"]
    assert {article["id"] for article in listed} == {SEED_ID, "hostile"}
    assert all(article["passages"] >= 1 for article in listed)
    readable = dateline(home, "articles", "list").stdout
    assert "2023-01-02  hostile  [bold]The mayor[/bold]\n" in readable
    article = shown(home, "hostile")
    assert {name: article[name] for name in HOSTILE} == HOSTILE
    assert len(article["content_hash"]) == 64
    text = dateline(home, "articles", "show", "hostile").stdout
    assert text.startswith("[bold]The mayor[/bold]\n2023-01-02\nGazette\nhttps://example.org/mayor")
    assert all(c == "\n" or c.isprintable() or c == "\u2028" for c in text)


def test_articles_remove_all_or_nothing(tmp_path: Path) -> None:
    news = write_jsonl(tmp_path / "n.jsonl", HOSTILE, {"id": "two", "text": "Rain fell."})
    home = tmp_path / "home"
    assert dateline(home, "index", news).exit_code == 0
    refused = dateline(home, "articles", "remove", "two", "gone", "lost")
    assert refused.exit_code == 1
    assert "gone" in refused.stderr and "lost" in refused.stderr
    assert len(only(dateline(home, "articles", "list", "--json"))["articles"]) == 2
    removed = dateline(home, "articles", "remove", "two")
    assert removed.exit_code == 0
    assert removed.stdout.startswith("Articles: 1 removed\n")
    assert only(dateline(home, "articles", "remove", "hostile", "--json"))["removed"] == 1
    assert dateline(home, "articles", "show", "two").exit_code == 1
    assert dateline(home, "verify").exit_code == 0


def test_status_and_verify(home: Path) -> None:
    status = dateline(home, "status")
    assert status.exit_code == 0
    assert "articles: 2\n" in status.stdout
    assert only(dateline(home, "status", "--json"))["articles"] == 2
    verified = dateline(home, "verify")
    assert (verified.exit_code, verified.stdout) == (0, "everything holds\n")
    assert only(dateline(home, "verify", "--json")) == {"holds": True, "problems": []}


@pytest.mark.parametrize("command", [["ask", "Where?"], ["search", "raid"]])
def test_without_an_index_it_says_so(tmp_path: Path, command: list[str]) -> None:
    result = dateline(tmp_path, *command, "--json")
    assert result.exit_code == 1
    assert result.stderr.startswith("dateline: ") and result.stderr.count("\n") == 1
    assert list(only(result)) == ["error"]


def test_json_is_utf8_whatever_the_locale(home: Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "bot.cli", "articles", "show", "hostile", "--json"],
        env=environment | {"DATELINE_HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert "José Ortega".encode() in ran.stdout
    assert json.loads(ran.stdout)["text"] == HOSTILE["text"]
    assert ran.stderr == b""


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    news = write_jsonl(tmp_path / "n.jsonl", HOSTILE | {"id": "long", "source": "x" * 500_000})
    home = tmp_path / "home"
    assert dateline(home, "index", news).exit_code == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "articles", "show", "long", "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout and process.stderr
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 1
