"""How often a person, a channel and a server may ask."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

SLACK_S = 1e-6
"""Whoever waits exactly as long as told is not refused for the rounding of a clock."""

_KEYS_BEFORE_SWEEP = 64


@dataclass(frozen=True)
class Rate:
    """`questions` at once at most, and no more than that in `per_s` seconds over time.

    Raises ValueError unless both are above 0.
    """

    questions: int
    per_s: float

    def __post_init__(self) -> None:
        if self.questions < 1 or not 0 < self.per_s < math.inf:
            raise ValueError(f"{self.questions} questions in {self.per_s} s is no rate")


class RateLimits:
    """Counts questions against the rates of their asker, channel and server; None is no limit.

    A person has one allowance for all servers. `clock` gives seconds and never goes back. What is
    remembered are the questions of the longest period. For one thread.
    """

    def __init__(
        self,
        *,
        user: Rate | None = None,
        channel: Rate | None = None,
        server: Rate | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        rates = {"user": user, "channel": channel, "server": server}
        self._meters = {kind: _Meter(rate) for kind, rate in rates.items() if rate}
        self._clock = clock

    def wait_s(self, *, user: int, channel: int, server: int) -> float:
        """Seconds until this question may be asked; 0.0 is now, and counts it.

        One that has to wait counts nowhere.
        """
        now = self._clock()
        ids = {"user": user, "channel": channel, "server": server}
        wait = max(
            (meter.wait_s(ids[kind], now) for kind, meter in self._meters.items()), default=0
        )
        if wait > SLACK_S:
            return wait
        for kind, meter in self._meters.items():
            meter.count(ids[kind], now)
        return 0.0

    def __len__(self) -> int:
        """How many people, channels and servers are remembered."""
        return sum(len(meter) for meter in self._meters.values())


class _Meter:
    """The generic cell rate algorithm, as virtual scheduling (ITU-T I.371, annex A).

    One number a key is kept: when all that was counted will have been paid off. A key whose time
    has come is as good as unknown, and is dropped.
    """

    def __init__(self, rate: Rate) -> None:
        self._period_s = rate.per_s
        self._each_s = rate.per_s / rate.questions
        self._paid_off: dict[int, float] = {}
        self._sweep_at = _KEYS_BEFORE_SWEEP

    def wait_s(self, key: int, now: float) -> float:
        owed = max(0.0, self._paid_off.get(key, now) - now)
        return max(0.0, owed + self._each_s - self._period_s)

    def count(self, key: int, now: float) -> None:
        self._paid_off[key] = max(now, self._paid_off.get(key, now)) + self._each_s
        if len(self._paid_off) >= self._sweep_at:
            self._paid_off = {key: at for key, at in self._paid_off.items() if at > now}
            # Each key is looked at a bounded number of times, however many there are.
            self._sweep_at = max(_KEYS_BEFORE_SWEEP, 2 * len(self._paid_off))

    def __len__(self) -> int:
        return len(self._paid_off)
