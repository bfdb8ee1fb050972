"""Where questions from an event loop wait for worker threads. Knows nothing of Discord."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from bot.qa.answer import Answer
from index.errors import DatelineError

log = logging.getLogger(__name__)


class DeskBusyError(Exception):
    """As many questions are waiting as may: ask again later."""


class DeskClosedError(Exception):
    """The desk was closed before the question's turn came."""


class Asks(Protocol):
    """What answers questions; `AnswerPipeline` does. Blocking, called from several threads."""

    def ask(self, question: str, /) -> Answer: ...


class AnswerDesk:
    """Runs a pipeline in its own threads, so that an event loop never waits for a model.

    `workers` questions are answered at once, and `waiting` more may wait their turn. An answer
    is awaited for at most `timeout_s` seconds, the wait for a worker included.
    """

    def __init__(
        self, pipeline: Asks, *, workers: int = 2, waiting: int = 32, timeout_s: float = 600.0
    ) -> None:
        self._pipeline = pipeline
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._places = threading.Semaphore(workers + waiting)
        self._closed = False

    async def ask(self, question: str) -> Answer:
        """The pipeline's answer, or whatever it raised.

        Raises DeskBusyError, DeskClosedError, or TimeoutError after `timeout_s`.
        """
        if self._closed:
            raise DeskClosedError
        if not self._places.acquire(blocking=False):
            raise DeskBusyError
        job = self._threads.submit(self._pipeline.ask, question)
        # When the thread is done with it, which after a timeout is later than its asker is.
        job.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await asyncio.wrap_future(job)
        except asyncio.CancelledError:
            if self._closed and job.cancelled():
                raise DeskClosedError from None
            raise

    def warm_up(self) -> None:
        """Load the models in a worker thread, if there is an index to need them."""
        self._threads.submit(self._warm_up)

    def close(self) -> None:
        """Refuse new questions and those still waiting; the ones being answered go on."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def closed(self) -> None:
        """Wait until no thread uses the pipeline any more; only after `close`."""
        await asyncio.to_thread(self._threads.shutdown)

    def _leave(self, _: Future[Answer]) -> None:
        self._places.release()

    def _warm_up(self) -> None:
        try:
            self._pipeline.ask("Is everything loaded?")
        except DatelineError as error:
            log.warning("Not ready to answer yet: %s", error)
        except Exception:
            log.exception("The warm-up question failed")


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
