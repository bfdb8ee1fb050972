import io
import sys

import pytest

from bot.cli.progress import build_progress, plain_lines


def test_plain_lines_are_few(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    show = plain_lines(lambda: now)
    for done in range(1, 1001):
        now = done / 64
        show("embedding", done, 1000)
    show("indexing", 0, 0)
    show("indexing", 0, 0)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "embedding: 1/1000",
        "embedding: 321/1000",
        "embedding: 641/1000",
        "embedding: 961/1000",
        "embedding: 1000/1000",
        "indexing: 0",
    ]


def test_no_terminal_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with build_progress() as show:
        show("reading", 3, 0)
    assert capsys.readouterr() == ("", "reading: 3\n")


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]  # all a terminal is, here
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with build_progress() as show:
        show("reading", 3, 0)
        show("embedding", 7, 9)
    assert "embedding" in terminal.getvalue()
    assert "7/9" in terminal.getvalue()
