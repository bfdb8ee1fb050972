"""The door: the one place where a connection to the outside is opened.

A name is looked up once, every address it has is checked, and the connection goes to the very
address that was checked: a name that answers differently a moment later changes nothing. TLS
still verifies the name, because only the TCP connection is told the number.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

import httpcore

from index.fetching.addresses import refusal
from index.fetching.errors import RefusedError, UnavailableError
from index.fetching.resolving import Resolve

MAX_ADDRESSES = 4
"""How many addresses of a host are tried."""


class Deadline:
    """The end of a request's time, in the seconds of a clock."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self, most: float | None) -> float:
        """Seconds until the end, `most` at most. Raises httpcore.ReadTimeout at the end."""
        left = self._end - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout(f"not complete after {self.seconds:g} s")
        return left if most is None else min(left, most)


class Door(httpcore.NetworkBackend):
    """Opens connections to public addresses, each within one deadline."""

    def __init__(self, resolve: Resolve, deadline: Deadline, *, allow_loopback: bool) -> None:
        self._resolve = resolve
        self._deadline = deadline
        self._allow_loopback = allow_loopback
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises RefusedError if any address of the host may not be connected to."""
        addresses = self._resolve(host, self._deadline.left(timeout))
        for address in addresses:
            if reason := refusal(address, allow_loopback=self._allow_loopback):
                number = "" if str(address) == host else f" ({address})"
                raise RefusedError(f"{host}{number} is not connected to: {reason}")
        last: Exception = UnavailableError(f"the name {host} has no address")
        for address in addresses[:MAX_ADDRESSES]:
            try:
                stream = self._backend.connect_tcp(
                    str(address), port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _TimedStream(stream, self._deadline)
        raise last

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise RefusedError(f"{path}: local sockets are not connected to")


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends with the deadline, however few bytes each one brings."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
