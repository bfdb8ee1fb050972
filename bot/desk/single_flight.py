"""The same question asked by several at once is computed once.

After Go's `golang.org/x/sync/singleflight`; unlike there, whoever waits may leave.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Result = TypeVar("Result")


class Flight(Generic[Key, Result]):
    """One computation, and how many wait for it."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.waiters = 0
        self._landed: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    async def wait(self) -> Result:
        """The result, or what the computation raised. Cancelling one who waits leaves the others'
        wait as it is.
        """
        self.waiters += 1
        try:
            return await asyncio.shield(self._landed)
        finally:
            self.waiters -= 1

    def _land(self, result: Result | BaseException) -> None:
        if not self.waiters:
            self._landed.cancel()  # an exception that nobody fetches would be logged
        elif isinstance(result, StopIteration):  # which futures refuse to take
            self._landed.set_exception(RuntimeError(f"the computation raised {result!r}"))
        elif isinstance(result, BaseException):
            self._landed.set_exception(result)
        else:
            self._landed.set_result(result)


class SingleFlight(Generic[Key, Result]):
    """The computations that have not ended, by key. For one event loop."""

    def __init__(self) -> None:
        self._flights: dict[Key, Flight[Key, Result]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def under_way(self, key: Key) -> Flight[Key, Result] | None:
        return self._flights.get(key)

    def begin(self, key: Key) -> Flight[Key, Result]:
        """Raises ValueError if one of that key is under way."""
        if key in self._flights:
            raise ValueError(f"{key!r} is being computed already")
        flight = self._flights[key] = Flight[Key, Result](key)
        return flight

    def end(self, flight: Flight[Key, Result], result: Result | BaseException) -> None:
        """Gives `result` to all who wait; an exception is raised in each of them."""
        del self._flights[flight.key]
        flight._land(result)


def normalised(question: str) -> str:
    """The same for two wordings that differ in nothing but white space and Unicode form.

    Case stays: it tells a name from a word.
    """
    return " ".join(unicodedata.normalize("NFC", question).split())
