"""CSV and TSV: one article a row, its fields named by the columns, by the rules of JSON Lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend, unescaped
from index.loaders.document import Document
from index.loaders.fields import load_error
from index.loaders.record import record_article

COLUMNS = frozenset(
    {"id", "title", "date", "source", "url", "text", "author", "authors", "tags", "set"}
)
MAX_FIELD = 4 * 1024 * 1024
"""Code points of a cell: mending a million of them may take some two seconds."""
_SAMPLE = 1024 * 1024
_BLOCK = 1024 * 1024
_DELIMITERS = ",;\t|"


def load_table(document: Document) -> Iterator[Article | LoadError]:
    """The articles of a table in order, one or a LoadError a row. Reads row by row."""
    place = document.place
    try:
        encoding = _encoding(document)
        stream = document.open()
    except DecodingError as error:
        yield load_error(place, error.reason, error.mend)
        return
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        yield load_error(place, reason, "check the name and its permissions")
        return
    with stream, io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="") as lines:
        yield from _rows(document, lines)


def _encoding(document: Document) -> str:
    """UTF-8 if all of the file is; otherwise what its beginning is in. Raises DecodingError."""
    with document.open() as stream:
        head = stream.read(_SAMPLE)
        for mark, name in (
            (codecs.BOM_UTF8, "utf-8-sig"),
            (codecs.BOM_UTF16_LE, "utf-16"),
            (codecs.BOM_UTF16_BE, "utf-16"),
        ):
            if head.startswith(mark):
                return name
        if b"\0" in head:
            raise DecodingError("looks like a binary file (it has a NUL)", "save it as CSV")
        found = _first_not_utf8(head, stream)
    if not found:
        return "utf-8"
    text = decode(found)
    for name in ("cp1252", *_likely(found)):
        try:
            if found.decode(name) == text:
                return name
        except (LookupError, UnicodeError):
            continue
    return "utf-8"  # but for some bytes, which `unescaped` reads


def _first_not_utf8(head: bytes, stream: BinaryIO) -> bytes:
    """The first block that is not valid UTF-8, or nothing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    block = head
    while True:
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            return block or b"\xff"
        if not block:
            return b""
        block = stream.read(_BLOCK)


def _likely(data: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(data[:65536])]


def _rows(document: Document, lines: io.TextIOWrapper) -> Iterator[Article | LoadError]:
    place = document.place
    # The limit belongs to the whole process; it is only ever raised to this one value.
    csv.field_size_limit(MAX_FIELD)
    first = lines.readline(_SAMPLE)
    delimiter = max(_DELIMITERS, key=lambda mark: len(COLUMNS & set(_names(first, mark))))
    names = _names(first, delimiter)
    if "text" not in names:
        seen = ", ".join(filter(None, names))[:100]
        reason = f"no column is named text (the first line has: {seen or 'nothing'})"
        yield load_error(place, reason, f"name the columns in the first line: {_known()}")
        return
    doubled = sorted(name for name in COLUMNS if names.count(name) > 1)
    if doubled:
        yield load_error(place, f"two columns are named {doubled[0]}", "rename one of them")
        return
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    empty = True
    while True:
        number = rows.line_num + 2
        here = f"{place}, line {number}"
        try:
            row = next(rows, None)
        except (csv.Error, UnicodeError, OSError, EOFError) as error:
            empty = False
            yield load_error(here, f"not a row of CSV ({error})", 'put fields into "…", " as ""')
            if not isinstance(error, csv.Error):
                return
            continue
        if row is None:
            break
        if not any(cell.strip() for cell in row):
            continue
        empty = False
        if len(row) != len(names):
            reason = f"{len(row)} fields where the first line names {len(names)}"
            yield load_error(here, reason, f"put fields with {delimiter!r} in them into quotes")
            continue
        record = {name: mend(unescaped(row[i])) for i, name in enumerate(names) if name in COLUMNS}
        yield record_article(here, f"{document.origin}:{number}", record)
    if empty:
        yield load_error(place, "the table has no rows", "put one article on a row")


def _names(line: str, delimiter: str) -> list[str]:
    try:
        row = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


def _known() -> str:
    return "id, title, date, source, url, text, authors, tags, set"
