"""The real pipeline behind the real client: articles on disk to messages on the wire."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from answers import said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, GUILD_ID, TOKEN

from bot.client import DatelineBot, redirected
from bot.servers.registry import ServerRegistry, open_servers
from bot.settings import DiscordSettings, load_settings
from index.article import Article

HOSTILE = Article(
    id="hostile",
    title="@everyone [free](https://evil.example) `code`",
    date=None,
    source="<@&300>",
    url="https://news.example/a)b",
    text="The bridge of Lyon was opened by @everyone and <@200> on **Monday**, [here](http://evil).",
)


@pytest.fixture
def real(tmp_path: Path, seed_article: Article) -> Iterator[ServerRegistry]:
    with open_servers(load_settings(home=tmp_path / "home")) as opened:
        opened.server(GUILD_ID).archive.index([seed_article])
        yield opened


@pytest.fixture
async def asking(
    fake: FakeDiscord, settings: DiscordSettings, real: ServerRegistry
) -> AsyncIterator[FakeDiscord]:
    fake.wait_s = 60  # the first question loads the model
    with redirected(settings):
        async with DatelineBot(servers=real) as client:
            running = asyncio.create_task(client.start(TOKEN))
            await fake.connected()
            yield fake
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def shown(fake: FakeDiscord, question: str) -> str:
    return said(await fake.answered(await fake.invoke("ask", question=question)))


async def test_the_sample_article_is_cited(asking: FakeDiscord) -> None:
    content = await shown(asking, "where was Al Quraishi killed?")
    assert "\n**the town of Atme, Idlib province**" in content
    quote = "> Al Quraishi blew himself up during a US raid in **the town of Atme, Idlib province**"
    assert quote in content
    assert "6 Oct 2022" in content


async def test_a_mention_is_answered(asking: FakeDiscord) -> None:
    await asking.say(f"<@{BOT_ID}> Where was Al Baghdadi killed?")
    (reply,) = await asking.replies(1)
    assert "Barisha" in said(reply)


async def test_what_is_not_in_the_articles_is_said_plainly(asking: FakeDiscord) -> None:
    content = await shown(asking, "Who is the president of France?")
    assert "No answer found in the articles." in content


async def test_a_new_generation_is_picked_up_and_hostile_text_is_harmless(
    asking: FakeDiscord, real: ServerRegistry
) -> None:
    await asyncio.to_thread(real.server(GUILD_ID).archive.index, [HOSTILE])
    content = await shown(asking, "Who opened the bridge of Lyon?")
    assert "The bridge of Lyon was opened" in content
    for harmful in ("@everyone", "<@200>", "<@&300>", "[here](", "[free]("):
        assert not re.search(rf"(?<!\\){re.escape(harmful)}", content)
