"""Waiting between two requests to one host."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_HOSTS = 1_000
"""How many hosts are remembered; the one asked longest ago is forgotten first."""


class Pacer:
    """Keeps requests to one host `delay` seconds apart, from the start of one to the next."""

    def __init__(
        self,
        delay: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._last: OrderedDict[str, float] = OrderedDict()

    def wait(self, host: str, delay: float = 0.0) -> None:
        """Sleeps until `host` may be asked again; `delay` is what the host itself wants."""
        last = self._last.pop(host, None)
        if last is not None:
            due = last + max(self._delay, delay)
            if (left := due - self._clock()) > 0:
                self._sleep(left)
        self._last[host] = self._clock()
        if len(self._last) > MOST_HOSTS:
            self._last.popitem(last=False)
