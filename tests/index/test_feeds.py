"""Subscriptions and polls: a real server, a real archive with a fake model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from small_articles import opened
from web_server import SENTENCES, Reply, Request, WebServer, local_fetcher, page, web_server

from index.archive import Archive
from index.errors import ArchiveBusyError
from index.feeds import FeedNotFoundError, Feeds
from index.fetching.page import Validators
from index.fetching.polling import PollReport, poll

START = dt.datetime(2023, 1, 2, 12, 0, tzinfo=dt.UTC)


@dataclass
class Desk:
    """An archive that is subscribed to the feed of a site."""

    site: WebServer
    archive: Archive
    feeds: Feeds
    entries: list[str]
    now: dt.datetime = START

    @property
    def url(self) -> str:
        return f"{self.site.url}/feed"

    def poll(self, build: Callable[..., Any] | None = None, **later: float) -> PollReport:
        self.now += dt.timedelta(**later)
        self.site.requests.clear()
        return poll(self.feeds, build or self.archive.index, local_fetcher(), self.now)

    def write(self, *entries: str) -> None:
        channel = f"<title>Gazette</title>{''.join(entries)}"
        body = f'<rss version="2.0"><channel>{channel}</channel></rss>'
        tag = f'"{hash(body)}"'
        self.site.pages["/feed"] = conditional(tag, body)

    def story(self, path: str, title: str) -> None:
        self.site.pages[path] = conditional(f'"{title}"', page(title), "text/html")

    def ids(self) -> set[str]:
        return {summary.id.removeprefix(self.site.url) for summary in self.archive.articles()}


def conditional(tag: str, body: str, kind: str = "application/xml") -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        if request.headers.get("if-none-match") == tag:
            return Reply(status=304)
        return Reply(body, headers={"ETag": tag, "Content-Type": kind})

    return answer


def entry(path: str, title: str = "", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{path}</link>{more}</item>"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with web_server() as site, opened(tmp_path / "archive") as archive:
        feeds = Feeds(tmp_path / "archive")
        desk = Desk(site, archive, feeds, [])
        desk.story("/a", "A new bridge")
        desk.story("/b", "The old bridge")
        desk.write(entry("/a", "A"), entry("/b", "B"))
        feeds.add(desk.url, every_seconds=1800, article_set="town", title="", now=START)
        yield desk
        feeds.close()


def test_the_first_poll_indexes_every_entry_in_one_build(desk: Desk) -> None:
    report = desk.poll()
    assert (report.polled, report.unchanged, report.entries, report.failed) == (1, 0, 2, ())
    assert report.build is not None and report.build.added == 2 and report.build.generation == 1
    assert desk.ids() == {"/a", "/b"}
    assert desk.archive.article(f"{desk.site.url}/a").article_set == "town"
    (record,) = desk.feeds.all()
    assert (record.title, record.last_error, record.polled_at) == (
        "Gazette", "", "2023-01-02T12:00:00+00:00",
    )  # fmt: skip


def test_what_is_not_due_is_not_asked(desk: Desk) -> None:
    desk.poll()
    assert desk.poll(minutes=29).polled == 0
    assert desk.site.requests == []
    assert desk.poll(minutes=1).polled == 1


def test_an_unchanged_feed_costs_one_304_and_no_build(desk: Desk) -> None:
    desk.poll()
    report = desk.poll(hours=1)
    assert (report.polled, report.unchanged, report.build) == (1, 1, None)
    assert desk.site.paths() == ["/feed"]
    assert desk.archive.status().generation == 1


def test_only_new_entries_are_fetched(desk: Desk) -> None:
    desk.poll()
    desk.story("/c", "A third bridge")
    desk.write(entry("/c", "C"), entry("/a", "A"), entry("/b", "B"))
    report = desk.poll(hours=1)
    assert desk.site.paths() == ["/feed", "/c"]
    assert report.build is not None and report.build.added == 1
    assert desk.ids() == {"/a", "/b", "/c"}


def test_a_changed_entry_whose_page_has_not_changed_costs_one_304(desk: Desk) -> None:
    desk.poll()
    desk.write(entry("/a", "A, again"), entry("/b", "B"))
    report = desk.poll(hours=1)
    assert desk.site.paths() == ["/feed", "/a"]
    assert desk.site.requests[-1].headers["if-none-match"] == '"A new bridge"'
    assert report.build is None
    desk.write(entry("/a", "A, again"), entry("/b", "B"), entry("/c"))
    desk.poll(hours=1)
    assert desk.site.paths() == ["/feed", "/c"]


def test_a_changed_entry_with_a_changed_page_is_an_update(desk: Desk) -> None:
    desk.poll()
    desk.story("/a", "A bridge, corrected")
    desk.write(entry("/a", "Correction"), entry("/b", "B"))
    report = desk.poll(hours=1)
    assert report.build is not None and (report.build.added, report.build.changed) == (0, 1)
    assert desk.archive.article(f"{desk.site.url}/a").title == "A bridge, corrected"


def test_a_removed_article_does_not_come_back_by_itself(desk: Desk) -> None:
    desk.poll()
    desk.archive.remove([f"{desk.site.url}/a"])
    desk.write(entry("/a", "A"), entry("/b", "B"), entry("/none"))
    desk.poll(hours=1)
    assert desk.ids() == {"/b"}


def test_a_removed_article_that_changes_is_fetched_in_full(desk: Desk) -> None:
    """What a server said of a page counts only while its article is stored."""
    desk.poll()
    assert desk.feeds.validators(f"{desk.site.url}/a") == Validators('"A new bridge"')
    desk.archive.remove([f"{desk.site.url}/a"])
    assert desk.feeds.validators(f"{desk.site.url}/a") is None
    desk.write(entry("/a", "A, again"), entry("/b", "B"))
    desk.poll(hours=1)
    assert "if-none-match" not in desk.site.requests[-1].headers
    assert desk.ids() == {"/a", "/b"}


def test_a_page_that_fails_for_now_is_asked_again_three_times(desk: Desk) -> None:
    desk.site.pages["/a"] = Reply(status=503, headers={"Retry-After": "999"})
    report = desk.poll()
    assert report.build is not None and len(report.build.failed) == 1
    assert desk.ids() == {"/b"}
    for _ in range(2):
        desk.poll(hours=1)
        assert desk.site.paths() == ["/feed", "/a"]
    desk.story("/a", "A new bridge")
    desk.poll(hours=1)
    desk.poll(hours=1)
    assert desk.site.paths() == ["/feed"]
    assert desk.ids() == {"/b"}


def test_a_page_that_fails_for_now_is_had_when_it_is_back(desk: Desk) -> None:
    desk.site.pages["/a"] = Reply(status=503, headers={"Retry-After": "999"})
    desk.poll()
    desk.story("/a", "A new bridge")
    desk.poll(hours=1)
    assert desk.ids() == {"/a", "/b"}
    desk.poll(hours=1)
    assert desk.site.paths() == ["/feed"]


def test_a_page_that_is_gone_is_not_asked_for_again(desk: Desk) -> None:
    desk.write(entry("/gone"), entry("/b"))
    desk.poll()
    desk.write(entry("/gone"), entry("/b"), entry("/a"))
    desk.poll(hours=1)
    assert desk.site.paths() == ["/feed", "/a"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=404), "no such page"),
        (Reply(status=503, headers={"Retry-After": "7200"}), "answers 503"),
        (Reply(page("A page"), headers={"Content-Type": "text/html"}), "no RSS or Atom feed"),
    ],
)
def test_a_feed_that_fails_is_asked_more_and_more_rarely(
    desk: Desk, reply: Reply, reason: str
) -> None:
    desk.poll()
    desk.site.pages["/feed"] = reply
    waits = []
    for _ in range(3):
        report = desk.poll(days=1)
        assert reason in report.failed[0]
        (record,) = desk.feeds.all()
        assert reason in record.last_error
        waits.append((dt.datetime.fromisoformat(record.due_at) - desk.now).total_seconds())
    assert waits == ([7200, 7200, 14400] if reply.status == 503 else [3600, 7200, 14400])
    desk.write(entry("/a", "A"), entry("/b", "B"))
    assert desk.poll(days=1).failed == ()
    assert desk.feeds.all()[0].last_error == "" and desk.feeds.all()[0].failures == 0


def test_a_build_that_dies_loses_nothing(desk: Desk) -> None:
    def busy(items: object) -> None:
        raise ArchiveBusyError("busy")

    with pytest.raises(ArchiveBusyError):
        desk.poll(build=busy)
    assert desk.poll().entries == 2
    assert desk.ids() == {"/a", "/b"}


def test_one_broken_feed_does_not_stop_the_others(desk: Desk) -> None:
    desk.feeds.add(
        f"{desk.site.url}/nothing", every_seconds=60, article_set="", title="", now=START
    )
    report = desk.poll()
    assert report.polled == 2 and len(report.failed) == 1
    assert desk.ids() == {"/a", "/b"}


def test_two_entries_of_one_page_are_one_article(desk: Desk) -> None:
    desk.write(entry("/a", "A", "<guid>1</guid>"), entry("/a", "A", "<guid>2</guid>"))
    desk.poll()
    assert desk.ids() == {"/a"}


def test_adding_again_changes_the_subscription(desk: Desk) -> None:
    desk.poll()
    desk.feeds.add(desk.url, every_seconds=60, article_set="city", title="New", now=desk.now)
    (record,) = desk.feeds.all()
    assert (record.every_seconds, record.article_set, record.title) == (60, "city", "New")
    assert desk.feeds.seen(desk.url)
    assert desk.poll().unchanged == 1


def test_removing_forgets_the_feed_and_keeps_the_articles(desk: Desk) -> None:
    desk.poll()
    with pytest.raises(FeedNotFoundError, match=r"not subscribed to https://x\.example/"):
        desk.feeds.remove([desk.url, "https://x.example/"])
    assert len(desk.feeds.all()) == 1
    desk.feeds.remove([desk.url, desk.url])
    assert desk.feeds.all() == [] and desk.feeds.seen(desk.url) == {}
    assert desk.ids() == {"/a", "/b"}


def test_a_feed_removed_during_its_poll_stays_removed(desk: Desk) -> None:
    def build(items: object) -> Any:
        desk.feeds.remove([desk.url])
        return desk.archive.index(items)  # type: ignore[arg-type]

    desk.poll(build=build)
    assert desk.feeds.all() == [] and desk.feeds.seen(desk.url) == {}


def test_the_feed_stands_in_until_the_page_can_be_had(desk: Desk) -> None:
    desk.site.pages["/a"] = Reply(status=503, headers={"Retry-After": "999"})
    desk.write(entry("/a", "A", f"<description>&lt;p&gt;{SENTENCES}&lt;/p&gt;</description>"))
    desk.poll()
    assert "story called" not in desk.archive.article(f"{desk.site.url}/a").text
    desk.story("/a", "A new bridge")
    desk.poll(hours=1)
    assert "story called" in desk.archive.article(f"{desk.site.url}/a").text


def test_entries_long_gone_from_a_feed_are_forgotten(desk: Desk) -> None:
    desk.poll()
    desk.write(entry("/b", "B"))
    desk.poll(days=91)
    assert [seen.removeprefix(desk.site.url) for seen in desk.feeds.seen(desk.url)] == ["/b"]
    assert desk.ids() == {"/a", "/b"}
