"""What goes wrong between a bot and Discord: scripted for the next requests, or by chance."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web
from fake_clock import Clock
from fake_errors import ApiError

ALWAYS_SPARED = ("/users/@me", "/oauth2/", "/gateway")
"""Random faults leave the login alone: a bot that cannot log in ends, and rightly so."""


@dataclass
class Fault:
    """Strikes the next `times` requests of `method` ("*" for any) whose path holds `part`."""

    method: str
    part: str
    times: int = 1
    carried_out: bool = False
    """Whether the request is carried out before it goes wrong."""
    struck: int = 0

    def fits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("*", method) and self.part in path

    async def strike(self, request: web.Request) -> None:
        raise NotImplementedError


@dataclass
class Refusal(Fault):
    """An HTTP error, such as 429, 500 or 502."""

    error: ApiError = field(default_factory=lambda: ApiError(500, 0, "Internal Server Error"))

    async def strike(self, request: web.Request) -> None:
        raise self.error


@dataclass
class Drop(Fault):
    """The connection breaks off without an answer."""

    async def strike(self, request: web.Request) -> None:
        if request.transport:
            request.transport.abort()
        raise ConnectionResetError("dropped for a test")


@dataclass
class Hold(Fault):
    """The request waits until the test lets it go on; `entered` says that one is waiting."""

    entered: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def strike(self, request: web.Request) -> None:
        self.entered.set()
        await self.released.wait()


@dataclass
class Delay(Fault):
    """The answer takes a while."""

    seconds: float = 0.0

    async def strike(self, request: web.Request) -> None:
        await asyncio.sleep(self.seconds)


@dataclass
class RateLimit:
    """`requests` per `per_s` seconds for each bucket; what is over it gets 429."""

    method: str
    part: str
    requests: int
    per_s: float
    refused: int = 0
    _windows: dict[str, tuple[float, int]] = field(default_factory=dict)

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and self.part in path

    def count(self, path: str, now: float) -> dict[str, str]:
        """The X-RateLimit headers of this request; raises its 429 with them if it is over."""
        bucket = "/".join(path.split("/")[: 4 if path.startswith("/webhooks/") else 3])
        started, used = self._windows.get(bucket, (now, 0))
        if now - started >= self.per_s:
            started, used = now, 0
        self._windows[bucket] = started, used + 1
        left = started + self.per_s - now
        if used >= self.requests:
            self.refused += 1
            raise ApiError(429, 0, "You are being rate limited.", retry_after=round(left, 3))
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Remaining": str(self.requests - used - 1),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": f"{self.method}{self.part}",
        }


class Faults:
    """All that is to go wrong, in the order in which it was asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._limits: list[RateLimit] = []
        self._chance: random.Random | None = None
        self._rate = 0.0
        self._errors: tuple[str, ...] = ()
        self.by_chance: list[tuple[str, str, str]] = []
        """What chance did: the fault, the method and the path."""

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def limit(self, limit: RateLimit) -> None:
        self._limits.append(limit)

    def at_random(self, *, seed: int, rate: float, kinds: Iterable[str]) -> None:
        """Let a part `rate` of all requests but the login's go wrong, until `stop`.

        `kinds` are of "429", "500", "502", "dropped" (the connection, before the request is
        carried out), and "500 after", "dropped after" (once it is carried out).
        """
        self._chance, self._rate, self._errors = random.Random(seed), rate, tuple(kinds)

    def stop(self) -> None:
        """Nothing more goes wrong."""
        self._chance = None
        self._faults.clear()
        self._limits.clear()

    def due(self, method: str, path: str) -> Fault | None:
        """The fault that strikes this request."""
        for fault in self._faults:
            if fault.fits(method, path):
                fault.times -= 1
                fault.struck += 1
                return fault
        chance = self._chance
        if chance is None or path.startswith(ALWAYS_SPARED) or chance.random() >= self._rate:
            return None
        kind = chance.choice(self._errors)
        self.by_chance.append((kind, method, path))
        return _fault(kind)

    def count(self, method: str, path: str) -> dict[str, str]:
        """The rate limit headers of this request; raises a 429 if it is over a limit."""
        headers: dict[str, str] = {}
        for limit in self._limits:
            if limit.fits(method, path):
                headers = limit.count(path, self._clock.seconds())
        return headers


def _fault(kind: str) -> Fault:
    what, _, after = kind.partition(" ")
    carried_out = after == "after"
    if what == "dropped":
        return Drop("*", "", carried_out=carried_out)
    retry_after = 0.05 if what == "429" else None
    error = ApiError(int(what), 0, "refused by chance", retry_after=retry_after)
    return Refusal("*", "", carried_out=carried_out, error=error)


def error_headers(error: ApiError) -> dict[str, str]:
    """The headers with which Discord sends an error."""
    headers = {"Via": "1.1 loopback"}  # without it discord.py believes in a Cloudflare ban
    if error.retry_after is not None:
        scope = "global" if error.is_global else "user"
        headers |= {"Retry-After": str(error.retry_after), "X-RateLimit-Scope": scope}
        if error.is_global:
            headers["X-RateLimit-Global"] = "true"
        else:
            headers |= {
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset-After": str(error.retry_after),
            }
    return headers
