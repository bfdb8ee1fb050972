"""The gateway of a Discord on 127.0.0.1: identify, heartbeats, events, reconnect and resume."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import TypeVar

import discord
from aiohttp import WSMsgType, web
from fake_payloads import (
    BOT_ID,
    CHANNEL_ID,
    GUILD_ID,
    OTHER_BOT_ID,
    OWNER_ID,
    STRANGER_ID,
    TOKEN,
    Payload,
    channel,
    guild,
    member,
    ready,
    user,
)

T = TypeVar("T")

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4004, 4014
PRIVILEGED = discord.Intents(members=True, presences=True, message_content=True).value


class FakeGateway:
    """Keeps one session: its events in order, so that a resuming client gets what it missed."""

    def __init__(self) -> None:
        self.users = {
            BOT_ID: user(BOT_ID, "newsbot", bot=True),
            OWNER_ID: user(OWNER_ID, "alice"),
            STRANGER_ID: user(STRANGER_ID, "mallory"),
            OTHER_BOT_ID: user(OTHER_BOT_ID, "otherbot", bot=True),
        }
        self.channels = {CHANNEL_ID: channel(CHANNEL_ID, "general")}
        self.ws = ""
        self.wait_s = 20.0
        """Seconds after which a state that never comes fails the test."""
        self.heartbeats = 0
        self.identifies = 0
        self.resumes = 0
        self.intents = 0
        self.gateway_token = TOKEN
        self.refuse_intents = PRIVILEGED
        """Intents for which the gateway closes with 4014: what the portal has not granted."""
        self.changed = asyncio.Condition()
        self._sessions = itertools.count(1)
        self._session = ""
        self._events: list[Payload] = []
        self._socket: web.WebSocketResponse | None = None

    # -- what a test does --------------------------------------------------------------

    async def until(self, condition: Callable[[], T | None]) -> T:
        """Wait for a state of the server, never for a time; returns what `condition` found."""
        async with self.changed, asyncio.timeout(self.wait_s):
            await self.changed.wait_for(condition)
            found = condition()
        assert found
        return found

    async def connected(self) -> None:
        await self.until(lambda: self._socket is not None)

    async def ask_to_reconnect(self) -> None:
        """What Discord does every few hours: opcode 7, after which the client resumes."""
        socket, self._socket = self._socket, None
        assert socket
        await socket.send_json({"op": RECONNECT, "d": None})

    async def invalidate_session(self) -> None:
        """Discord has forgotten the session: the client must identify again."""
        socket, self._socket = self._socket, None
        assert socket
        self._session = ""
        await socket.send_json({"op": INVALID_SESSION, "d": False})

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, or keep it for a client that is away and will resume."""
        payload = {"op": DISPATCH, "t": event, "s": len(self._events) + 1, "d": data}
        self._events.append(payload)
        if self._socket is not None:
            await self._socket.send_json(payload)

    async def notify(self) -> None:
        """Let those who wait look at the server again."""
        async with self.changed:
            self.changed.notify_all()

    # -- the wire ----------------------------------------------------------------------

    async def serve_gateway(self, request: web.Request) -> web.WebSocketResponse:
        assert request.query["v"] == "10" and request.query["encoding"] == "json", request.query
        socket = web.WebSocketResponse(max_msg_size=4096)
        await socket.prepare(request)
        hello = {"op": HELLO, "d": {"heartbeat_interval": 500}, "s": None, "t": None}
        await socket.send_json(hello)
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            payload = json.loads(frame.data)
            data = payload["d"]
            match payload["op"]:
                case 1:
                    self.heartbeats += 1
                    await socket.send_json({"op": HEARTBEAT_ACK})
                case 2:
                    await self._identify(socket, data)
                case 6:
                    await self._resume(socket, data)
                case 8:
                    await self._send_members(data)
            await self.notify()
        if self._socket is socket:
            self._socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> None:
        self.identifies += 1
        self.intents = data["intents"]
        if data["token"] != self.gateway_token:
            await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
        elif self.intents & self.refuse_intents:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            self._session, self._events = f"session{next(self._sessions)}", []
            self._socket = socket
            await self.dispatch("READY", ready(self.users[BOT_ID], self._session, self.ws))
            await self.dispatch(
                "GUILD_CREATE", guild(self._members(), list(self.channels.values()))
            )

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> None:
        if data["token"] != TOKEN or data["session_id"] != self._session:
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return
        for missed in self._events[data["seq"] :]:
            await socket.send_json(missed)
        self._socket = socket
        await self.dispatch("RESUMED", {})
        self.resumes += 1

    async def _send_members(self, wanted: Payload) -> None:
        chunk = {
            "guild_id": str(GUILD_ID),
            "members": self._members(),
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        nonce = {"nonce": wanted["nonce"]} if "nonce" in wanted else {}
        await self.dispatch("GUILD_MEMBERS_CHUNK", chunk | nonce)

    def _members(self) -> list[Payload]:
        return [member(of) for of in self.users.values()]
