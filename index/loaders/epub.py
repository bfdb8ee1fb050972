"""EPUB: one article for each part of the book, such as an article of a newspaper's issue."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from index.article import Article
from index.errors import LoadError
from index.loaders.bounds import Budget, read_zip_member
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.document import Document, attempt, member_document
from index.loaders.fields import article_or_error, id_from_stem, load_error, split_authors
from index.loaders.html import CONTROLS
from index.loaders.markup import local_name, parse_xml
from index.loaders.title import one_line, short_title

CONTAINER = "META-INF/container.xml"
MAX_PARTS = 5_000
# fmt: off
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
))
# fmt: on
_UNSEEN = frozenset(("head", "script", "style", "title"))
_HEADINGS = ("h1", "h2", "title")


@dataclass(frozen=True)
class _Book:
    title: str
    authors: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    """Of each part that has text: its name in the file, its title and its text."""


def load_epub(document: Document) -> Iterator[Article | LoadError]:
    """The articles of an EPUB file in reading order, or why there are none."""
    data = document.read()
    if isinstance(data, LoadError):
        yield data
        return
    book = attempt(document, "EPUB", lambda: _read(document, data))
    if isinstance(book, LoadError):
        yield book
        return
    if not book.parts:
        yield load_error(document.place, "no text in it", "save its text as .txt instead")
    for number, (name, title, text) in enumerate(book.parts, 1):
        part = member_document(document, name, b"")
        yield article_or_error(
            part.place,
            part.origin,
            id=id_from_stem(f"{document.stem}-{number}"),
            title=title or short_title(text),
            date=None,  # a book's date is that of an edition
            source=book.title,
            url="",
            text=text,
            authors=book.authors,
            id_from_file_name=True,
        )


def _read(document: Document, data: bytes) -> _Book:
    """Raises LoadError, or what zipfile and lxml raise."""
    budget = Budget(document.place, len(data))
    parts: list[tuple[str, str, str]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())

        def member(name: str) -> bytes:
            return read_zip_member(archive, archive.getinfo(name), budget)

        package = next(
            item.get("full-path", "") for item in parse_xml(member(CONTAINER)).iter("{*}rootfile")
        )
        root = parse_xml(member(package))
        titles = (item.text for item in root.iter() if local_name(item) == "title")
        title = mend(one_line(next(filter(None, titles), "")))
        creators = (item.text for item in root.iter() if local_name(item) == "creator")
        authors = split_authors(mend("\n".join(map(one_line, filter(None, creators)))))
        for name in _spine(root, posixpath.dirname(package)):
            if len(parts) >= MAX_PARTS:
                reason = f"more than {MAX_PARTS} parts"
                raise load_error(document.place, reason, "split it into several books")
            if name in names:
                heading, text = _part(member(name))
                if text:
                    parts.append((name, heading, text))
    return _Book(title, authors, tuple(parts))


def _spine(package: Any, folder: str) -> Iterator[str]:
    """The names of the parts in reading order, each once: names in the file, never on disk."""
    places = {item.get("id"): item.get("href", "") for item in package.iter("{*}item")}
    named = (places.get(item.get("idref"), "") for item in package.iter("{*}itemref"))
    for href in dict.fromkeys(filter(None, named)):
        yield posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _part(data: bytes) -> tuple[str, str]:
    """Title and text of one part."""
    from lxml import html

    try:
        page = decode(data).partition("?>")  # lxml refuses text that declares an encoding
    except DecodingError:
        return "", ""
    markup = page[2] if page[0].lstrip().startswith("<?xml") else "".join(page)
    if not markup.strip():
        return "", ""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    root = html.document_fromstring(CONTROLS.sub(" ", markup), parser)
    headings = (
        one_line("".join(item.itertext())) for name in _HEADINGS for item in root.iter(name)
    )
    text = "\n\n".join(filter(None, map(one_line, _blocks(root))))
    return mend(next(filter(None, headings), "")), mend(text)


def _blocks(root: Any) -> Iterator[str]:
    """All text that is shown, cut where anything but an inline element begins or ends."""
    from lxml import etree

    block: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag not in _INLINE:
            yield "".join(block)
            block.clear()
        if event == "end":
            block.append(element.tail or "")
        elif element.tag not in _UNSEEN:
            block.append(element.text or "")
    yield "".join(block)
