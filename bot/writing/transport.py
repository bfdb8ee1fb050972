"""HTTP to a model's server: nothing sent that was not meant to be, nothing taken without bound.

The client libraries add headers from the environment (keys of other services, organisations) and
facts of the machine; they follow redirects, read bodies of any length, and unpack them. Here only
known headers leave, the key only as it was set, and the answer is an event stream or refused.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache

import httpx

MOST_BYTES = 4 * 2**20
"""Of one response, its events' JSON included."""

_SENT = frozenset(("accept", "connection", "content-length", "content-type", "host"))


class RefusedResponseError(Exception):
    """The response is not read; the message says why."""


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Sends requests with `key`, or without any; hands on responses of at most `most` bytes."""

    def __init__(self, key: str = "", *, most: int = MOST_BYTES) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._key = key
        self._most = most

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises RefusedResponseError for a redirect and for a success that is no event stream."""
        for name in set(request.headers) - _SENT:
            del request.headers[name]
        request.headers["user-agent"] = "dateline"
        request.headers["accept-encoding"] = "identity"  # what unpacks could unpack to anything
        if self._key:
            request.headers["authorization"] = f"Bearer {self._key}"
        response = await super().handle_async_request(request)
        if problem := _problem(response):
            await response.aclose()
            raise RefusedResponseError(problem)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Bounded(response.stream, self._most)
        return response


def guarded_client(key: str, seconds: float) -> httpx.AsyncClient:
    """A client for one answer, which takes at most `seconds` for each step of it."""
    return httpx.AsyncClient(
        transport=GuardedTransport(key), timeout=seconds, follow_redirects=False, trust_env=False
    )


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _problem(response: httpx.Response) -> str:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if 300 <= response.status_code < 400:
        return "its server sends elsewhere, which is not followed"
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return "its server packs what it sends, unasked"
    if response.is_success and media_type != "text/event-stream":
        return "its server does not stream events"
    return ""


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._left -= len(piece)
            if self._left < 0:
                raise RefusedResponseError("its server sends without end")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
