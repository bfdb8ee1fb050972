"""Plain text and Markdown: one article a file, stored as it stands, line ends included."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.loaders.fields import article_or_error, id_from_stem, load_error, shown
from index.loaders.header import split_header
from index.loaders.title import first_heading, short_title

MAX_BYTES = 64 * 1024 * 1024


def load_text(path: Path) -> Iterator[Article | LoadError]:
    """The article in a plain text file, or why there is none."""
    yield _load(path, markdown=False)


def load_markdown(path: Path) -> Iterator[Article | LoadError]:
    """The article in a Markdown file, its markup kept, or why there is none."""
    yield _load(path, markdown=True)


def _load(path: Path, *, markdown: bool) -> Article | LoadError:
    place = shown(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return load_error(
            place, f"cannot be read ({error.strerror or error})", "check its permissions"
        )
    text = _decode(place, data)
    if isinstance(text, LoadError):
        return text
    try:
        header, body = split_header(text)
    except ValueError as error:
        return load_error(place, f"in its header, {error}", "write it as 2022-10-06")
    heading = first_heading(body) if markdown else ""
    return article_or_error(
        place,
        shown(path.resolve()),
        id=header.id or id_from_stem(path.stem),
        title=header.title or heading or short_title(body, markdown=markdown),
        date=header.date,
        source=header.source,
        url=header.url,
        text=body,
        id_from_file_name=not header.id,
    )


def _decode(place: str, data: bytes) -> str | LoadError:
    """The text of a file: UTF-8, or UTF-16 where a byte order mark says so; no mark is kept."""
    if len(data) > MAX_BYTES:
        return load_error(
            place, f"larger than {MAX_BYTES // 2**20} MB", "split it into one file an article"
        )
    encoding, mark = "UTF-8", b""
    if data.startswith(codecs.BOM_UTF8):
        mark = codecs.BOM_UTF8
    elif data.startswith(codecs.BOM_UTF16_LE):
        encoding, mark = "UTF-16-LE", codecs.BOM_UTF16_LE
    elif data.startswith(codecs.BOM_UTF16_BE):
        encoding, mark = "UTF-16-BE", codecs.BOM_UTF16_BE
    if not data[len(mark) :].strip():
        return load_error(place, "the file is empty", "put the article's text into it")
    binary = load_error(place, "looks like a binary file (it has a NUL)", "convert it to text")
    if encoding == "UTF-8" and b"\0" in data:
        return binary
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        offset = len(mark) + error.start
        return load_error(
            place, f"not {encoding} at byte {offset}", "convert it to UTF-8, for example with iconv"
        )
    return binary if "\0" in text else text
