"""One request and its response: bounded in time and size, no redirects, no cookies, no proxies."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic

import httpcore
from yarl import URL

from index.fetching.decompression import ACCEPTED, read_body
from index.fetching.door import Deadline, Door
from index.fetching.errors import RefusedError, UnavailableError
from index.fetching.resolving import Resolve, resolve
from index.fetching.settings import FetchSettings

_READ_SECONDS = 10.0
_BODY_STATUS = 200
# fmt: off
_READABLE = frozenset((
    "", "application/atom+xml", "application/csv", "application/epub+zip", "application/gzip",
    "application/json", "application/jsonl", "application/msword", "application/ndjson",
    "application/octet-stream", "application/pdf", "application/rdf+xml", "application/rss+xml",
    "application/tar", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-gzip", "application/x-jsonlines", "application/x-ndjson", "application/x-pdf",
    "application/x-tar", "application/x-zip-compressed", "application/xhtml+xml",
    "application/xml", "application/zip", "binary/octet-stream", "message/rfc822",
))
# fmt: on
"""Media types a reader exists for, and those that say nothing; beside them all of text/*."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one request: seconds in all, seconds between two pieces, bytes of the body."""

    seconds: float
    read_seconds: float
    bytes: int

    @classmethod
    def of(cls, settings: FetchSettings) -> Limits:
        seconds = settings.fetch_timeout
        return cls(seconds, min(_READ_SECONDS, seconds), settings.fetch_max_bytes)


@dataclass(frozen=True)
class Response:
    """What a server answered. `data` is unpacked, and empty unless the status is 200."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; of a name sent twice, the first."""
    data: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Exchange:
    """Sends requests through the door, each over a connection of its own."""

    def __init__(
        self,
        user_agent: str,
        *,
        allow_loopback: bool = False,
        resolve: Resolve = resolve,
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._user_agent = user_agent
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._ssl_context = ssl_context
        self._clock = clock

    def get(self, url: URL, limits: Limits, headers: Mapping[str, str] | None = None) -> Response:
        """Raises RefusedError or UnavailableError, naming the URL."""
        deadline = Deadline(limits.seconds, self._clock)
        door = Door(self._resolve, deadline, allow_loopback=self._allow_loopback)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), limits.read_seconds)
        sent = {
            "Host": url.host_port_subcomponent or "",
            "User-Agent": self._user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
            **(headers or {}),
        }
        try:
            with (
                httpcore.ConnectionPool(
                    self._context(url), max_connections=1, network_backend=door
                ) as pool,
                pool.stream(
                    "GET",
                    httpcore.URL(
                        scheme=url.scheme,
                        host=url.raw_host or "",
                        port=url.port,
                        target=url.raw_path_qs,
                    ),
                    headers=list(sent.items()),
                    extensions={"timeout": timeouts},
                ) as response,
            ):
                return _received(url, response, limits)
        except httpcore.TimeoutException as error:
            raise UnavailableError(
                f"{url}: the server is too slow ({error or 'no answer'})"
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _explained(url, error) from error

    def _context(self, url: URL) -> ssl.SSLContext | None:
        if url.scheme != "https":
            return None
        return self._ssl_context or _verifying_context()


@cache
def _verifying_context() -> ssl.SSLContext:
    """The system's certificate authorities and certifi's: small systems have none of their own."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _received(url: URL, response: httpcore.Response, limits: Limits) -> Response:
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("latin-1").lower(), _text(value))
    answer = Response(response.status, headers, b"")
    if response.status != _BODY_STATUS:
        return answer
    if not answer.media_type.startswith("text/") and answer.media_type not in _READABLE:
        raise RefusedError(
            f"{url}: Dateline reads no {answer.media_type[:60]!r}: name the page of an article"
        )
    encoding = headers.get("content-encoding", "")
    data = read_body(response.iter_stream(), encoding, limits.bytes, str(url))
    return Response(response.status, headers, data)


def _text(value: bytes) -> str:
    """A header's value. Some servers send UTF-8 as it stands, above all in Location."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _explained(url: URL, error: Exception) -> UnavailableError | RefusedError:
    cause = error.__cause__ or error.__context__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return RefusedError(f"{url}: its certificate cannot be trusted ({cause.verify_message})")
    about = " ".join(str(error).split())[:120] or type(error).__name__
    again = not isinstance(error, httpcore.ProtocolError)
    return UnavailableError(f"{url}: the connection failed ({about})", again=again)
