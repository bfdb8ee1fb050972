import json
import unicodedata
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.output import command, plain, plain_line, to_json_line
from index.errors import LoadError

HOSTILE = "\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x1b\\ \x9b2Jc1 \x07bell \u202egpj"


def test_plain_text_cannot_drive_a_terminal() -> None:
    assert plain(HOSTILE) == "red link c1 bell gpj"
    assert plain("\x1b\x1b[31m[2J \x1b") == "[2J "
    assert plain("a\r\nb\rc\td\n") == "a\nb\nc\td\n"
    assert plain("[bold]kept[/] [link=x] café e\u0301 👩\u200d👧") == (
        "[bold]kept[/] [link=x] café e\u0301 👩\u200d👧"
    )
    assert plain("\ud800") == "?"
    assert plain_line(" a\n\t b ") == "a b"


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x9F)))
def test_no_control_character_is_left(text: str) -> None:
    assert all(c in "\n\t" or unicodedata.category(c) != "Cc" for c in plain(text))


@given(st.text(st.characters()) | st.sampled_from([HOSTILE, "\u2028\x85\ud800"]))
def test_json_is_exact_on_one_line_and_valid_utf8(text: str) -> None:
    line = to_json_line({"text": text})
    assert line.splitlines() == [line]
    assert json.loads(line.encode("utf-8")) == {"text": text}


def test_json_keeps_letters_as_they_are() -> None:
    assert to_json_line("Kābul 😀") == '"Kābul 😀"'


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LoadError("a\x1b[31m.txt: no\nsuch file"), "a\x1b[31m.txt: no\nsuch file"),
        (PermissionError(13, "Permission denied", "/x"), "Permission denied: /x"),
        (OSError("disk on fire"), "disk on fire"),
    ],
)
def test_expected_errors_are_one_line(
    capsys: pytest.CaptureFixture[str], error: Exception, message: str
) -> None:
    with pytest.raises(typer.Exit) as exit, command(json=True):
        raise error
    assert exit.value.exit_code == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"error": message}
    assert captured.err == f"dateline: {plain_line(message)}\n"


def test_a_closed_pipe_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), command(json=False):
        raise BrokenPipeError
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_the_unforeseen_is_not_hidden(error: Any) -> None:
    with pytest.raises(error), command(json=False):
        raise error
