"""A bot whose answers a test scripts, and how it is started against a Discord on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from fake_discord import FakeDiscord
from fake_payloads import TOKEN

from bot.client import Capacity, DatelineBot, redirected
from bot.qa.answer import Answer
from bot.qa.pipeline import AnswerPipeline
from bot.servers.registry import OpenServer, ServerRegistry
from bot.settings import DiscordSettings, Settings
from index.article import ScoredPassage
from index.embedding import EmbeddingModel
from index.errors import NoIndexError

WARM_UP = "Is everything loaded?"
WORKERS, WAITING = 2, 2


class ScriptedPipeline(AnswerPipeline):
    """Answers as a test says: a value, an exception, or a function of the question."""

    def __init__(self) -> None:  # without archive and reader, which it does not ask
        self.script: Answer | BaseException | Callable[[str], Answer] = NoIndexError("no index")
        self.asked: list[str] = []
        self.narrowed: list[dict[str, Any]] = []
        self.warmed_up = threading.Event()

    def ask(self, question: str, **narrowed: Any) -> Answer:
        if question == WARM_UP:
            self.warmed_up.set()
            raise NoIndexError("no index")
        self.asked.append(question)
        self.narrowed.append({name: value for name, value in narrowed.items() if value})
        if isinstance(self.script, BaseException):
            raise self.script
        return self.script if isinstance(self.script, Answer) else self.script(question)


class Gate:
    """Holds a worker thread inside the pipeline until the test opens it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self._entered = threading.Semaphore(0)
        self.opened = threading.Event()

    async def entered(self, threads: int = 1) -> None:
        """Wait until so many more threads are inside."""
        for _ in range(threads):
            assert await asyncio.to_thread(self._entered.acquire, timeout=30), "nobody came"

    def __call__(self, question: str) -> Answer:
        self._entered.release()
        assert self.opened.wait(30), "no test opened the gate"
        return self.answer


class ScriptedServers(ServerRegistry):
    """Every server has its own archive and records, as ever; one pipeline answers for all."""

    def __init__(self, home: Path, pipeline: AnswerPipeline) -> None:
        settings = Settings(home=home)
        super().__init__(settings, EmbeddingModel(cache=settings.cache), UnaskedReader())
        self._pipeline = pipeline

    def server(self, id: int) -> OpenServer:
        return dataclasses.replace(super().server(id), pipeline=self._pipeline)


class UnaskedReader:
    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        raise AssertionError("the scripted pipeline answers")


@contextlib.asynccontextmanager
async def started(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> AsyncIterator[DatelineBot]:
    """A bot of these settings, connected; closed at the end."""
    capacity = Capacity(workers=WORKERS, batch=1, waiting=WAITING)
    with redirected(settings):
        async with DatelineBot(servers=servers, settings=settings, capacity=capacity) as client:
            running = asyncio.create_task(client.start(TOKEN))
            connected = asyncio.create_task(fake.connected())
            await asyncio.wait({running, connected}, return_when=asyncio.FIRST_COMPLETED)
            assert connected.done(), running.exception()
            yield client
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
