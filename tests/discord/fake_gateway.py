"""The gateway of a Discord on 127.0.0.1: identify, heartbeats, events, reconnect and resume."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
from collections.abc import Callable
from typing import TypeVar

import discord
import fake_payloads as payloads
from aiohttp import ClientConnectionError, WSCloseCode, WSMsgType, web
from fake_payloads import BOT_ID, TOKEN, Payload
from fake_world import FakeWorld

T = TypeVar("T")

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11

UNKNOWN_ERROR, AUTHENTICATION_FAILED, DISALLOWED_INTENTS = 4000, 4004, 4014
RESUMABLE = (4000, 4001, 4002, 4003, 4005, 4008)
PRIVILEGED = discord.Intents(members=True, presences=True, message_content=True).value
GRANTED_FLAGS = {
    discord.Intents(presences=True).value: 1 << 13,
    discord.Intents(members=True).value: 1 << 15,
    discord.Intents(message_content=True).value: 1 << 19,
}
"""The flag of an application for each privileged intent, as one below 100 guilds has it."""


class FakeGateway(FakeWorld):
    """Keeps one session: its events in order, so that a resuming client gets what it missed."""

    def __init__(self) -> None:
        super().__init__()
        self.ws = ""
        self.wait_s = 20.0
        """Seconds after which a state that never comes fails the test."""
        self.heartbeats = 0
        self.heartbeat_interval_ms = 500
        self.acks_heartbeats = True
        self.identifies = 0
        self.identified: list[Payload] = []
        """What the client identified with, its intents among it; refused ones included."""
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
        self._transport: asyncio.Transport | None = None

    # -- what a test does --------------------------------------------------------------

    async def until(self, condition: Callable[[], T | None], *, within_s: float | None = None) -> T:
        """Wait for a state of the server, never for a time; returns what `condition` found."""
        async with self.changed, asyncio.timeout(within_s or self.wait_s):
            await self.changed.wait_for(condition)
            found = condition()
        assert found
        return found

    async def connected(self) -> None:
        await self.until(lambda: self._socket is not None)

    async def ask_to_reconnect(self) -> None:
        """What Discord does every few hours: opcode 7, after which the client resumes."""
        await self._take_socket().send_json({"op": RECONNECT, "d": None})

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        """Opcode 9. Unless `resumable`, Discord has forgotten the session: identify again."""
        socket = self._take_socket()
        if not resumable:
            self._session = ""
        await socket.send_json({"op": INVALID_SESSION, "d": resumable})

    async def close_gateway(self, code: int = UNKNOWN_ERROR) -> None:
        """Close the connection with a code, one of RESUMABLE or another."""
        await self._take_socket().close(code=code)

    async def cut_gateway(self) -> None:
        """The connection breaks off without a word."""
        transport = self._transport
        self._take_socket()
        assert transport
        transport.abort()

    async def shake_gateway(self, *, seed: int, times: int) -> None:
        """Interrupt the connection in `times` resumable ways, each once the client is back."""
        chance = random.Random(seed)
        ways: list[Callable[[], object]] = [
            self.ask_to_reconnect,
            self.cut_gateway,
            lambda: self.invalidate_session(resumable=True),
            *(lambda code=code: self.close_gateway(code) for code in RESUMABLE),
        ]
        for _ in range(times):
            await self.connected()
            before = self.resumes
            await chance.choice(ways)()  # type: ignore[misc]  # all of them are coroutines
            await self.until(lambda before=before: self.resumes > before)

    async def dispatch(self, event: str, data: Payload) -> None:
        """Send an event, or keep it for a client that is away and will resume."""
        if not self._session:
            return  # whoever comes will identify, and is told of what happens from then on
        payload = {"op": DISPATCH, "t": event, "s": len(self._events) + 1, "d": data}
        self._events.append(payload)
        if self._socket is not None:
            with contextlib.suppress(ClientConnectionError):  # it will resume
                await self._socket.send_json(payload)

    async def notify(self) -> None:
        """Let those who wait look at the server again."""
        async with self.changed:
            self.changed.notify_all()

    # -- the wire ----------------------------------------------------------------------

    async def serve_gateway(self, request: web.Request) -> web.WebSocketResponse:
        assert request.query["v"] == "10" and request.query["encoding"] == "json", request.query
        socket = web.WebSocketResponse(max_msg_size=4096, timeout=1.0)
        await socket.prepare(request)
        hello = {"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_interval_ms}}
        await socket.send_json(hello | {"s": None, "t": None})
        with contextlib.suppress(ClientConnectionError):  # gone while it was told something
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                await self._received(request, socket, json.loads(frame.data))
                await self.notify()
        if self._socket is socket:
            self._socket = None
        return socket

    async def _received(
        self, request: web.Request, socket: web.WebSocketResponse, payload: Payload
    ) -> None:
        match payload["op"]:
            case 1:
                self.heartbeats += 1
                if self.acks_heartbeats:
                    await socket.send_json({"op": HEARTBEAT_ACK})
            case 2:
                await self._identify(request, socket, payload["d"])
            case 6:
                await self._resume(request, socket, payload["d"])
            case 8:
                await self._send_members(payload["d"])

    async def _identify(
        self, request: web.Request, socket: web.WebSocketResponse, data: Payload
    ) -> None:
        self.identifies += 1
        self.identified.append(data)
        self.intents = data["intents"]
        if data["token"] != self.gateway_token:
            await socket.close(code=AUTHENTICATION_FAILED, message=b"Authentication failed.")
        elif self.intents & self.refuse_intents:
            await socket.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            if self._socket is not None:
                await self._take_socket().close(code=WSCloseCode.GOING_AWAY)
            self._session, self._events = f"session{next(self._sessions)}", []
            there = [id for id, guild in self.guilds.items() if BOT_ID in guild.members]
            bot, flags = self.users[BOT_ID], self.application_flags()
            ready = payloads.ready(bot, self._session, self.ws, there, flags)
            await self.dispatch("READY", ready)
            for id in there:
                await self.dispatch("GUILD_CREATE", self.guild_payload(id))
            await self._catch_up(request, socket, 0)

    async def _resume(
        self, request: web.Request, socket: web.WebSocketResponse, data: Payload
    ) -> None:
        same = data["token"] == TOKEN and data["session_id"] == self._session
        if not same or data["seq"] > len(self._events):
            await socket.send_json({"op": INVALID_SESSION, "d": False})
            return
        await self._catch_up(request, socket, data["seq"])
        await self.dispatch("RESUMED", {})
        self.resumes += 1

    async def _catch_up(
        self, request: web.Request, socket: web.WebSocketResponse, sent: int
    ) -> None:
        """Send every event from number `sent` on, also those that happen meanwhile."""
        self._socket = None
        while sent < len(self._events):
            await socket.send_json(self._events[sent])
            sent += 1
        self._socket, self._transport = socket, request.transport  # type: ignore[assignment]

    def _take_socket(self) -> web.WebSocketResponse:
        """The connection, over which nothing is dispatched from now on."""
        socket, self._socket = self._socket, None
        assert socket, "no client is connected"
        return socket

    def application_flags(self) -> int:
        refused = self.refuse_intents
        return sum(flag for intent, flag in GRANTED_FLAGS.items() if not intent & refused)

    async def _send_members(self, wanted: Payload) -> None:
        guild_id = int(wanted["guild_id"])
        members = [self.member(user, guild_id) for user in self.guilds[guild_id].members]
        if wanted.get("user_ids"):
            ids = {str(id) for id in wanted["user_ids"]}
            members = [one for one in members if one["user"]["id"] in ids]
        chunk = {
            "guild_id": str(guild_id),
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        nonce = {"nonce": wanted["nonce"]} if "nonce" in wanted else {}
        await self.dispatch("GUILD_MEMBERS_CHUNK", chunk | nonce)
