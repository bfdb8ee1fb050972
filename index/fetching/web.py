"""Articles of a web address: of a page or a file, a feed's entries, or a sitemap's pages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from yarl import URL

from index.errors import LoadError
from index.fetching.addressing import same_site, web_url
from index.fetching.documents import page_articles, page_document
from index.fetching.entries import load_entry
from index.fetching.errors import FetchError
from index.fetching.fetcher import Fetcher
from index.fetching.page import Page
from index.loaders import Loaded
from index.loaders.feed import is_feed, read_feed
from index.loaders.fields import load_error
from index.loaders.sitemap import is_sitemap, read_sitemap
from index.loaders.worker import Worker

MAX_SITEMAPS = 50
"""How many sitemaps are read for one index of them, nested ones included."""


def load_url(url: str, fetcher: Fetcher) -> Iterator[Loaded]:
    """The articles at a web address, by what it turns out to be.

    Never raises FetchError or LoadError, only yields LoadError: one broken page does not stop
    the rest. At most `fetch_max_pages` pages of a feed or a sitemap are fetched.
    """
    page = _fetched(url, fetcher)
    with Worker() as worker:
        if isinstance(page, LoadError):
            yield page
        elif is_feed(page.data):
            yield from _feed_articles(page, fetcher, worker)
        elif is_sitemap(page.data):
            yield from _sitemap_articles(page, fetcher, worker)
        else:
            yield from page_articles(page, worker)


def _fetched(url: str, fetcher: Fetcher) -> Page | LoadError:
    try:
        page = fetcher.fetch(url)
    except FetchError as error:
        return LoadError(str(error))
    return page if page.data else load_error(url, "the page is empty", "check the address")


def _feed_articles(page: Page, fetcher: Fetcher, worker: Worker) -> Iterator[Loaded]:
    feed = read_feed(page_document(page), fetcher.settings.fetch_max_pages)
    if isinstance(feed, LoadError):
        yield feed
        return
    for entry in feed.entries:
        if (item := load_entry(feed, page.url, entry, fetcher, worker).item) is not None:
            yield item
    if not feed.entries:
        yield load_error(str(page.url), "the feed has no entries", "try again later")


def _sitemap_articles(first: Page, fetcher: Fetcher, worker: Worker) -> Iterator[Loaded]:
    most = fetcher.settings.fetch_max_pages
    taken: set[URL] = set()
    for item in _sitemap_pages(first, fetcher):
        if isinstance(item, LoadError):
            yield item
        elif item not in taken:
            if len(taken) == most:
                yield load_error(
                    str(first.url),
                    f"more than {most} pages, of which the first {most} were read",
                    "raise DATELINE_FETCH_MAX_PAGES to read more",
                )
                return
            taken.add(item)
            page = _fetched(str(item), fetcher)
            yield from (
                [page] if isinstance(page, LoadError) else page_articles(page, worker, one=True)
            )
    if not taken:
        yield load_error(str(first.url), "the sitemap has no pages", "name one of its pages")


def _sitemap_pages(first: Page, fetcher: Fetcher) -> Iterator[URL | LoadError]:
    """The addresses of pages in a sitemap and in those it names, breadth first."""
    waiting: deque[URL] = deque()
    named = {first.url}
    page: Page | LoadError = first
    while True:
        sitemap = page if isinstance(page, LoadError) else read_sitemap(page_document(page))
        if isinstance(sitemap, LoadError):
            yield sitemap
        else:
            for address in sitemap.pages:
                yield _own(address, first.url)
            for address in sitemap.sitemaps:
                url = _own(address, first.url)
                if isinstance(url, LoadError):
                    yield url
                elif url not in named and len(named) < MAX_SITEMAPS:
                    named.add(url)
                    waiting.append(url)
        if not waiting:
            return
        page = _fetched(str(waiting.popleft()), fetcher)


def _own(address: str, sitemap: URL) -> URL | LoadError:
    """An address of the sitemap's own site, the only ones it may name (sitemaps.org)."""
    try:
        url = web_url(address, sitemap)
    except FetchError as error:
        return LoadError(f"{sitemap}: {error}")
    if not same_site(url, sitemap):
        return load_error(str(sitemap), f"{url} is of another site", "name it itself")
    return url
