"""The replies that are on their way to somebody."""

from __future__ import annotations

import asyncio
from typing import Any


class OpenReplies:
    """The tasks that are answering somebody, so that an ending bot can let them finish.

    A context manager around each reply, for one event loop.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __enter__(self) -> None:
        self._tasks.add(_this_task())

    def __exit__(self, *_: object) -> None:
        self._tasks.discard(_this_task())

    async def finished(self, *, timeout_s: float) -> None:
        """Wait until the open replies are sent, at most `timeout_s` seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("only inside a task of an event loop")
    return task
