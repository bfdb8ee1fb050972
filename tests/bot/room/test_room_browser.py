"""The reading room as a browser shows it: headless Chromium, driven with Playwright."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from room_samples import GUILD, NOW, SNIPPETS, article, revision, signer

from bot.room.article import RoomArticle
from bot.room.displaying import displayed
from bot.room.server import ReadingRoom
from index.article import Article

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytest.importorskip("playwright", reason="needs Playwright: pip install -e '.[browser]'")
pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="needs a browser, such as Debian's package `chromium`"
    ),
    pytest.mark.asyncio(loop_scope="module"),
]

QUOTE = "the town of Atme, Idlib province"
HOSTILE = "First.\n\n" + "".join(SNIPPETS) + "\n\n" + "wide" * 500 + "\n\n" + "<b>last</b>"
TARGET = "document.querySelector('#quote').getBoundingClientRect()"

FOCUS = """(() => {
  const element = document.activeElement, style = getComputedStyle(element);
  return {
    text: element.textContent.trim(),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    right: element.getBoundingClientRect().right,
  };
})()"""


@dataclass
class Visit:
    """A page, and what it did besides showing itself."""

    page: Page
    trouble: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        # Chromium's own sandbox does not start for root.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=flags, timeout=120_000
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def room(seed_article: Article) -> AsyncIterator[ReadingRoom]:
    long = Article(
        "long", "Long", None, "", "", "Words of a text. " * 3000 + QUOTE + ". End." * 500
    )
    both = (revision(1), revision(2, serving=True))
    articles = {
        ("seed", 2): RoomArticle(seed_article, 2, both, passages=((30, 117),)),
        ("long", 1): RoomArticle(long, 1),
        ("hostile", 1): RoomArticle(article(HOSTILE, title=HOSTILE, source=HOSTILE), 1),
    }

    def article_of(guild_id: int, article_id: str, number: int) -> RoomArticle | None:
        return articles.get((article_id, number)) if guild_id == GUILD else None

    room = ReadingRoom(
        signer=signer(),
        article_of=article_of,
        citations_of=lambda shown, start, end: {"Plain": shown.article.text[start:end]},
        public_address="http://127.0.0.1",
        port=0,
        lifetime=dt.timedelta(days=30),
        clock=lambda: NOW,
    )
    async with room:
        yield room


async def visit(
    browser: Browser, room: ReadingRoom, id: str, number: int, passage: tuple[int, int], **how: Any
) -> Visit:
    page = await browser.new_page(**how)
    seen = Visit(page)
    page.on("console", lambda message: seen.trouble.append(message.text))
    page.on("pageerror", lambda error: seen.trouble.append(str(error)))
    page.on("request", lambda request: seen.requested.append(request.url))
    await page.goto(
        room.link(GUILD, id, number, *passage).replace("127.0.0.1", f"127.0.0.1:{room.port}"),
        timeout=120_000,
    )
    return seen


def place_of(text: str) -> tuple[int, int]:
    start = text.index(QUOTE)
    return start, start + len(QUOTE)


async def test_the_passage_is_in_view_and_nothing_else_is_loaded(
    browser: Browser, room: ReadingRoom
) -> None:
    start = len("Words of a text. ") * 3000
    seen = await visit(browser, room, "long", 1, (start, start + len(QUOTE)))
    box = await seen.page.evaluate(f"{TARGET}.toJSON()")
    height = await seen.page.evaluate("innerHeight")
    assert await seen.page.evaluate("scrollY") > 1000
    assert 0 < box["top"] < box["bottom"] < height
    assert await seen.page.inner_text("#quote") == QUOTE
    assert seen.trouble == []
    assert len(seen.requested) == 1


@pytest.mark.parametrize("id", ["seed", "hostile"])
async def test_a_narrow_screen_needs_no_scrolling_sideways(
    browser: Browser, room: ReadingRoom, seed_article: Article, id: str
) -> None:
    passage = place_of(seed_article.text) if id == "seed" else (0, len(HOSTILE))
    number = 2 if id == "seed" else 1
    size = {"width": 320, "height": 640}
    seen = await visit(browser, room, id, number, passage, viewport=size)
    await seen.page.evaluate("document.querySelector('details').open = true")
    assert await seen.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert seen.trouble == []


async def test_hostile_text_is_only_text(browser: Browser, room: ReadingRoom) -> None:
    seen = await visit(browser, room, "hostile", 1, (0, len(HOSTILE)))
    shown = await seen.page.evaluate("document.querySelector('.text').textContent")
    assert shown == displayed(HOSTILE)
    assert await seen.page.evaluate("document.querySelectorAll('script, img, b').length") == 0
    assert seen.trouble == []
    assert len(seen.requested) == 1


async def test_light_and_dark_follow_the_reader(
    browser: Browser, room: ReadingRoom, seed_article: Article
) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        seen = await visit(
            browser, room, "seed", 2, place_of(seed_article.text), color_scheme=scheme
        )
        grounds.append(await seen.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(253, 252, 250)", "rgb(22, 23, 26)"]


async def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, room: ReadingRoom, seed_article: Article
) -> None:
    seen = await visit(browser, room, "seed", 2, (0, 0))
    stops = []
    for _ in range(6):  # the skip link, Cite, its text, a passage, changes, the older revision
        await seen.page.keyboard.press("Tab")
        stops.append(await seen.page.evaluate(FOCUS))
        if stops[-1]["text"] == "Cite":
            await seen.page.keyboard.press("Enter")
    assert [stop["text"] for stop in stops[:3]] == ["Go to the article", "Cite", ""]
    assert [stop["text"] for stop in stops[4:]] == ["changes since revision 1", "Revision 1"]
    assert all(stop["outline"] >= 2 and stop["right"] > 0 for stop in stops)
    assert await seen.page.evaluate("document.querySelector('details').open")


async def test_a_printed_page_is_dark_on_light_without_navigation(
    browser: Browser, room: ReadingRoom, seed_article: Article
) -> None:
    seen = await visit(browser, room, "seed", 2, place_of(seed_article.text), color_scheme="dark")
    await seen.page.emulate_media(media="print")
    assert await seen.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not await seen.page.is_visible("nav")
    assert await seen.page.is_visible("#quote")
