"""`dateline index --watch` as a process, on real files."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


class Watching:
    """The running process; its lines are waited for, not its speed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def until(self, start: str) -> str:
        """The first line from here on that begins so; fails where the process ends first."""
        assert self.process.stdout is not None
        seen = []
        for line in iter(self.process.stdout.readline, ""):
            seen.append(line)
            if line.startswith(start):
                return line
        raise AssertionError(f"it ended without {start!r}: {''.join(seen)}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextlib.contextmanager
def watching(*paths: Path, home: Path) -> Iterator[Watching]:
    arguments = ["index", "--watch", *map(str, paths), "--home", str(home)]
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("The mayor opened a new bridge on Monday.")
    return folder


def test_what_changes_is_indexed_and_what_is_deleted_stays(news: Path) -> None:
    home = news / "archive"  # each build changes it, and must not be an occasion for the next
    with watching(news, home=home) as running:
        assert "1 added" in running.until("Articles:")
        (news / "later").mkdir()
        (news / "later" / "b.txt").write_text("The old bridge was closed on Tuesday.")
        (news / ".hidden.txt").write_text("A draft that nobody should read yet.")
        assert "1 added, 0 changed, 1 unchanged, 0 failed" in running.until("Articles:")
        (news / "a.txt").write_text("The mayor opened a new bridge on Wednesday.")
        assert "0 added, 1 changed, 1 unchanged, 0 failed" in running.until("Articles:")
        (news / "a.txt").unlink()
        (news / "c.txt").write_text("The third bridge was planned on Thursday.")
        assert "1 added, 0 changed, 1 unchanged, 0 failed" in running.until("Articles:")
        assert running.stop() == 0
        assert running.process.stdout is not None
        assert "Articles:" not in running.process.stdout.read()


def test_a_file_that_an_editor_replaces_is_indexed_anew(news: Path, tmp_path: Path) -> None:
    file = news / "a.txt"
    with watching(file, home=tmp_path / "home") as running:
        running.until("Articles: 1 added")
        (news / "other.txt").write_text("This one was not named.")
        for day in ("Friday", "Saturday"):
            new = news / "a.txt.new"
            new.write_text(f"The mayor opened a new bridge on {day}.")
            new.replace(file)
            assert "0 added, 1 changed, 0 unchanged" in running.until("Articles:")
        assert running.stop(signal.SIGINT) == 0


def test_a_broken_file_does_not_end_the_watch(news: Path, tmp_path: Path) -> None:
    with watching(news, home=tmp_path / "home") as running:
        running.until("Articles: 1 added")
        (news / "b.txt").write_bytes(b"\0")
        assert f"{news}/b.txt" in running.until("failed:")
        assert "0 added, 0 changed, 1 unchanged, 1 failed" in running.until("Articles:")
        (news / "b.txt").write_text("The old bridge was closed on Tuesday.")
        assert "1 added, 0 changed, 1 unchanged, 0 failed" in running.until("Articles:")
        assert running.stop() == 0


def test_a_watch_of_nothing_says_so_and_ends(tmp_path: Path) -> None:
    with watching(tmp_path / "none" / "a.txt", home=tmp_path / "home") as running:
        assert "no such file" in running.until("failed:")
        assert running.process.wait(60) == 0
