"""The reading room's web server: signed links in, pages out, nothing else."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from bot.room.page import Pages
from bot.room.signing import InvalidLinkError, LinkSigner, RoomLink
from index.errors import DatelineError

if TYPE_CHECKING:
    from aiohttp import web

    from bot.room.article import ArticleOf, CitationsOf, RoomArticle

log = logging.getLogger(__name__)

_METHODS = ("GET", "HEAD")
_CHUNK = 64 * 1024


class RoomAddressError(DatelineError):
    """The reading room cannot listen where it was told to."""


@dataclass(frozen=True)
class RoomLimits:
    """What one visitor, or many, can take of the process."""

    workers: int = 2
    """Pages that are written at once."""
    waiting: int = 32
    """Pages that may wait for that; more are told to come again."""
    connections: int = 200
    """Open connections; more are closed at once."""
    page_s: float = 20.0
    """Seconds until a page is given up, the wait for a worker included."""
    send_s: float = 60.0
    """Seconds that a visitor may take to receive a page."""
    idle_s: float = 15.0
    """Seconds in which a request's head has to arrive, on a new connection or a kept one."""
    line: int = 4096
    """Bytes of a request's first line, or of one header's name or value."""
    headers: int = 64


@dataclass(frozen=True)
class _Page:
    status: int
    html: str
    headers: Mapping[str, str]


class ReadingRoom:
    """Serves pages of articles for as long as it is entered.

    `public_address` is what links begin with; requests are taken at its path. Give the room the
    event loop that it is entered in for its whole life; `link` may be called from any thread.
    """

    def __init__(
        self,
        *,
        signer: LinkSigner,
        article_of: ArticleOf,
        citations_of: CitationsOf,
        public_address: str,
        host: str = "127.0.0.1",
        port: int = 8080,
        lifetime: dt.timedelta = dt.timedelta(days=30),
        limits: RoomLimits = RoomLimits(),
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._signer = signer
        self._article_of = article_of
        self._citations_of = citations_of
        self._base = public_address.rstrip("/") + "/"
        self._path = urlsplit(self._base).path
        self._host, self._port = host, port
        self._lifetime = lifetime
        self._limits = limits
        self._clock = clock
        self._pages = Pages()
        self._headers = _headers(self._pages.style_source)
        self._places = threading.Semaphore(limits.workers + limits.waiting)

    async def __aenter__(self) -> Self:
        """Raises RoomAddressError if the address cannot be listened at."""
        from aiohttp import web

        limits = self._limits
        self._server = web.Server(
            self._handle,
            access_log=None,  # it would hold links, each of which opens an article
            keepalive_timeout=limits.idle_s,
            lingering_time=0,
            max_line_size=limits.line,
            max_field_size=limits.line,
            max_headers=limits.headers,
        )
        try:
            self._listening = await asyncio.get_running_loop().create_server(
                self._connection, self._host, self._port
            )
        except (OSError, OverflowError) as error:
            raise RoomAddressError(
                f"the reading room cannot listen at {self._host} port {self._port} ({error}): "
                "choose another host or port"
            ) from error
        self._threads = ThreadPoolExecutor(limits.workers, thread_name_prefix="room")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._listening.close()
        self._server.pre_shutdown()
        await self._server.shutdown(timeout=5)
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    @property
    def port(self) -> int:
        """The port that is listened at, also where 0 was given to have one chosen."""
        port: int = self._listening.sockets[0].getsockname()[1]
        return port

    def link(
        self, guild_id: int, article_id: str, revision: int, start: int = 0, end: int = 0
    ) -> str:
        """An address that opens the revision at `text[start:end]` until the lifetime is over."""
        expires = self._clock() + self._lifetime
        return self._base + self._href(
            RoomLink(guild_id, article_id, revision, expires, start, end)
        )

    def _href(self, link: RoomLink) -> str:
        token = self._signer.token(link)
        if link.against:
            return f"{token}#changes"
        return f"{token}#quote" if link.start < link.end else token

    def _connection(self) -> asyncio.BaseProtocol:
        if len(self._server.connections) >= self._limits.connections:
            return _Refusal()
        return self._server()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._send(request, await self._answer(request))

    async def _answer(self, request: web.BaseRequest) -> _Page:
        if request.method not in _METHODS:
            return self._message(
                405, "Read only", "This page can only be read.", Allow=", ".join(_METHODS)
            )
        path = request.rel_url.raw_path
        token = path.removeprefix(self._path)
        if not path.startswith(self._path):
            return self._missing()
        try:
            link = self._signer.read(token, self._clock())
        except InvalidLinkError:
            return self._missing()
        if not self._places.acquire(blocking=False):
            return self._busy()
        job = self._threads.submit(self._page, link)
        # When the thread is done with it, which may be after its visitor has left.
        job.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(self._limits.page_s):
                return await asyncio.wrap_future(job)
        except TimeoutError:
            return self._busy()
        except Exception:
            log.exception("article %r of server %d cannot be shown", link.article_id, link.guild_id)
            return self._message(
                500, "This page cannot be shown now", "The operator finds the reason in the log."
            )

    def _leave(self, job: Future[_Page]) -> None:
        self._places.release()

    def _page(self, link: RoomLink) -> _Page:
        """Blocking: in a thread."""
        shown = self._article(link, link.revision)
        if shown is None or not 0 <= link.start <= link.end <= len(shown.article.text):
            return self._missing()
        if link.against:
            old = self._article(link, link.against)
            if old is None:
                return self._missing()
            return self._ok(self._pages.changes(old, shown, link, href=self._href))
        passages = [(s, e) for s, e in shown.passages if 0 <= s < e <= len(shown.article.text)]
        shown = replace(shown, passages=tuple(passages))
        citations = self._citations_of(shown, link.start, link.end)
        return self._ok(self._pages.article(shown, link, citations=citations, href=self._href))

    def _article(self, link: RoomLink, revision: int) -> RoomArticle | None:
        return self._article_of(link.guild_id, link.article_id, revision)

    def _ok(self, html: str) -> _Page:
        return _Page(200, html, {})

    def _missing(self) -> _Page:
        """The same for links that expired, never were, or lead to what is no longer there."""
        return self._message(
            404,
            "This link opens nothing",
            "It may have expired. Ask again where you found it, and you get a new one.",
        )

    def _busy(self) -> _Page:
        return self._message(
            503, "Too many readers", "Load this page again in a moment.", **{"Retry-After": "10"}
        )

    def _message(self, status: int, heading: str, explanation: str, **headers: str) -> _Page:
        return _Page(status, self._pages.message(heading, explanation), headers)

    async def _send(self, request: web.BaseRequest, page: _Page) -> web.StreamResponse:
        """In chunks, so that what a slow visitor has not taken yet is bounded, and for how long."""
        from aiohttp import web

        body = page.html.encode()
        response = web.StreamResponse(status=page.status, headers={**self._headers, **page.headers})
        response.content_length = len(body)
        if request.method not in _METHODS:  # what it sends is not read
            response.force_close()
        try:
            async with asyncio.timeout(self._limits.send_s):
                await response.prepare(request)
                if request.method != "HEAD":
                    for start in range(0, len(body), _CHUNK):
                        await response.write(body[start : start + _CHUNK])
                await response.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        return response


class _Refusal(asyncio.Protocol):
    """Closes a connection as soon as it is there."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


def _headers(style_source: str) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "style-src": style_source,
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cache-Control": "private, no-cache",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Server": "Dateline",
    }
