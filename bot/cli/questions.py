"""Questions from a JSON Lines file or standard input."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cli.options import blank_problem
from index.errors import LoadError
from index.loaders.fields import load_error, parse_date, shown
from index.loaders.jsonl import parse_records, read_records

STDIN = Path("-")


@dataclass(frozen=True)
class Question:
    id: str | int | None
    text: str
    date: dt.date | None = None
    """The day on which it is asked, if the line says so."""


@dataclass(frozen=True)
class BadQuestion:
    """What stands in the place of a line that holds no question."""

    id: str | int | None
    error: str


def require_questions(path: Path) -> None:
    """Raises LoadError if there is no file of this name. It is not opened: it may be a pipe."""
    if path != STDIN and (path.is_dir() or not path.exists()):
        raise load_error(shown(path), "no such file", "name a .jsonl or .jsonl.gz file, or -")


def read_questions(path: Path, *, field: str = "question") -> Iterator[Question | BadQuestion]:
    """The questions of a `.jsonl` or `.jsonl.gz` file, or of standard input for `-`, in order.

    The key `field` holds the question; `id` (a string or an integer) and `date`, the day of the
    question, are optional, others are ignored. Raises LoadError if the file cannot be opened.
    """
    if path == STDIN:
        place, records = "standard input", parse_records(sys.stdin.buffer, "standard input")
    else:
        place, records = shown(path), read_records(path)
    for number, record in records:
        if not isinstance(record, LoadError):
            yield _question(f"{place}, line {number}", record, field)
        elif number == 0:
            raise record
        else:
            yield BadQuestion(None, str(record))


def _question(place: str, record: dict[str, Any], field: str) -> Question | BadQuestion:
    id = record.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int | None):
        return BadQuestion(None, f"{place}: the id is neither a string nor an integer")
    text = record.get(field)
    if text is None:
        return BadQuestion(id, f"{place}: there is no {field!r}: name its key with --field")
    if not isinstance(text, str):
        return BadQuestion(id, f"{place}: the {field} is no string: put it in quotes")
    if problem := blank_problem(text):
        return BadQuestion(id, f"{place}: the {field} {problem}")
    try:
        return Question(id, text, _date(record.get("date")))
    except ValueError as error:
        return BadQuestion(id, f"{place}: {error}: write it as 2022-10-06")


def _date(value: Any) -> dt.date | None:
    """None where there is none. Raises ValueError, naming the value, for what is no day."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"the date {str(value)[:60]} is not a string")
    return parse_date(value)
