"""Printing: JSON for programs, plain text for people, errors as one line.

Article text is other people's: whatever could drive a terminal is taken out before it is shown.
In JSON it stays exact, with such characters escaped.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from index.errors import DatelineError

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS
    r"|\x1b[ -/]*[0-~]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI_OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Valid inside JSON strings, but some terminals obey the first and some programs end lines at
# the others. Lone surrogates are in no UTF-8 output.
_ESCAPED_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Output:
    """Where a command's results go. `json` says which of the two forms was asked for."""

    def __init__(self, *, json: bool) -> None:
        self.json = json

    def object(self, value: Any) -> None:
        """One JSON value on one line, flushed."""
        print(to_json_line(value), flush=True)

    def line(self, text: str = "") -> None:
        """Plain text for a person, flushed; cleaned of what could drive a terminal."""
        print(plain(text), flush=True)

    def note(self, text: str) -> None:
        """A line for a person on standard error, in both forms."""
        print(plain(text), file=sys.stderr, flush=True)

    def error(self, message: str) -> None:
        self.note(f"dateline: {plain_line(message)}")
        if self.json:
            self.object({"error": message})


@contextmanager
def command(*, json: bool) -> Iterator[Output]:
    """The inside of a command: errors a person can mend become one line and exit code 1."""
    output = Output(json=json)
    try:
        yield output
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone. What is still buffered would fail again at exit.
        if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
        raise typer.Exit(1) from None
    except DatelineError as error:
        output.error(str(error))
        raise typer.Exit(1) from None
    except OSError as error:
        name = f": {error.filename}" if error.filename is not None else ""
        output.error(f"{error.strerror or error}{name}")
        raise typer.Exit(1) from None


def to_json_line(value: Any) -> str:
    """JSON in one line, text exact once parsed, encodable as UTF-8 whatever it holds."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def plain(text: str) -> str:
    """`text` without escape sequences, control characters and overrides of its direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", _ESCAPE_SEQUENCE.sub("", text))
    return _BIDI_OVERRIDE.sub("", text).encode("utf-8", "replace").decode("utf-8")


def plain_line(text: str) -> str:
    """`plain`, on one line."""
    return " ".join(plain(text).split())
