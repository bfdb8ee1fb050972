"""A burst of tasks comes in a few at a time, so that the event loop stays free for others."""

from __future__ import annotations

import asyncio
from collections import deque


class Pacing:
    """Lets at most `each` tasks go on in one pass of the event loop, in the order they came.

    asyncio runs everything that is ready before it looks at its sockets and timers again: of a
    thousand questions that come in one moment, each step would be run a thousand times in a row,
    while heartbeats and acknowledgements wait. For one event loop.
    """

    def __init__(self, each: int = 4) -> None:
        self._each = each
        self._left = each
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._next: asyncio.Handle | None = None

    async def turn(self, *, urgent: bool = False) -> None:
        """Returns at once while there is room in this pass, else in a later one.

        What is urgent goes first: of the rest, one a pass, so that it comes to its end as well.
        """
        loop = asyncio.get_running_loop()
        if self._next is None:
            self._next = loop.call_soon(self._pass)
        if self._left and not (self._urgent or self._others):
            self._left -= 1
            return
        mine = loop.create_future()
        (self._urgent if urgent else self._others).append(mine)
        await mine

    def _pass(self) -> None:
        self._next, self._left = None, self._each
        self._let_on(self._others, 1)
        self._let_on(self._urgent, self._left)
        self._let_on(self._others, self._left)
        if self._left < self._each:
            self._next = asyncio.get_running_loop().call_soon(self._pass)

    def _let_on(self, waiting: deque[asyncio.Future[None]], most: int) -> None:
        while most and waiting:
            one = waiting.popleft()
            if not one.done():  # it may have been cancelled
                one.set_result(None)
                self._left -= 1
                most -= 1
