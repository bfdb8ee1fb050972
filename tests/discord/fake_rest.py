"""The REST side of a Discord on 127.0.0.1: commands, interactions, messages, refusals."""

from __future__ import annotations

import inspect
import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import fake_payloads as payloads
from aiohttp import web
from aiohttp.typedefs import Handler
from fake_gateway import FakeGateway
from fake_limits import ApiError, check_message, pings
from fake_payloads import (
    APP_ID,
    BOT_ID,
    EPHEMERAL,
    GUILD_ID,
    LOADING,
    OWNER_ID,
    TOKEN,
    Payload,
)

API = "/api/v10"
Endpoint = Callable[[web.Request, Any], Any]


@dataclass
class Interaction:
    """What the server knows of one interaction token."""

    id: int
    token: str
    channel_id: int
    sent_at: float = field(default_factory=time.monotonic)
    callback_type: int | None = None
    original_id: int | None = None
    ephemeral: bool = False


@dataclass(frozen=True)
class Request:
    """A REST request as it was received; `body` is its JSON."""

    method: str
    path: str
    body: Any


class FakeRest(FakeGateway):
    """Keeps messages, commands and interactions; records every request."""

    def __init__(self) -> None:
        super().__init__()
        self.http = ""
        self.messages: dict[int, Payload] = {}
        self.commands: list[Payload] = []
        self.interactions: dict[str, Interaction] = {}
        self.requests: list[Request] = []
        self.sent: list[Payload] = []
        """Every message body the bot sent or edited, refused ones included."""
        self.pinged: list[str] = []
        self.unhandled: list[str] = []
        self.read_only: set[int] = set()
        """Channels in which the bot may not write."""
        self.ack_window_s = 3.0
        self._ids = itertools.count(1_000)
        self._refusals: list[tuple[str, str, ApiError]] = []

    def refuse_next(
        self,
        method: str,
        path_part: str,
        *,
        status: int,
        code: int = 0,
        retry_after: float | None = None,
    ) -> None:
        """Answer the next request of this method whose path holds `path_part` with an error."""
        error = ApiError(status, code, "refused for a test", retry_after=retry_after)
        self._refusals.append((method, path_part, error))

    def routes(self) -> list[web.RouteDef]:
        app, hook = f"/applications/{APP_ID}", f"/webhooks/{APP_ID}/{{token}}"
        original = f"{hook}/messages/@original"
        text = "/channels/{channel}/messages"
        endpoints: list[tuple[str, str, Endpoint]] = [
            ("GET", "/gateway/bot", lambda r, b: self._gateway_bot()),
            ("GET", "/users/@me", lambda r, b: self.users[BOT_ID]),
            (
                "GET",
                "/oauth2/applications/@me",
                lambda r, b: payloads.application(self.users[OWNER_ID]),
            ),
            ("GET", f"{app}/commands", lambda r, b: self.commands),
            ("PUT", f"{app}/commands", self._put_commands),
            ("PUT", f"{app}/guilds/{GUILD_ID}/commands", self._put_commands),
            ("POST", "/interactions/{id}/{token}/callback", self._callback),
            ("POST", hook, self._followup),
            ("PATCH", original, self._edit_original),
            ("GET", original, lambda r, b: self.messages[self._acked(r).original_id or -1]),
            ("POST", text, self._post_message),
            ("POST", "/channels/{channel}/typing", self._type),
            ("POST", text + "/{message}/threads", self._start_thread),
        ]
        routes = [web.route(m, API + path, self._endpoint(e)) for m, path, e in endpoints]
        gateway = web.get("/gateway", self.serve_gateway)
        return [gateway, *routes, web.route("*", "/{rest:.*}", self._unknown)]

    def _endpoint(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            path = request.path.removeprefix(API)
            signed = path.startswith(("/interactions/", "/webhooks/"))  # by the token in the path
            if not signed and request.headers.get("Authorization") != f"Bot {TOKEN}":
                raise ApiError(401, 0, "401: Unauthorized")
            body = await _json_body(request)
            self.requests.append(Request(request.method, path, body))
            try:
                self._refuse(request.method, path)
                result = endpoint(request, body)
                if inspect.isawaitable(result):
                    result = await result
            finally:
                await self.notify()
            return web.Response(status=204) if result is None else _json(result)

        return handle

    def _refuse(self, method: str, path: str) -> None:
        for refusal in self._refusals:
            wanted, part, error = refusal
            if wanted == method and part in path:
                self._refusals.remove(refusal)
                raise error

    async def _unknown(self, request: web.Request) -> web.Response:
        self.unhandled.append(f"{request.method} {request.path}")
        raise ApiError(404, 0, "404: Not Found")

    def _gateway_bot(self) -> Payload:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.ws, "shards": 1, "session_start_limit": limit}

    def _put_commands(self, _: web.Request, body: list[Payload]) -> list[Payload]:
        given = {"application_id": str(APP_ID), "version": "1"}
        self.commands = [{"type": 1} | c | given | {"id": str(next(self._ids))} for c in body]
        return self.commands

    def _callback(self, request: web.Request, body: Payload) -> Payload | None:
        pending = self.interactions.get(request.match_info["token"])
        if pending is None or time.monotonic() - pending.sent_at > self.ack_window_s:
            raise ApiError(404, 10062, "Unknown interaction")
        if pending.callback_type is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        kind, data = body["type"], body.get("data") or {}
        message: Payload = {}
        if kind in (4, 5):
            message = self.new_message(pending.channel_id, BOT_ID, data.get("content") or "")
            message["flags"] = data.get("flags", 0) | (LOADING if kind == 5 else 0)
            if kind == 4:
                self._fill(message, data)
            pending.original_id = int(message["id"])
        pending.callback_type = kind
        pending.ephemeral = bool(data.get("flags", 0) & EPHEMERAL)
        if request.query.get("with_response") not in ("1", "true"):
            return None
        interaction = {
            "id": str(pending.id),
            "type": 2,
            "response_message_id": str(pending.original_id or 0),
            "response_message_loading": kind == 5,
            "response_message_ephemeral": pending.ephemeral,
        }
        resource = {"type": kind} | ({"message": message} if message else {})
        return {"interaction": interaction, "resource": resource}

    def _acked(self, request: web.Request) -> Interaction:
        pending = self.interactions.get(request.match_info["token"])
        if pending is None or pending.callback_type is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return pending

    def _followup(self, request: web.Request, body: Payload) -> Payload:
        pending = self._acked(request)
        original = self.messages.get(pending.original_id or -1)
        if original and original["flags"] & LOADING:
            return self._fill(original, body)
        message = self.new_message(pending.channel_id, BOT_ID, body.get("content") or "")
        return self._fill(message, body)

    def _edit_original(self, request: web.Request, body: Payload) -> Payload:
        original = self.messages.get(self._acked(request).original_id or -1)
        if original is None:
            raise ApiError(404, 10008, "Unknown Message")
        return self._fill(original, body)

    def _post_message(self, request: web.Request, body: Payload) -> Payload:
        channel = self._writable(request)
        message = self.new_message(channel, BOT_ID, body.get("content") or "")
        if body.get("message_reference"):  # absent, never null
            message |= {"type": 19, "message_reference": body["message_reference"]}
        return self._fill(message, body)

    def _type(self, request: web.Request, _: object) -> None:
        self._writable(request)

    def _writable(self, request: web.Request) -> int:
        channel = int(request.match_info["channel"])
        if channel not in self.channels:
            raise ApiError(404, 10003, "Unknown Channel")
        if channel in self.read_only:
            raise ApiError(403, 50013, "Missing Permissions")
        return channel

    async def _start_thread(self, request: web.Request, body: Payload) -> Payload:
        parent, message = int(request.match_info["channel"]), int(request.match_info["message"])
        minutes = body.get("auto_archive_duration") or 1440
        thread = payloads.thread(message, body["name"], parent, minutes)
        self.channels[message] = thread
        await self.dispatch("THREAD_CREATE", thread | {"newly_created": True})
        return thread

    def new_message(self, channel: int, author: int, content: str) -> Payload:
        """A message that says nothing yet, with the users that `content` mentions."""
        mentioned = [
            user
            for id, user in self.users.items()
            if f"<@{id}>" in content or f"<@!{id}>" in content
        ]
        message = payloads.message(next(self._ids), channel, self.users[author], mentioned)
        self.messages[int(message["id"])] = message
        return message

    def _fill(self, message: Payload, body: Payload) -> Payload:
        """Put what the bot said into `message`, unless Discord would refuse it."""
        self.sent.append(body)
        try:
            check_message(body)
        except ApiError:
            if not message["flags"] & LOADING:
                self.messages.pop(int(message["id"]), None)
            raise
        self.pinged += pings(body)
        for key in ("content", "embeds", "components"):
            if body.get(key) is not None:
                message[key] = body[key]
        message["flags"] &= ~LOADING
        return message


async def _json_body(request: web.Request) -> Any:
    if request.content_type == "application/json" and request.can_read_body:
        return await request.json()
    if request.content_type == "multipart/form-data":
        return json.loads(str((await request.post())["payload_json"]))
    return None


def _json(
    payload: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """A JSON response; discord.py wants the bare content type, without a charset."""
    return web.Response(
        body=json.dumps(payload).encode(),
        content_type="application/json",
        status=status,
        headers=headers,
    )


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as error:
        payload: Payload = {"code": error.code, "message": error.message}
        headers = {"Via": "1.1 loopback"}  # without it discord.py believes in a Cloudflare ban
        if error.retry_after is not None:
            payload |= {"retry_after": error.retry_after, "global": False}
            headers |= {"Retry-After": str(error.retry_after), "X-RateLimit-Scope": "user"}
        return _json(payload, error.status, headers)
