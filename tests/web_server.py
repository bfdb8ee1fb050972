"""A real web server on loopback whose pages a test writes, and a Fetcher that may reach it."""

from __future__ import annotations

import contextlib
import ipaddress
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from index.fetching.exchange import Limits
from index.fetching.fetcher import Fetcher
from index.fetching.settings import FetchSettings

LOOPBACK = ipaddress.ip_address("127.0.0.1")
SENTENCES = (
    "The council of the town met on Monday evening and voted for a new bridge over the river. "
    "The mayor said that the works would begin in the spring and would take about two years. "
    "Residents had asked for it since the old bridge was closed to lorries by the authorities. "
)


@dataclass
class Reply:
    """What a page answers. A `stream` writes its body by itself, piece by piece."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Callable[[Callable[[bytes], None]], None] | None = None


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]


class WebServer:
    """Pages by path, each a Reply or a function from the request to one; others are 404."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | Callable[[Request], Reply]] = {}
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        self.scheme = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def at(self, host: str, path: str = "/") -> str:
        """An address of this server under another name."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, but for robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def page(self, path: str, title: str, head: str = "", **headers: str) -> None:
        self.pages[path] = Reply(
            page(title, head), headers={"Content-Type": "text/html; charset=utf-8", **headers}
        )


def page(title: str, head: str = "") -> str:
    """A page with an article, whose text names the title."""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>"
        f"<p>This is the story called {title}. {SENTENCES}</p><p>{SENTENCES}</p>"
        "</article></body></html>"
    )


@contextlib.contextmanager
def web_server(ssl_context: Any = None) -> Iterator[WebServer]:
    server = WebServer()
    if ssl_context is not None:
        server.http.socket = ssl_context.wrap_socket(server.http.socket, server_side=True)
        server.scheme = "https"
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.http.shutdown()
        thread.join()
        server.http.server_close()


def everything_here(host: str, seconds: float) -> list[Any]:
    """A resolver for which every name is this machine; numbers stay what they are."""
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        return [LOOPBACK]


@dataclass
class Waits:
    """A clock that only moves when something sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


def local_fetcher(
    *,
    limits: Limits | None = None,
    waits: Waits | None = None,
    resolve: Any = everything_here,
    ssl_context: Any = None,
    **settings: Any,
) -> Fetcher:
    """A Fetcher that reaches loopback and never really waits between requests."""
    waits = waits or Waits()
    return Fetcher(
        FetchSettings(**{"fetch_allow_loopback": True, **settings}),
        limits=limits,
        resolve=resolve,
        ssl_context=ssl_context,
        clock=waits.clock,
        sleep=waits.sleep,
    )


def _handler(server: WebServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            request = Request(self.path, {k.lower(): v for k, v in self.headers.items()})
            server.requests.append(request)
            found = server.pages.get(self.path, Reply(status=404))
            reply = found(request) if callable(found) else found
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            with contextlib.suppress(OSError):  # the client may have had enough
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.stream is None:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if reply.stream is None:
                    self.wfile.write(body)
                else:
                    reply.stream(self.wfile.write)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    return Handler
