"""A fetched page as a document for the loaders, and its articles named by their address."""

from __future__ import annotations

import codecs
import dataclasses
import io
from collections.abc import Iterator
from functools import partial

from yarl import URL

from index.article import Article
from index.errors import LoadError
from index.fetching.addressing import same_site, web_url
from index.fetching.errors import RefusedError
from index.fetching.page import Page
from index.loaders import Loaded, load_document
from index.loaders.detection import kind_by_name, kind_of
from index.loaders.document import Document
from index.loaders.fields import id_from_url, load_error
from index.loaders.worker import Worker

_SUFFIXES = {
    "application/csv": ".csv",
    "application/epub+zip": ".epub",
    "application/json": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/x-jsonlines": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/xhtml+xml": ".html",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/tab-separated-values": ".tsv",
}
_ONE_ARTICLE = frozenset(("html", "pdf", "docx", "text", "markdown"))
"""Kinds of which a file is one article, so that its address can be the article's id."""


def page_document(page: Page) -> Document:
    """The page as a document that is named so that what it is can be told."""
    address = str(page.url)
    data = page.data
    name = page.url.name or page.url.raw_host or "page"
    suffix = _SUFFIXES.get(page.media_type, "")
    if suffix and not (kind_by_name(name) and page.media_type == "text/plain"):
        # Servers call any text text/plain: there the name knows better, elsewhere the type does.
        name += "" if kind_by_name(name) == kind_by_name(suffix) else suffix
    if suffix == ".html" or (suffix == ".txt" and page.charset):
        data = _marked(data, page.charset)
    return Document(name, address, address, partial(io.BytesIO, data))


def page_articles(page: Page, worker: Worker, *, one: bool = False) -> Iterator[Loaded]:
    """The articles of a fetched page; with `one`, only if it is of a kind that holds just one.

    A page is known by its address: its id and url are the canonical one that it states, if that
    is on its own site, and otherwise where it was found. Articles in a collection (JSON Lines,
    CSV, ZIP) keep the ids that they have there.
    """
    document = page_document(page)
    with document.open() as stream:
        kind = kind_of(document.name, stream)
    if kind in _ONE_ARTICLE:
        for item in load_document(document, worker):
            yield item if isinstance(item, LoadError) else _named(item, page.url)
    elif one:
        # Its ids are its own choice, and could be those of other sites' articles.
        yield load_error(
            document.place,
            "a collection or no article, which is read only if it is named itself",
            "index its address",
        )
    else:
        yield from load_document(document, worker)


def _named(article: Article, found_at: URL) -> Article:
    address = str(_canonical(article.url, found_at))
    return dataclasses.replace(
        article, id=id_from_url(address), url=address, id_from_file_name=False
    )


def _canonical(stated: str, found_at: URL) -> URL:
    """What the page calls its own address, where it may say so; else where it was found."""
    try:
        url = web_url(stated, found_at) if stated else found_at
    except RefusedError:
        return found_at
    # Careless pages all name the front page: as an id it would make them one article.
    front = url.path in ("", "/") and not url.query_string and found_at.path not in ("", "/")
    return url if same_site(url, found_at) and not front else found_at


def _marked(data: bytes, charset: str) -> bytes:
    """The data as UTF-8 with its mark, if the server says its encoding: that wins over the page's.

    Data that is not in the encoding that the server says, or already has a mark, stays as it is.
    """
    if not charset or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    try:
        data.decode("utf-8")
        return data  # valid UTF-8 is UTF-8, whatever anybody says
    except UnicodeDecodeError:
        pass
    try:
        name = codecs.lookup(charset).name
        text = data.decode("cp1252" if name in ("ascii", "iso8859-1") else name)
    except (LookupError, UnicodeError, ValueError):
        return data
    return codecs.BOM_UTF8 + text.encode("utf-8", "replace")
