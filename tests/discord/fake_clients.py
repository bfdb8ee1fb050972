"""A plain discord.py client, with which the loopback Discord itself is tested."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import discord
from discord import app_commands
from fake_discord import FakeDiscord
from fake_payloads import TOKEN
from pydantic import SecretStr

from bot.client import redirected
from bot.settings import DiscordSettings

Prepare = Callable[["PlainClient"], None]
ORDINARY = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class PlainClient(discord.Client):
    """Keeps what it is told; its commands are registered before it connects."""

    def __init__(self, prepare: Prepare, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            heartbeat_timeout=1.0,
        )
        self.tree = app_commands.CommandTree(self)
        self.seen: list[discord.Message] = []
        self.failed: list[BaseException] = []
        prepare(self)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)


@contextlib.asynccontextmanager
async def connected(
    fake: FakeDiscord,
    prepare: Prepare = lambda _: None,
    *,
    intents: discord.Intents = ORDINARY,
) -> AsyncIterator[PlainClient]:
    """The client, logged in and connected; `prepare` adds its commands and views."""
    there = DiscordSettings(
        discord_token=SecretStr(TOKEN), discord_api=fake.http, discord_gateway=fake.ws
    )
    with redirected(there):
        async with PlainClient(prepare, intents) as client:
            running = asyncio.create_task(client.start(TOKEN))
            waiting = asyncio.create_task(fake.connected())
            await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
            assert waiting.done(), running.exception()
            yield client
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
