"""The reading room over HTTP on loopback."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from room_samples import (
    GUILD,
    NOW,
    OTHER_GUILD,
    article,
    no_citations,
    one,
    parsed,
    revision,
    signer,
)

from bot.room.article import RoomArticle
from bot.room.server import ReadingRoom, RoomAddressError, RoomLimits

TEXT = "The bridge opened.\n\nIt cost 20 million.\n"
QUOTE = (20, 39)


class Shelf:
    """Articles by guild, id and revision, and who asked for which in what thread."""

    def __init__(self) -> None:
        both = (revision(1), revision(2, serving=True))
        old = article(TEXT.replace("20", "19"))
        self.articles = {
            (GUILD, "a-1", 1): RoomArticle(old, 1, both),
            (GUILD, "a-1", 2): RoomArticle(article(TEXT), 2, both, passages=((0, 18), QUOTE)),
        }
        self.asked: list[tuple[int, str, int]] = []
        self.threads: set[int] = set()

    def __call__(self, guild_id: int, article_id: str, number: int) -> RoomArticle | None:
        self.asked.append((guild_id, article_id, number))
        self.threads.add(threading.get_ident())
        return self.articles.get((guild_id, article_id, number))


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def open_room(shelf: Shelf, clock: Clock, limits: RoomLimits | None = None) -> ReadingRoom:
    return ReadingRoom(
        signer=signer(),
        article_of=shelf,
        citations_of=no_citations,
        public_address="https://news.example/room/",
        port=0,
        limits=limits or RoomLimits(),
        clock=clock,
    )


@pytest.fixture
async def room(shelf: Shelf, clock: Clock) -> AsyncIterator[ReadingRoom]:
    async with open_room(shelf, clock) as opened:
        yield opened


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def here(room: ReadingRoom, link: str) -> str:
    """A public link as it is reached on this machine."""
    assert link.startswith("https://news.example/room/")
    return link.replace("https://news.example", f"http://127.0.0.1:{room.port}")


async def test_a_link_opens_its_passage(
    room: ReadingRoom, shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    link = room.link(GUILD, "a-1", 2, *QUOTE)
    assert link.endswith("#quote")
    async with http.get(here(room, link)) as response:
        page = parsed(await response.text())
        assert response.status == 200
    assert one(page, "//mark").text_content() == "It cost 20 million."
    assert shelf.asked == [(GUILD, "a-1", 2)]
    assert threading.get_ident() not in shelf.threads


async def test_every_link_on_a_page_opens(room: ReadingRoom, http: aiohttp.ClientSession) -> None:
    first = here(room, room.link(GUILD, "a-1", 2, *QUOTE))
    base = first.rpartition("/")[0]
    async with http.get(first) as response:
        targets = [a.get("href") for a in parsed(await response.text()).xpath("//aside//a")]
    seen = []
    for target in targets:
        async with http.get(f"{base}/{target}") as response:
            assert response.status == 200
            page = parsed(await response.text())
            seen.append((one(page, "//title").text, [e.text for e in page.xpath("//mark | //ins")]))
    assert seen == [
        ("A bridge opens", ["The bridge opened."]),
        ("Changes: A bridge opens", ["added", "20"]),
        ("A bridge opens", []),
    ]


async def test_headers(room: ReadingRoom, http: aiohttp.ClientSession) -> None:
    async with http.get(here(room, room.link(GUILD, "a-1", 1))) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-cache"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"].startswith("noindex")
    assert headers["Server"] == "Dateline"


async def test_what_opens_nothing_looks_the_same(
    room: ReadingRoom, shelf: Shelf, clock: Clock, http: aiohttp.ClientSession
) -> None:
    good = here(room, room.link(GUILD, "a-1", 2))
    clock.now = NOW - dt.timedelta(days=31)
    expired = here(room, room.link(GUILD, "a-1", 2))
    clock.now = NOW
    base = good.rpartition("/")[0]
    answers = set()
    for address in (
        expired,
        good[:-1],
        here(room, room.link(OTHER_GUILD, "a-1", 2)),
        here(room, room.link(GUILD, "a-2", 2)),
        here(room, room.link(GUILD, "a-1", 3)),
        here(room, room.link(GUILD, "a-1", 2, 5, 999)),
        here(room, room.link(GUILD, "a-1", 2, 9, 5)),
        f"{base}/",
        f"{base}/robots.txt",
        f"{base}/../{good.rpartition('/')[2]}",
        good.replace("/room/", "/"),
        f"{base}/%00%2e%2e/etc/passwd",
    ):
        async with http.get(address) as response:
            answers.add((response.status, await response.text()))
            headers = sorted(response.headers.items() - {("Date", response.headers["Date"])})
            answers.add((response.status, str(headers)))
    assert len(answers) == 2
    assert {status for status, _ in answers} == {404}
    assert {guild for guild, _, _ in shelf.asked} <= {GUILD, OTHER_GUILD}
    async with http.get(good) as response:
        assert response.status == 200


async def test_head_and_other_methods(room: ReadingRoom, http: aiohttp.ClientSession) -> None:
    link = here(room, room.link(GUILD, "a-1", 2))
    async with http.get(link) as response:
        length = response.headers["Content-Length"]
    async with http.head(link) as response:
        assert (response.status, response.headers["Content-Length"]) == (200, length)
        assert await response.read() == b""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        async with http.request(method, link, data=b"x" * 10_000) as response:
            assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")


async def test_long_requests_are_refused(room: ReadingRoom, http: aiohttp.ClientSession) -> None:
    base = f"http://127.0.0.1:{room.port}/room/"
    async with http.get(base + "a" * 10_000) as response:
        assert response.status == 400
    async with http.get(base, headers={"X-Long": "a" * 10_000}) as response:
        assert response.status == 400
    async with http.get(base, headers={f"X-{n}": "a" for n in range(200)}) as response:
        assert response.status == 400


async def test_a_request_that_never_ends_is_cut_off(shelf: Shelf, clock: Clock) -> None:
    async with open_room(shelf, clock, RoomLimits(idle_s=0.2)) as room:
        reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
        writer.write(b"GET /room/x HTTP/1.1\r\nHost: a\r\n")
        assert await asyncio.wait_for(reader.read(), 60) == b""
        writer.close()


async def test_more_connections_than_may_be_are_closed(shelf: Shelf, clock: Clock) -> None:
    async with open_room(shelf, clock, RoomLimits(connections=1)) as room:
        first = await asyncio.open_connection("127.0.0.1", room.port)
        request = b"GET /room/ HTTP/1.1\r\nHost: a\r\n\r\n"
        first[1].write(request)
        assert (await first[0].readline()).startswith(b"HTTP/1.1 404")
        second = await asyncio.open_connection("127.0.0.1", room.port)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(second[0].readexactly(1), 60)
        for _, writer in (first, second):
            writer.close()


async def test_readers_beyond_the_places_are_told_to_come_again(
    shelf: Shelf, clock: Clock, http: aiohttp.ClientSession
) -> None:
    go_on, begun = threading.Event(), threading.Event()

    class SlowShelf(Shelf):
        def __call__(self, guild_id: int, article_id: str, number: int) -> RoomArticle | None:
            begun.set()
            assert go_on.wait(60)
            return super().__call__(guild_id, article_id, number)

    async with open_room(SlowShelf(), clock, RoomLimits(workers=1, waiting=0)) as room:
        link = here(room, room.link(GUILD, "a-1", 2))
        first = asyncio.create_task(http.get(link))
        await asyncio.to_thread(begun.wait, 60)
        async with http.get(link) as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "10")
        go_on.set()
        async with await first as response:
            assert response.status == 200
        async with http.get(link) as response:
            assert response.status == 200


async def test_a_failure_is_logged_and_not_shown(
    clock: Clock, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenShelf(Shelf):
        def __call__(self, guild_id: int, article_id: str, number: int) -> RoomArticle | None:
            raise OSError("disk on fire")

    async with open_room(BrokenShelf(), clock) as room:
        link = here(room, room.link(GUILD, "a-1", 2))
        with caplog.at_level(logging.ERROR):
            async with http.get(link) as response:
                assert response.status == 500
                assert "fire" not in await response.text()
    assert "disk on fire" in caplog.text
    assert link.rpartition("/")[2] not in caplog.text


async def test_a_large_page_arrives_whole(
    room: ReadingRoom, shelf: Shelf, http: aiohttp.ClientSession
) -> None:
    text = "A <b>sentence</b> of some words.\n\n" * 20_000
    shown = shelf.articles[GUILD, "a-1", 2]
    shelf.articles[GUILD, "a-1", 2] = replace(shown, article=article(text), passages=())
    async with http.get(here(room, room.link(GUILD, "a-1", 2, 0, 10))) as response:
        page = parsed(await response.text())
    assert one(page, "//div[@class='text']").text_content() == text


async def test_a_port_in_use_is_named(room: ReadingRoom, shelf: Shelf, clock: Clock) -> None:
    other = open_room(shelf, clock)
    other._port = room.port
    with pytest.raises(RoomAddressError, match=f"port {room.port}"):
        async with other:
            pass
