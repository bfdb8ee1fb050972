"""Builds where the bot may not embed links: the same as text, with the same buttons."""

from __future__ import annotations

from typing import Any

import pytest
from answers import buttons
from fake_discord import FakeDiscord
from fake_payloads import CHANNEL_ID, GUILD_ID
from scripted import started

from bot.servers import build_refusals as why
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings

BUILT_S = 120
"""Seconds for a build: the first one loads the model."""


@pytest.fixture
async def fake(fake: FakeDiscord) -> FakeDiscord:
    """No message of the bot's has an embed, also not while it is still being edited."""
    fake.wait_s = BUILT_S
    await fake.deny(CHANNEL_ID, GUILD_ID, "embed_links")
    return fake


async def added(fake: FakeDiscord, number: int, **options: Any) -> dict[str, Any]:
    """The message of an addition, which has just begun."""
    text = f"Bridge {number} opens\n\nBridge {number} of Lyon was opened by the mayor @everyone."
    file = fake.upload(f"bridge{number}.txt", text.encode())
    return await fake.answered(await fake.invoke("articles add", file1=file, **options))


async def press(fake: FakeDiscord, message: dict[str, Any], label: str) -> None:
    await fake.press(int(message["id"]), buttons(message)[label])


@pytest.mark.usefixtures("bot")
async def test_progress_preview_and_outcome(fake: FakeDiscord, servers: ServerRegistry) -> None:
    message = await added(fake, 1)
    assert "**Adding articles (build 1)**" in message["content"]
    await fake.until(lambda: message["components"])
    for expected in (
        "**Build 1 waits to be published**\n1 added; 1 passage in all\nPublish it",
        "**Added (1)**\n- Bridge 1 opens",
    ):
        assert expected in message["content"]
    other = await added(fake, 2)
    assert other["content"].startswith(f"{why.WAITS}\n**Build 1 waits to be published**")
    await press(fake, other, "Publish")
    await fake.until(lambda: "**Build 1 is published**" in other["content"])
    await fake.until(lambda: "**Build 1 is published**" in message["content"])
    assert message["components"] == other["components"] == []

    await added(fake, 2, publish_now=True)
    archive = servers.server(GUILD_ID).archive
    await fake.until(lambda: archive.generation_id() == 2)
    back = await fake.answered(await fake.invoke("index rollback"))
    assert back["content"].startswith("**Generation 1 serves again**\nGeneration 2 does not")
    assert all(one["embeds"] == [] for one in fake.messages.values())


async def test_after_a_restart(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> None:
    async with started(fake, settings, servers):
        message = await added(fake, 1)
        await fake.until(lambda: message["components"])
    for label in ("Publish", "Discard"):
        assert label in buttons(message)
    message["content"], message["components"] = "**Adding articles (build 1)**", []
    async with started(fake, settings, servers):
        await fake.until(lambda: "waits to be published" in message["content"])
        await press(fake, message, "Discard")
        await fake.until(lambda: "is discarded" in message["content"])
    assert message["embeds"] == [] and message["components"] == []
