"""A circuit breaker (Nygard, "Release It!"): what is down is left alone for a while.

pybreaker holds its lock for as long as a call takes, so that one answer at a time could be
written; this one holds it only to count.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

from bot.writing.errors import ModelUnavailableError

FAILURES = 3
OPEN_SECONDS = 60.0
MOST_OPEN_SECONDS = 3600.0

State = Literal["closed", "open", "half-open"]


class CircuitBreaker:
    """After `failures` in a row no attempt is let through for `open_seconds`, or as long as the
    server asked, an hour at most; then one is, and decides. Thread-safe.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opens_until = 0.0
        self._trying = False

    @property
    def state(self) -> State:
        with self._lock:
            return self._state()

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one attempt. A ModelUnavailableError that leaves it is a failure; another
        exception says nothing of the model.

        Raises ModelUnavailableError where the attempt may not be made.
        """
        trial = self._enter()
        try:
            yield
        except ModelUnavailableError as error:
            self._fail(error.retry_after or 0.0)
            raise
        else:
            with self._lock:
                self._failed = 0
        finally:
            if trial:
                with self._lock:
                    self._trying = False

    def _state(self) -> State:
        if self._failed < self._most:
            return "closed"
        return "open" if self._clock() < self._opens_until else "half-open"

    def _enter(self) -> bool:
        with self._lock:
            state = self._state()
            if state == "open" or (state == "half-open" and self._trying):
                raise ModelUnavailableError("the model has failed, and is left alone for now")
            self._trying = self._trying or state == "half-open"
            return state == "half-open"

    def _fail(self, asked: float) -> None:
        with self._lock:
            self._failed += 1
            seconds = max(self._open_seconds, min(asked, MOST_OPEN_SECONDS))
            self._opens_until = self._clock() + seconds
