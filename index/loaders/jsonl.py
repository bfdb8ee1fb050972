"""JSON Lines, plain or gzipped: one article a line, its text stored exactly as given."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from index.article import Article
from index.errors import LoadError
from index.loaders.bounds import MAX_RATIO, Budget
from index.loaders.document import Document, file_document
from index.loaders.fields import load_error
from index.loaders.record import Record, record_article

MAX_LINE = 64 * 1024 * 1024
"""Bytes of one line: what keeps a gzip bomb, or a file that is no JSON Lines, out of memory."""
_SKIP = 1024 * 1024

NumberedRecord = tuple[int, Record | LoadError]


def load_jsonl(document: Document) -> Iterator[Article | LoadError]:
    """The articles of a `.jsonl` or `.jsonl.gz` file, in order, one or a LoadError a line."""
    empty = True
    for number, record in _records(document):
        empty = False
        if isinstance(record, LoadError):
            yield record
        else:
            place = f"{document.place}, line {number}"
            yield record_article(place, f"{document.origin}:{number}", record)
    if empty:
        mend = "put one JSON object on a line"
        yield load_error(document.place, "the file has no articles", mend)


def read_records(path: Path) -> Iterator[NumberedRecord]:
    """The JSON objects of a file with their line numbers from 1; `.gz` files are unpacked.

    A LoadError stands in the place of a line that is none. A file that breaks off, or cannot
    be opened, ends with a LoadError after what could be read.
    """
    yield from _records(file_document(path))


def _records(document: Document) -> Iterator[NumberedRecord]:
    place = document.place
    try:
        stream = document.open()
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        yield 0, load_error(place, reason, "check the name and its permissions")
        return
    with stream:
        if document.name.lower().endswith(".gz"):
            packed = stream.seek(0, 2)
            stream.seek(0)
            # Line by line a large file needs little memory, so that only the ratio is bounded.
            budget = Budget(place, packed, most=packed * MAX_RATIO)
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                yield from parse_records(unpacked, place, budget)
        else:
            yield from parse_records(stream, place)


def parse_records(
    stream: BinaryIO | gzip.GzipFile, place: str, budget: Budget | None = None
) -> Iterator[NumberedRecord]:
    """As `read_records`, from an open stream; `place` names it in messages. Streams lines."""
    number = 0
    while True:
        try:
            line, whole = _next_line(stream, budget)
        except LoadError as error:
            yield number + 1, error
            return
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


def _next_line(stream: BinaryIO | gzip.GzipFile, budget: Budget | None) -> tuple[bytes, bool]:
    """The next line, empty at the end, and whether it is whole; the rest of a long one is lost.

    Raises LoadError when the budget is spent.
    """

    def read(most: int) -> bytes:
        part = stream.readline(most)
        if budget:
            budget.spend(len(part))
        return part

    line = read(MAX_LINE + 1)
    if len(line) <= MAX_LINE or line.endswith(b"\n"):
        return line, True
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = read(_SKIP)
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
