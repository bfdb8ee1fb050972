"""Takes the pictures of the reading room: `python docs/pictures.py`, in a clone.

Needs a Chromium in the path, such as Debian's package `chromium`, and
`pip install -e '.[browser]'`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.room.article import RoomArticle
from bot.room.server import ReadingRoom
from bot.room.signing import LinkSigner
from bot.ui.citing import citation_styles
from docs.photographing import browser, save_small
from index.article import Article
from index.catalog import Revision
from index.loaders import load_paths

DOCS = Path(__file__).parent
SEED = DOCS.parent / "seeds" / "000_f3a08efafe655cd7.txt"
QUOTE = (
    "Al Quraishi blew himself up during a US raid in the town of Atme, Idlib province in February."
)
ALSO = "One person was killed, SANA reported."
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

# Name, colour scheme, width and height in CSS pixels.
PICTURES = (
    ("reading-room-light", "light", 900, 800),
    ("reading-room-dark", "dark", 900, 800),
    ("reading-room-narrow", "light", 360, 720),
)


def place_of(article: Article, words: str) -> tuple[int, int]:
    start = article.text.index(words)
    return start, start + len(words)


def shown_article() -> RoomArticle:
    """The seed article, as if it had been stored once before."""
    (article,) = load_paths([SEED])
    assert isinstance(article, Article)
    revisions = tuple(
        Revision(
            number=number,
            title=article.title,
            date=article.date,
            stored_at=f"2026-02-{number:02}T09:00:00+00:00",
            content_hash="",
            serving=number == 2,
        )
        for number in (1, 2)
    )
    return RoomArticle(article, 2, revisions, passages=(place_of(article, ALSO),))


async def take_pictures() -> None:
    shown = shown_article()

    def citations(shown: RoomArticle, start: int, end: int) -> dict[str, str]:
        return citation_styles(shown.article, shown.article.text[start:end], accessed=NOW.date())

    room = ReadingRoom(
        signer=LinkSigner(bytes(32)),
        article_of=lambda guild_id, id, revision: shown,
        citations_of=citations,
        public_address="http://127.0.0.1",
        port=0,
        clock=lambda: NOW,
    )
    async with room, browser() as chromium:
        link = room.link(1, shown.article.id, 2, *place_of(shown.article, QUOTE))
        link = link.replace("127.0.0.1", f"127.0.0.1:{room.port}")
        for name, scheme, width, height in PICTURES:
            page = await chromium.new_page(
                color_scheme="dark" if scheme == "dark" else "light",
                viewport={"width": width, "height": height},
            )
            await page.goto(link, timeout=120_000)
            save_small(await page.screenshot(timeout=120_000), DOCS / f"{name}.png")


def main() -> None:
    asyncio.run(take_pictures())


if __name__ == "__main__":
    main()
