"""RSS and Atom: what a feed says of itself and of its entries. Nothing is fetched here."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.errors import LoadError
from index.loaders.document import Document, attempt
from index.loaders.fields import clean_authors, load_error
from index.loaders.title import one_line

MAX_BYTES = 4 * 1024 * 1024
MAX_ELEMENTS = 100_000
"""Of a feed, those in its entries' HTML included. feedparser takes some 0.1 ms for each."""
MAX_ENTRIES = 500
MAX_CONTENT = 1024 * 1024
MAX_TAGS = 20
_MAX_FIELD = 2_000
_HEAD = 2_048
_FEED = re.compile(
    # Atomic: a comment ends at its first mark, or comments in a row are tried in 2^n ways.
    rb"\s*(?:(?><\?xml[^>]{0,500}>|<!--.{0,1000}?-->|<!DOCTYPE[^>]{0,300}>)\s*)*+<(?:rss|feed|rdf:RDF|atom:feed)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_ELEMENT = re.compile(rb"<[a-zA-Z!?]|&lt;[a-zA-Z!]|&#0*60;|&#[xX]0*3[cC];")
_TAG = re.compile(r"<[^<>]{0,500}>")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. Texts are plain and on one line; what a feed leaves out is ""."""

    id: str
    """Given by the feed, else the link, else made from the title; the same in every poll."""
    link: str
    """As written there, perhaps relative to the feed's address; not checked."""
    title: str
    date: dt.date | None
    content: str
    """HTML of the article, or of its beginning."""
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    version: str
    """Changes exactly when the entry's own words or its time of change do."""


@dataclass(frozen=True)
class Feed:
    title: str
    entries: tuple[Entry, ...]


def is_feed(data: bytes) -> bool:
    """Whether the bytes begin as RSS or Atom does."""
    return bool(_FEED.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf")))


def read_feed(document: Document, most: int = MAX_ENTRIES) -> Feed | LoadError:
    """The feed, its entries in their order, at most `most`."""
    data = document.read()
    if isinstance(data, LoadError):
        return data
    if len(data) > MAX_BYTES:
        reason = f"a feed larger than {MAX_BYTES // 2**20} MB"
        return load_error(document.place, reason, "index its pages one by one")
    if sum(1 for _ in _ELEMENT.finditer(data)) > MAX_ELEMENTS:
        reason = f"a feed with more than {MAX_ELEMENTS:,} elements"
        return load_error(document.place, reason, "index its pages one by one")
    parsed = attempt(document, "a feed", lambda: _parse(data))
    if isinstance(parsed, LoadError):
        return parsed
    entries = attempt(document, "a feed", lambda: tuple(_entries(parsed, min(most, MAX_ENTRIES))))
    if isinstance(entries, LoadError):
        return entries
    if not entries and parsed.get("bozo") and not parsed.get("version"):
        return load_error(document.place, "not a feed", "name an RSS or Atom feed")
    return Feed(_plain(parsed.feed.get("title")), entries)


def _parse(data: bytes) -> Any:
    import feedparser

    # A stream, because feedparser takes bytes for a file's name first. What it sanitises here is
    # turned into plain text later all the same.
    return feedparser.parse(io.BytesIO(data))


def _entries(parsed: Any, most: int) -> Iterator[Entry]:
    seen = set()
    for entry in parsed.entries[:most]:
        link, title = str(entry.get("link") or ""), _plain(entry.get("title"))
        content = _content(entry)
        id = one_line(str(entry.get("id") or link))[:_MAX_FIELD] or f"sha256-{_digest(title)}"
        if id in seen or not (link or content):
            continue
        seen.add(id)
        yield Entry(
            id=id,
            link=link,
            title=title,
            date=_day(entry),
            content=content,
            authors=_authors(entry),
            tags=tuple(_tags(entry)),
            version=_digest(title, str(entry.get("updated") or ""), content),
        )


def _content(entry: Any) -> str:
    texts = [str(part.get("value") or "") for part in entry.get("content") or ()]
    texts.append(str(entry.get("summary") or ""))
    return max(texts, key=len)[:MAX_CONTENT]


def _day(entry: Any) -> dt.date | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return dt.date(*moment[:3]) if moment else None
    except (TypeError, ValueError):
        return None


def _authors(entry: Any) -> tuple[str, ...]:
    names = [author.get("name") for author in entry.get("authors") or ()]
    # As the feed has it, of the last: feedparser takes "um (Jane Doe" from "a@b.museum (Jane Doe)".
    return clean_authors(map(_name, [*names[:-1], entry.get("author")]))


def _name(value: object) -> str:
    """The name in `Jane Doe`, `Jane Doe (a@b.org)` or `a@b.org (Jane Doe)`; "" for `a@b.org`."""
    name = " ".join(word for word in _plain(value).split() if "@" not in word)
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name


def _tags(entry: Any) -> Iterator[str]:
    terms = (_plain(tag.get("label") or tag.get("term")) for tag in entry.get("tags") or ())
    yield from list(dict.fromkeys(filter(None, terms)))[:MAX_TAGS]


def _plain(value: object) -> str:
    """One line of text without markup and without the lone halves of characters."""
    text = one_line(_TAG.sub("", str(value or "")[:_MAX_FIELD]))
    return text.encode("utf-8", "replace").decode("utf-8")


def _digest(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]
