"""A Discord on 127.0.0.1: enough gateway and REST for a real discord.py client.

The server keeps its own state (channels, messages, commands, interactions) and refuses
what Discord refuses, so a test that passes here has crossed the real wire format.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Self

import fake_payloads as payloads
from aiohttp import web
from fake_payloads import ALL_PERMISSIONS, APP_ID, BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, Payload
from fake_rest import API, FakeRest, Interaction, Request, errors_as_json

GUILD_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 15


class FakeDiscord(FakeRest):
    """One guild, one bot, some users, and what a test does with them."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Serve on a free loopback port; `http` and `ws` are its addresses."""
        app = web.Application(middlewares=[errors_as_json])
        app.add_routes(self.routes())
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        self.http, self.ws = f"http://127.0.0.1:{port}{API}", f"ws://127.0.0.1:{port}/gateway"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def say(
        self,
        content: str,
        *,
        author: int = OWNER_ID,
        reply_to: int | None = None,
        **fields: Any,
    ) -> Payload:
        """Somebody writes in the channel. Returns the message, whether or not the bot sees it.

        `fields` replace fields of the event, such as `type` or `webhook_id`.
        """
        message = self.new_message(CHANNEL_ID, author, content)
        message["content"] = content
        if reply_to is not None:
            replied = self.messages[reply_to]
            message |= {
                "type": 19,
                "message_reference": {"message_id": str(reply_to), "channel_id": str(CHANNEL_ID)},
                "referenced_message": replied,
            }
            message["mentions"] = [*message["mentions"], replied["author"]]  # a reply pings
        if self.intents & GUILD_MESSAGES:
            event = message | {"guild_id": str(GUILD_ID), "member": payloads.member()} | fields
            told = any(user["id"] == str(BOT_ID) for user in message["mentions"])
            if not told and author != BOT_ID and not self.intents & MESSAGE_CONTENT:
                event["content"] = ""
            await self.dispatch("MESSAGE_CREATE", event)
        return message

    async def invoke(self, name: str, *, user: int = OWNER_ID, **options: Any) -> Interaction:
        """A user runs a slash command; the bot must have registered it, with these options."""
        command = next((c for c in self.commands if c["name"] == name), None)
        assert command, f"/{name} was never synced; known: {[c['name'] for c in self.commands]}"
        known = {option["name"]: option for option in command.get("options", [])}
        missing = [n for n, option in known.items() if option.get("required") and n not in options]
        assert not missing, f"the client would not send /{name} without {missing}"
        data = {
            "id": command["id"],
            "name": name,
            "type": 1,
            "options": [
                {"name": n, "type": known[n]["type"], "value": value}
                for n, value in options.items()
            ],
        }
        return await self._interact(2, data, user, CHANNEL_ID)

    async def press(self, message_id: int, custom_id: str, *, user: int = OWNER_ID) -> Interaction:
        """A user presses a button on a message of the bot."""
        message = self.messages[message_id]
        ids = [c.get("custom_id") for row in message["components"] for c in row["components"]]
        assert custom_id in ids, f"no such button on the message: {ids}"
        data = {"custom_id": custom_id, "component_type": 2}
        channel = int(message["channel_id"])
        return await self._interact(3, data, user, channel, message=message)

    async def answered(self, interaction: Interaction) -> Payload:
        """The message a user sees under the command, once it says something."""
        return await self.until(lambda: self._said(interaction.original_id))

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

    def _said(self, message_id: int | None) -> Payload | None:
        message = self.messages.get(message_id or -1)
        return message if message and (message["content"] or message["embeds"]) else None

    async def _interact(
        self, kind: int, data: Payload, user: int, channel: int, **extra: Any
    ) -> Interaction:
        pending = Interaction(next(self._ids), f"itoken{next(self._ids)}", channel)
        self.interactions[pending.token] = pending
        event = {
            "id": str(pending.id),
            "application_id": str(APP_ID),
            "type": kind,
            "token": pending.token,
            "version": 1,
            "data": data,
            "guild_id": str(GUILD_ID),
            "channel_id": str(channel),
            "channel": self.channels[channel],
            "member": payloads.member(self.users[user]) | {"permissions": ALL_PERMISSIONS},
            "locale": "en-US",
            "app_permissions": ALL_PERMISSIONS,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(GUILD_ID)},
            "attachment_size_limit": 10_485_760,
        }
        await self.dispatch("INTERACTION_CREATE", event | extra)
        return pending
