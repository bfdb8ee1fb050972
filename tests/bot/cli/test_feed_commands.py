"""`dateline feeds` and `dateline index URL` against a real server on loopback."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result
from web_server import Reply, WebServer, web_server

from bot.cli.app import app

ROOT = Path(__file__).parents[3]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("DATELINE_FETCH_ALLOW_LOOPBACK", "true")
    monkeypatch.setenv("DATELINE_FETCH_DELAY", "0")
    with web_server() as server:
        server.page("/a", "A new bridge")
        server.page("/b", "The old bridge")
        items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in "ab")
        feed = f'<rss version="2.0"><channel><title>The Gazette</title>{items}</channel></rss>'
        server.pages["/feed"] = Reply(feed, headers={"Content-Type": "application/rss+xml"})
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def dateline(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(home)])


def only(result: Result) -> dict[str, Any]:
    (line,) = result.stdout.splitlines()
    value: dict[str, Any] = json.loads(line)
    return value


def test_a_subscription_from_its_beginning_to_its_end(site: WebServer, home: Path) -> None:
    feed = f"{site.url}/feed"
    added = dateline(home, "feeds", "add", feed, "--every", "2h", "--set", "town")
    assert added.exit_code == 0, added.output
    assert "Subscribed: The Gazette, every 2h" in added.stdout
    (listed,) = only(dateline(home, "feeds", "list", "--json"))["feeds"]
    assert (listed["url"], listed["set"], listed["every_seconds"]) == (feed, "town", 7200)
    assert listed["polled_at"] is None

    polled = dateline(home, "feeds", "poll")
    assert polled.exit_code == 0, polled.output
    assert "Feeds: 1 polled, 0 unchanged, 0 failed\nArticles: 2 added, 0 changed" in polled.stdout
    assert "Feeds: 0 polled" in dateline(home, "feeds", "poll").stdout
    again = only(dateline(home, "feeds", "poll", feed, "--json"))
    assert (again["polled"], again["entries"], again["build"]) == (1, 0, None)
    assert "2h    20" in dateline(home, "feeds", "list").stdout

    removed = dateline(home, "feeds", "remove", feed.upper().replace("FEED", "feed"), feed)
    assert removed.exit_code == 0 and "Feeds: 1 removed" in removed.stdout
    assert dateline(home, "feeds", "list").stdout == ""
    articles = only(dateline(home, "articles", "list", "--json"))["articles"]
    assert {article["url"] for article in articles} == {f"{site.url}/a", f"{site.url}/b"}


@pytest.mark.parametrize(
    ("path", "reason"), [("/a", "no RSS or Atom feed"), ("/none", "no such page (404)")]
)
def test_what_is_no_feed_is_not_added(site: WebServer, home: Path, path: str, reason: str) -> None:
    result = dateline(home, "feeds", "add", site.url + path)
    assert result.exit_code == 1
    assert reason in result.stderr and "Traceback" not in result.stderr
    assert only(dateline(home, "feeds", "list", "--json"))["feeds"] == []


def test_a_feed_of_this_machine_is_refused_by_default(
    site: WebServer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_FETCH_ALLOW_LOOPBACK")
    result = dateline(home, "feeds", "add", f"{site.url}/feed")
    assert result.exit_code == 1 and "this machine's own address" in result.stderr
    assert site.requests == []


@pytest.mark.parametrize(
    "arguments",
    [["add"], ["add", "http://x.example/", "--every", "5"], ["remove"],
     ["add", "http://x.example/", "--every", "30s"], ["add", "http://x.example/", "--every", "31d"],
     ["poll", "http://x.example/", "--watch"], []],
)  # fmt: skip
def test_wrong_usage_of_feeds_exits_2(home: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["feeds", *arguments])
    assert result.exit_code == 2 and "Traceback" not in result.output


def test_polling_what_is_not_subscribed_to(home: Path) -> None:
    assert "no feed to poll" in dateline(home, "feeds", "poll").stderr
    for command in ("poll", "remove"):
        result = dateline(home, "feeds", command, "https://x.example/")
        assert result.exit_code == 1 and "not subscribed to https://x.example/" in result.stderr


def test_polls_that_all_fail_exit_1(site: WebServer, home: Path) -> None:
    dateline(home, "feeds", "add", f"{site.url}/feed")
    del site.pages["/feed"]
    result = dateline(home, "feeds", "poll")
    assert result.exit_code == 1
    assert f"failed: {site.url}/feed: there is no such page" in result.stderr
    assert "there is no such page" in dateline(home, "feeds", "list").stdout


def test_index_takes_a_web_address(site: WebServer, home: Path) -> None:
    result = dateline(home, "index", f"{site.url}/a")
    assert result.exit_code == 0, result.output
    assert "Articles: 1 added" in result.stdout
    (article,) = only(dateline(home, "articles", "list", "--json"))["articles"]
    assert (article["id"], article["title"]) == (f"{site.url}/a", "A new bridge")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_poll_watch_goes_on_until_it_is_told_to_stop(
    site: WebServer, home: Path, number: signal.Signals
) -> None:
    dateline(home, "feeds", "add", f"{site.url}/feed")
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "feeds", "poll", "--watch", "--home", str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any(line.startswith("Articles: 2 added") for line in lines)
            process.send_signal(number)
            assert process.wait(60) == 0
            assert process.stdout.read() == ""
        finally:
            process.kill()
