"""A Discord on 127.0.0.1: enough gateway and REST for a real discord.py client.

The server keeps its own state (guilds, channels, messages, commands, interactions) and refuses
what Discord refuses, so a test that passes here has crossed the real wire format.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Self

from aiohttp import web
from fake_interactions import Interaction
from fake_payloads import BOT_ID, Payload
from fake_people import FakePeople
from fake_rest import API, Request, errors_as_json


class FakeDiscord(FakePeople):
    """One bot, some users and guilds; what a test does with them, and what it waits for."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Serve on a free loopback port; `http` and `ws` are its addresses."""
        app = web.Application(middlewares=[errors_as_json], client_max_size=64 << 20)
        app.add_routes(self.routes())
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        port = runner.addresses[0][1]
        self.http, self.ws = f"http://127.0.0.1:{port}{API}", f"ws://127.0.0.1:{port}/gateway"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def answered(
        self,
        interaction: Interaction,
        matching: Callable[[Payload], bool] = lambda _: True,
    ) -> Payload:
        """The first message that the bot wrote for the interaction, once it says something.

        With `matching`, once it says what the test waits for, such as no longer "Searching".
        """

        def said() -> Payload | None:
            if not interaction.said:
                return None
            message = self._said(interaction.said[0])
            return message if message and matching(message) else None

        return await self.until(said)

    async def acknowledged(self, interaction: Interaction) -> int:
        """The type of the callback, once there is one."""
        await self.until(lambda: interaction.callback_type)
        assert interaction.callback_type
        return interaction.callback_type

    async def modal_of(self, interaction: Interaction) -> Payload:
        """The modal that the bot opened."""
        return await self.until(lambda: interaction.modal)

    async def replies(self, count: int = 1) -> list[Payload]:
        """The bot's messages, once there are `count` that say something."""

        def seen() -> list[Payload] | None:
            mine = [
                message
                for id, message in self.messages.items()
                if message["author"]["id"] == str(BOT_ID) and self._said(id)
            ]
            return mine if len(mine) >= count else None

        return await self.until(seen)

    def requested(self, method: str, path_part: str) -> list[Request]:
        return [r for r in self.requests if r.method == method and path_part in r.path]

    def forget_records(self) -> None:
        """Drop what was recorded of requests, and answered interactions: for long runs."""
        self.requests.clear()
        self.sent.clear()
        open_ones = {t: i for t, i in self.interactions.items() if i.callback_type is None}
        self.interactions = open_ones

    def _said(self, message_id: int) -> Payload | None:
        message = self.messages.get(message_id)
        says = message and any(message[key] for key in ("content", "embeds", "attachments"))
        return message if says else None
