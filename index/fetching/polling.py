"""Polling feeds: what is new in them goes into the archive, in one build."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yarl import URL

from index.article import Article
from index.errors import LoadError
from index.feeds import (
    MAX_FAILURES_OF_ENTRY,
    FeedRecord,
    Feeds,
    FetchedPage,
    Polled,
    SeenEntry,
)
from index.fetching.addressing import web_url
from index.fetching.documents import page_document
from index.fetching.entries import LoadedEntry, load_entry
from index.fetching.errors import FetchError, RefusedError, UnavailableError
from index.fetching.fetcher import Fetcher
from index.fetching.page import Page, Validators
from index.loaders.feed import Entry, Feed, is_feed, read_feed
from index.loaders.worker import Worker

if TYPE_CHECKING:
    from index.builder import BuildReport

Build = Callable[[Sequence[Article | LoadError]], "BuildReport"]
"""`Archive.index`, or something like it."""


@dataclass(frozen=True)
class PollReport:
    """What a poll did. `entries` counts those that were new or had changed."""

    polled: int
    unchanged: int
    entries: int
    failed: tuple[str, ...]
    """A message for each feed that could not be read."""
    build: BuildReport | None
    """None if there was nothing to add."""

    def to_json(self) -> dict[str, Any]:
        return {
            "polled": self.polled,
            "unchanged": self.unchanged,
            "entries": self.entries,
            "failed": list(self.failed),
            "build": self.build.to_json() if self.build else None,
        }


def fetch_feed(
    url: str, fetcher: Fetcher, validators: Validators | None = None
) -> tuple[Page, Feed | None]:
    """The feed at `url`, None if it has not changed. Raises FetchError, also if it is no feed."""
    page = fetcher.fetch(url, validators)
    if not page.modified:
        return page, None
    if not is_feed(page.data):
        raise RefusedError(f"{url}: there is no RSS or Atom feed: name the feed's own address")
    feed = read_feed(page_document(page), fetcher.settings.fetch_max_pages)
    if isinstance(feed, LoadError):
        raise RefusedError(str(feed))
    return page, feed


def poll(
    feeds: Feeds,
    build: Build,
    fetcher: Fetcher,
    now: dt.datetime,
    records: Iterable[FeedRecord] | None = None,
) -> PollReport:
    """Polls `records`, or all that are due, and indexes what is new.

    Everything is fetched before the build begins, so that no other build has to wait for a slow
    site; what was seen is recorded after it, so that a build that dies loses nothing.
    """
    polled: list[Polled] = []
    items: list[Article | LoadError] = []
    unchanged = 0
    with Worker() as worker:
        for record in feeds.due(now) if records is None else records:
            try:
                page, feed = fetch_feed(record.url, fetcher, record.validators)
            except FetchError as error:
                wait = error.retry_after if isinstance(error, UnavailableError) else None
                polled.append(Polled(record, str(error), wait or 0.0))
            else:
                if feed is None:
                    unchanged += 1
                    polled.append(Polled(record, validators=record.validators))
                else:
                    polled.append(_read(record, page, feed, feeds, fetcher, worker, items))
    report = build(items) if items else None
    feeds.store(polled, now)
    return PollReport(
        polled=len(polled),
        unchanged=unchanged,
        entries=len(items),
        failed=tuple(poll.error for poll in polled if poll.error),
        build=report,
    )


def _read(
    record: FeedRecord,
    page: Page,
    feed: Feed,
    feeds: Feeds,
    fetcher: Fetcher,
    worker: Worker,
    items: list[Article | LoadError],
) -> Polled:
    """Puts the articles of new and changed entries into `items`."""
    known = feeds.seen(record.url)
    entries, pages = [], []
    for entry in feed.entries:
        seen = known.get(entry.id)
        if seen and seen.version == entry.version and not _to_try_again(seen):
            entries.append(seen)
            continue
        link = _address(entry, page.url)
        loaded = load_entry(feed, page.url, entry, fetcher, worker, feeds.validators(link))
        if isinstance(loaded.item, Article):
            article = dataclasses.replace(loaded.item, article_set=record.article_set)
            items.append(article)
            if loaded.page is not None and loaded.page.validators.headers():
                pages.append(FetchedPage(link, loaded.page.validators, article.id))
        elif loaded.item is not None:
            items.append(loaded.item)
        entries.append(_seen(entry, seen, loaded))
    # With an entry still to be tried again, the feed has to be read again, changed or not.
    complete = not any(map(_to_try_again, entries))
    return Polled(
        record,
        title=feed.title,
        validators=page.validators if complete else Validators(),
        entries=entries,
        pages=pages,
    )


def _seen(entry: Entry, before: SeenEntry | None, loaded: LoadedEntry) -> SeenEntry:
    if not loaded.unavailable:
        return SeenEntry(entry.id, entry.version)
    failures = before.failures if before and before.version == entry.version else 0
    return SeenEntry(entry.id, entry.version, failures + 1)


def _to_try_again(entry: SeenEntry) -> bool:
    return 0 < entry.failures < MAX_FAILURES_OF_ENTRY


def _address(entry: Entry, base: URL) -> str:
    try:
        return str(web_url(entry.link, base))
    except RefusedError:
        return ""
