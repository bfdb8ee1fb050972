"""A feed's entry as an article: its page, or what the feed itself gives of it."""

from __future__ import annotations

import dataclasses
import html
import io
import re
from functools import partial

from yarl import URL

from index.article import Article
from index.errors import LoadError
from index.fetching.addressing import same_site, web_url
from index.fetching.documents import page_articles
from index.fetching.errors import FetchError, RefusedError
from index.fetching.fetcher import Fetcher
from index.fetching.page import Page, Validators
from index.loaders.document import Document
from index.loaders.feed import Entry, Feed
from index.loaders.fields import id_from_url
from index.loaders.title import short_title
from index.loaders.worker import Worker

LEAST_CONTENT = 200
"""Characters of text that a feed must give for it to stand in for the page."""


_TITLE = re.compile(rb"<(?:title|h1)[\s>]|og:title", re.IGNORECASE)
"""That a page states its title, and does not only begin with it."""


@dataclasses.dataclass(frozen=True)
class LoadedEntry:
    """What came of an entry: an article, an error, or neither if its page has not changed."""

    item: Article | LoadError | None
    page: Page | None = None
    unavailable: bool = False
    """Whether its page may be had later, so that it is worth asking again."""


def load_entry(
    feed: Feed,
    feed_url: URL,
    entry: Entry,
    fetcher: Fetcher,
    worker: Worker,
    validators: Validators | None = None,
) -> LoadedEntry:
    """The entry's article. Never raises FetchError: what goes wrong is the value."""
    unavailable = False
    page = None
    try:
        link = _link(entry, feed_url)
        page = fetcher.fetch(str(link), validators)
        if not page.modified:
            return LoadedEntry(None, page)
        found = next(page_articles(page, worker, one=True))
    except FetchError as error:
        failure = LoadError(str(error))
        unavailable = not isinstance(error, RefusedError)
    else:
        if isinstance(found, Article):
            return LoadedEntry(_filled(found, page, feed, entry), page)
        failure = found
    own = _own_content(feed, feed_url, entry, worker)
    if own is None:
        return LoadedEntry(failure, page, unavailable)
    return LoadedEntry(own, None, unavailable)


def _link(entry: Entry, feed_url: URL) -> URL:
    if not entry.link:
        raise RefusedError(f"{feed_url}: the entry {entry.title[:80]!r} has no link")
    return web_url(entry.link, feed_url)


def _filled(article: Article, page: Page, feed: Feed, entry: Entry) -> Article:
    """The article with what its page does not say and the feed does."""
    titled = article.title != short_title(article.text) or _TITLE.search(page.data)
    return dataclasses.replace(
        article,
        title=article.title if titled or not entry.title else entry.title,
        date=article.date or entry.date,
        source=article.source or feed.title,
        authors=article.authors or entry.authors,
        tags=article.tags or entry.tags,
    )


def _own_content(feed: Feed, feed_url: URL, entry: Entry, worker: Worker) -> Article | None:
    """The article as the feed gives it, if it gives more than a teaser."""
    try:
        link: URL | None = _link(entry, feed_url)
    except RefusedError:
        link = None
    # What a feed says of another site's page is its own word, and known by its own address.
    own = link if link is not None and same_site(link, feed_url) else None
    page = f"<html><body><article>{_paragraphs(entry.content)}</article></body></html>"
    document = Document(
        "entry.html",
        str(link or feed_url),
        str(feed_url),
        partial(io.BytesIO, page.encode("utf-8", "replace")),
    )
    (found,) = worker.load("html", document)
    if not isinstance(found, Article) or len(found.text) < LEAST_CONTENT:
        return None
    return dataclasses.replace(
        found,
        id=id_from_url(str(own or f"{feed_url}#{entry.id}")),
        title=entry.title or short_title(found.text),
        date=entry.date,
        source=feed.title,
        url=str(own or feed_url),
        authors=entry.authors,
        tags=entry.tags,
        id_from_file_name=False,
    )


def _paragraphs(content: str) -> str:
    """HTML as it is; plain text with a paragraph for each line."""
    if "<" in content:
        return content
    lines = filter(None, (line.strip() for line in html.unescape(content).split("\n")))
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines)
