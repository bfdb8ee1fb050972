"""From a host's name to its addresses, within a time."""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable

from index.fetching.addresses import Address
from index.fetching.errors import RefusedError, UnavailableError

Resolve = Callable[[str, float], list[Address]]
"""The addresses of a host, in the order to try, looked up within so many seconds.

Raises FetchError. What it returns is checked, whatever made it."""


def resolve(host: str, seconds: float) -> list[Address]:
    """The addresses the system's resolver gives for `host`.

    Numbers are read first, in the odd spellings too that resolvers take for IPv4 addresses
    (2130706433, 0x7f.1, 0177.0.0.1), so that they mean the same on every system.
    """
    if (number := _number(host)) is not None:
        return [number]
    answers: queue.SimpleQueue[list[Address] | Exception] = queue.SimpleQueue()
    # getaddrinfo takes no time limit: a thread that nobody waits for longer can be left behind.
    threading.Thread(target=_look_up, args=(host, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise UnavailableError(f"the name {host} could not be looked up in time") from None
    if isinstance(answer, socket.gaierror):
        again = answer.errno == socket.EAI_AGAIN
        raise UnavailableError(f"the name {host} could not be looked up", again=again)
    if isinstance(answer, Exception):
        raise RefusedError(f"the name {host[:100]!r} cannot be a host's") from answer
    return answer


def _number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _look_up(host: str, answers: queue.SimpleQueue[list[Address] | Exception]) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        texts = dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found)
        answers.put([ipaddress.ip_address(text) for text in texts])
    except (OSError, ValueError) as error:  # UnicodeError, for a label too long, is a ValueError
        answers.put(error)
