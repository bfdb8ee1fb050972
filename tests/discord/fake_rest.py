"""The REST side of a Discord on 127.0.0.1: the routes, and what every request goes through."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import fake_payloads as payloads
from aiohttp import web
from aiohttp.typedefs import Handler
from fake_errors import ApiError
from fake_faults import Delay, Drop, Faults, Hold, RateLimit, Refusal, error_headers
from fake_interactions import FakeInteractions
from fake_messages import FILES, UPLOADED, Upload
from fake_payloads import APP_ID, BOT_ID, OWNER_ID, TOKEN, Payload
from fake_servers import FakeServers

API = "/api/v10"
Endpoint = Callable[[web.Request, Any], Any]


@dataclass(frozen=True)
class Request:
    """A REST request as it was received; `body` is its JSON."""

    method: str
    path: str
    body: Any


class FakeRest(FakeInteractions, FakeServers):
    """Carries requests out, unless they are to go wrong; records every one."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.unhandled: list[str] = []
        self.faults = Faults(self.clock)

    # -- what goes wrong ---------------------------------------------------------------

    def refuse_next(
        self,
        method: str,
        part: str,
        *,
        status: int,
        code: int = 0,
        retry_after: float | None = None,
        times: int = 1,
        is_global: bool = False,
        carried_out: bool = False,
    ) -> Refusal:
        """Answer the next `times` requests whose path holds `part` with an error.

        They are not carried out before, unless `carried_out`: then the answer is a lie, as
        a 500 of Discord's sometimes is.
        """
        text = "refused for a test"
        error = ApiError(status, code, text, retry_after=retry_after, is_global=is_global)
        refusal = Refusal(method, part, times, carried_out, error=error)
        self.faults.add(refusal)
        return refusal

    def drop_next(
        self, method: str, part: str, *, carried_out: bool = False, times: int = 1
    ) -> Drop:
        """Break the connection off instead of answering."""
        drop = Drop(method, part, times, carried_out)
        self.faults.add(drop)
        return drop

    def hold_next(
        self, method: str, part: str, *, carried_out: bool = False, times: int = 1
    ) -> Hold:
        """Let the next requests wait until the test sets `released`."""
        hold = Hold(method, part, times, carried_out)
        self.faults.add(hold)
        return hold

    def slow_next(self, method: str, part: str, *, seconds: float, times: int = 1) -> Delay:
        delay = Delay(method, part, times, seconds=seconds)
        self.faults.add(delay)
        return delay

    def limit_rate(self, method: str, part: str, *, requests: int, per_s: float) -> RateLimit:
        """Allow so many requests in each channel (or for each token), and say so in headers."""
        limit = RateLimit(method, part, requests, per_s)
        self.faults.limit(limit)
        return limit

    # -- the wire ----------------------------------------------------------------------

    def routes(self) -> list[web.RouteDef]:
        app, hook = f"/applications/{APP_ID}", f"/webhooks/{APP_ID}/{{token}}"
        channel, guild = "/channels/{channel}", "/guilds/{guild}"
        text, own = f"{channel}/messages", f"{hook}/messages"
        people = f"{channel}/thread-members"
        endpoints: list[tuple[str, str, Endpoint]] = [
            ("GET", "/gateway/bot", lambda r, b: self._gateway_bot()),
            ("GET", "/users/@me", lambda r, b: self.users[BOT_ID]),
            ("GET", "/oauth2/applications/@me", lambda r, b: self._application()),
            ("GET", f"{app}/commands", self.get_commands),
            ("PUT", f"{app}/commands", self.put_commands),
            ("GET", f"{app}{guild}/commands", self.get_commands),
            ("PUT", f"{app}{guild}/commands", self.put_commands),
            ("POST", "/interactions/{id}/{token}/callback", self.callback),
            ("POST", hook, self.followup),
            ("PATCH", f"{own}/@original", self.edit_own),
            ("GET", f"{own}/@original", self.get_own),
            ("DELETE", f"{own}/@original", self.delete_own),
            ("PATCH", f"{own}/{{message}}", self.edit_own),
            ("GET", f"{own}/{{message}}", self.get_own),
            ("DELETE", f"{own}/{{message}}", self.delete_own),
            ("POST", text, self.post_message),
            ("GET", text, self.get_messages),
            ("GET", f"{text}/{{message}}", self.get_message),
            ("PATCH", f"{text}/{{message}}", self.edit_message),
            ("DELETE", f"{text}/{{message}}", self.delete_message),
            ("POST", f"{channel}/typing", self.type_in),
            ("POST", f"{text}/{{message}}/threads", self.start_thread),
            ("POST", f"{channel}/threads", self.start_thread),
            ("GET", channel, self.get_channel),
            ("PATCH", channel, self.edit_thread),
            ("DELETE", channel, self.delete_channel),
            ("GET", people, self.get_thread_members),
            ("PUT", f"{people}/{{user}}", self.add_thread_member),
            ("DELETE", f"{people}/{{user}}", self.remove_thread_member),
            ("GET", f"{channel}/threads/archived/public", self.get_archived_threads),
            ("POST", "/users/@me/channels", self.open_direct_channel),
            ("DELETE", "/users/@me/guilds/{guild}", self.leave_guild),
            ("GET", "/users/{user}", self.get_user),
            ("GET", guild, self.get_guild),
            ("GET", f"{guild}/channels", self.get_guild_channels),
            ("GET", f"{guild}/roles", self.get_roles),
            ("GET", f"{guild}/threads/active", self.get_active_threads),
            ("GET", f"{guild}/members/{{user}}", self.get_member),
        ]
        routes = [web.route(m, API + path, self._endpoint(e)) for m, path, e in endpoints]
        files = web.get(f"{FILES}/{{file}}/{{name}}", self.get_file)
        gateway = web.get("/gateway", self.serve_gateway)
        return [gateway, files, *routes, web.route("*", "/{rest:.*}", self._unknown)]

    def _endpoint(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            path = request.path.removeprefix(API)
            signed = path.startswith(("/interactions/", "/webhooks/"))  # by the token in the path
            if not signed and request.headers.get("Authorization") != f"Bot {TOKEN}":
                raise ApiError(401, 0, "401: Unauthorized")
            body, files = await _parts(request)
            UPLOADED.set(files)
            self.requests.append(Request(request.method, path, body))
            try:
                fault = self.faults.due(request.method, path)
                if fault and not fault.carried_out:
                    await self.notify()
                    await fault.strike(request)
                headers = self.faults.count(request.method, path)
                result = endpoint(request, body)
                if inspect.isawaitable(result):
                    result = await result
                if fault and fault.carried_out:
                    await self.notify()
                    await fault.strike(request)
            finally:
                await self.notify()
            if result is None:
                return web.Response(status=204, headers=headers)
            return _json(result, headers=headers)

        return handle

    async def _unknown(self, request: web.Request) -> web.Response:
        self.unhandled.append(f"{request.method} {request.path}")
        raise ApiError(404, 0, "404: Not Found")

    def _gateway_bot(self) -> Payload:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.ws, "shards": 1, "session_start_limit": limit}

    def _application(self) -> Payload:
        return payloads.application(self.users[OWNER_ID], self.application_flags())


async def _parts(request: web.Request) -> tuple[Any, list[Upload]]:
    """A request's JSON, and the files beside it."""
    if request.content_type == "application/json" and request.can_read_body:
        return await request.json(), []
    if request.content_type != "multipart/form-data":
        return None, []
    form = await request.post()
    files = [
        Upload(part.filename, part.file.read(), part.content_type)
        for part in form.values()
        if isinstance(part, web.FileField)
    ]
    return json.loads(str(form["payload_json"])), files


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
    """Errors as Discord sends them; a bad gateway's is no JSON but its proxy's page."""
    try:
        return await handler(request)
    except ApiError as error:
        headers = error_headers(error)
        if error.status in (502, 504):
            page = f"<html><title>{error.status}</title></html>"
            return web.Response(
                text=page, content_type="text/html", status=error.status, headers=headers
            )
        return _json(error.body(), error.status, headers)
    except ConnectionResetError:  # a connection that a test broke off
        return web.Response(status=500)
