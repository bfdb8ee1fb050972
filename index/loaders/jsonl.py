"""JSON Lines, plain or gzipped: one article a line, its text stored exactly as given."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from index.article import Article
from index.errors import LoadError
from index.loaders.fields import (
    article_or_error,
    id_from_text,
    id_from_url,
    load_error,
    parse_date,
    shown,
)
from index.loaders.title import short_title

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line: what keeps a gzip bomb, or a file that is no JSON Lines, out of memory."""
_SKIP = 1024 * 1024

Record = dict[str, Any]
NumberedRecord = tuple[int, Record | LoadError]


def load_jsonl(path: Path) -> Iterator[Article | LoadError]:
    """The articles of a `.jsonl` or `.jsonl.gz` file, in order, one or a LoadError a line."""
    origin = shown(path.resolve())
    empty = True
    for number, record in read_records(path):
        empty = False
        if isinstance(record, LoadError):
            yield record
        else:
            yield _article(f"{shown(path)}, line {number}", f"{origin}:{number}", record)
    if empty:
        yield load_error(shown(path), "the file has no articles", "put one JSON object on a line")


def read_records(path: Path) -> Iterator[NumberedRecord]:
    """The JSON objects of a file with their line numbers from 1; `.gz` files are unpacked.

    A LoadError stands in the place of a line that is none. A file that breaks off, or cannot
    be opened, ends with a LoadError after what could be read.
    """
    place = shown(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        yield 0, load_error(place, reason, "check the name and its permissions")
        return
    with stream:
        if path.suffix.lower() == ".gz":
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield from parse_records(unpacked, place)
        else:
            yield from parse_records(stream, place)


def parse_records(stream: BinaryIO | gzip.GzipFile, place: str) -> Iterator[NumberedRecord]:
    """As `read_records`, from an open stream; `place` names it in messages. Streams lines."""
    number = 0
    while True:
        try:
            line, whole = _next_line(stream)
        except (OSError, EOFError, zlib.error) as error:
            yield (
                number + 1,
                load_error(
                    place,
                    f"the file is cut off or damaged after line {number} ({error})",
                    "the lines before were read; make or fetch the file again",
                ),
            )
            return
        if not line:
            return
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not whole:
            here = f"{place}, line {number}"
            mend = "give each article a line of its own"
            yield number, load_error(here, f"longer than {MAX_LINE // 2**20} MB", mend)
        elif line.strip():
            yield number, _record(f"{place}, line {number}", line)


def _next_line(stream: BinaryIO | gzip.GzipFile) -> tuple[bytes, bool]:
    """The next line, empty at the end, and whether it is whole; the rest of a long one is lost."""
    line = stream.readline(MAX_LINE + 1)
    if len(line) <= MAX_LINE or line.endswith(b"\n"):
        return line, True
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = stream.readline(_SKIP)
    return line[:1], False


def _record(place: str, line: bytes) -> Record | LoadError:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return load_error(
            place, f"not UTF-8 at byte {error.start} of the line", "convert the file to UTF-8"
        )
    except json.JSONDecodeError as error:
        reason = f"not valid JSON ({error.msg} at column {error.colno})"
        return load_error(place, reason, "write one JSON object on a line")
    except (ValueError, RecursionError) as error:
        # An integer of thousands of digits, or brackets nested thousands deep.
        return load_error(place, f"not usable JSON ({error})", "write one flat object on a line")
    if not isinstance(record, dict):
        return load_error(place, "not a JSON object", "write one object such as {…} on a line")
    return record


def _article(place: str, origin: str, record: Record) -> Article | LoadError:
    for name in ("title", "date", "source", "url", "text"):
        if not isinstance(record.get(name), str | None):
            kind = type(record[name]).__name__
            return load_error(place, f"the {name} is no string but {kind}", "put it in quotes")
    given_id = record.get("id")
    if isinstance(given_id, bool) or not isinstance(given_id, str | int | None):
        kind = type(given_id).__name__
        return load_error(place, f"the id is no string but {kind}", "give a string or an integer")
    text: str = record.get("text") or ""
    if not text.strip():
        return load_error(place, "the text is missing or empty", 'give the article as "text"')
    url: str = record.get("url") or ""
    title: str = record.get("title") or ""
    try:
        date = parse_date(record.get("date") or "")
    except ValueError as error:
        return load_error(place, str(error), "write it as 2022-10-06")
    id = "" if given_id is None else str(given_id)
    return article_or_error(
        place,
        origin,
        id=id if id.strip() else id_from_url(url) if url.strip() else id_from_text(text),
        title=title if title.strip() else short_title(text),
        date=date,
        source=record.get("source") or "",
        url=url,
        text=text,
    )
