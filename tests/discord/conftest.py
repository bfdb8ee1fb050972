"""A bot with a scripted pipeline, connected to a Discord on 127.0.0.1."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from answers import article
from fake_discord import FakeDiscord
from fake_payloads import GUILD_ID, TOKEN
from pydantic import SecretStr
from scripted import ScriptedPipeline, ScriptedServers, started

from bot.client import DatelineBot
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from index.archive import Archive


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A running server; at the end, nothing unknown was asked of it and nobody was pinged."""
    async with FakeDiscord().running() as server:
        yield server
    assert server.unhandled == []
    assert server.pinged == []
    for body in server.sent:
        assert body["allowed_mentions"]["parse"] == []
        assert not body["allowed_mentions"].get("replied_user")


@pytest.fixture
def pipeline() -> ScriptedPipeline:
    return ScriptedPipeline()


@pytest.fixture
def servers(tmp_path: Path, pipeline: ScriptedPipeline) -> Iterator[ServerRegistry]:
    registry = ScriptedServers(tmp_path / "home", pipeline)
    yield registry
    registry.close()


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that holds the sample article of `answers`."""
    folder = tmp_path_factory.mktemp("indexed")
    with Archive.open(folder) as archive:
        archive.index([article()])
    return folder


@pytest.fixture
def with_articles(tmp_path: Path, indexed: Path) -> None:
    """Gives the first guild's archive the sample article; before the bot is started."""
    shutil.copytree(indexed, tmp_path / "home" / "servers" / str(GUILD_ID))


@pytest.fixture
def settings(fake: FakeDiscord) -> DiscordSettings:
    return DiscordSettings(
        discord_token=SecretStr(TOKEN), discord_api=fake.http, discord_gateway=fake.ws
    )


@pytest.fixture
async def bot(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> AsyncIterator[DatelineBot]:
    """The real client, logged in, synced and connected.

    Not waited for `on_ready`, which discord.py holds back for 2 seconds in case of more guilds:
    what a test sends comes after the guild on the same connection.
    """
    async with started(fake, settings, servers) as client:
        yield client
