"""The time of a Discord on 127.0.0.1, which a test may move forward."""

from __future__ import annotations

import datetime as dt
import time


class Clock:
    """Real time plus what it was put forward; it never goes back."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass for the server, without anybody waiting."""
        assert seconds >= 0, "Discord's time does not go back"
        self._ahead_s += seconds

    def seconds(self) -> float:
        """Seconds of a clock that nobody sets; only differences mean something."""
        return time.monotonic() + self._ahead_s

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._ahead_s)
