"""What somebody gives to a server's archive: attached files, a web address, a feed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.errors import LoadError

if TYPE_CHECKING:
    from index.fetching.fetcher import Fetcher
    from index.loaders import Loaded
    from index.loaders.document import Document

MOST_FILES = 5
MOST_FILE_BYTES = 16 * 2**20
MOST_ADDRESS = 2000
"""Characters of a web address."""
_LONGEST_NAME = 120
_PASTED = "message.txt"
"""What Discord's client names every long text that is pasted into it."""


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. `name` is its sender's, of which nothing on disk is made."""

    id: int
    """Discord's, of the attachment."""
    name: str
    file: Path


@dataclass(frozen=True)
class Material:
    """All of it is read before the build begins."""

    uploads: tuple[Upload, ...] = ()
    url: str = ""
    feed: str = ""


def read_material(material: Material, fetcher: Fetcher) -> Iterator[Loaded]:
    """The articles in `material`. Never raises LoadError or FetchError, only yields LoadError."""
    from index.fetching.web import load_url
    from index.loaders import load_document
    from index.loaders.worker import Worker

    if material.uploads:
        with Worker() as worker:
            for upload in material.uploads:
                yield from load_document(upload_document(upload), worker)
    if material.url:
        yield from load_url(material.url, fetcher)
    if material.feed:
        yield from _feed_articles(material.feed, fetcher)


def upload_document(upload: Upload) -> Document:
    """An uploaded file as loaders take it.

    A file of the same name that is sent again is the same article, changed; but what was pasted is
    an article of its own each time.
    """
    from index.loaders.document import Document

    name = plain_name(upload.name)
    origin = f"{upload.id}/{name}" if name == _PASTED else name
    return Document(name, name, f"discord:{origin}", partial(_open, upload.file))


def plain_name(name: str) -> str:
    """The last part of a file name from outside, printable, its ending kept if it is too long."""
    printable = "".join(c if c.isprintable() else "\ufffd" for c in name)
    last = printable.replace("\\", "/").rstrip("/").rpartition("/")[2].strip() or "file"
    if len(last) <= _LONGEST_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    ending = dot + ending if dot and len(ending) <= 10 else ""
    return (stem or last)[: _LONGEST_NAME - len(ending)] + ending


def _feed_articles(address: str, fetcher: Fetcher) -> Iterator[Loaded]:
    """The articles of the entries that a feed has now; what is no feed is refused."""
    from index.fetching.entries import load_entry
    from index.fetching.errors import FetchError
    from index.fetching.polling import fetch_feed
    from index.loaders.worker import Worker

    try:
        page, feed = fetch_feed(address, fetcher)
    except FetchError as error:
        yield LoadError(str(error))
        return
    if feed is None or not feed.entries:
        yield LoadError(f"{address}: the feed has no entries: try again later")
        return
    with Worker() as worker:
        for entry in feed.entries:
            if (item := load_entry(feed, page.url, entry, fetcher, worker).item) is not None:
                yield item


def _open(file: Path) -> BinaryIO:
    return file.open("rb")
