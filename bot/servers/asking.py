"""A question from a server's member on its whole way: allowed, written down, answered, kept."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk import AnswerDesk, RateLimits
from bot.qa.answer import Answer
from bot.servers.filters import filter_to_json
from bot.servers.keeping import result_of
from bot.servers.permissions import Asker, refusal_to_ask
from bot.servers.records.given import GivenResult
from bot.servers.records.settings import ServerSettings
from bot.servers.records.turns import Turn
from bot.servers.registry import OpenServer, ServerRegistry
from index.filtering import SearchFilter

log = logging.getLogger(__name__)


SETTINGS_S = 5.0
"""How long a server's settings are taken as read; another process may change them."""


class RefusedError(Exception):
    """The person may not do this; the message tells them so."""


class TooOftenError(Exception):
    """Too many questions; `wait_s` seconds from now, the next one is taken."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"asked again {wait_s:.1f} s too early")
        self.wait_s = wait_s


@dataclass(frozen=True)
class Request:
    """A question and where it was asked. Ids are Discord's."""

    server: int
    asker: Asker
    channel: int
    """The one whose permissions hold: for a thread, its parent."""
    question: str
    """As the person wrote it."""
    thread: int | None = None
    asked_as: str = ""
    """What is searched; "" is the question itself."""
    within: SearchFilter | None = None
    private: bool = False
    """Whether only the asker sees the answer."""
    direct: bool = False
    """Whether it was asked in direct messages."""
    message: int | None = None
    """The message that asks, in the same place, which a late answer replies to; None for a
    command."""

    def narrowed(self, within: SearchFilter) -> Request:
        """The same, with a filter if it excludes anything."""
        return dataclasses.replace(self, within=within if within else None)

    @property
    def place(self) -> int:
        """Where the conversation is."""
        return self.thread or self.channel

    @property
    def searched(self) -> str:
        return self.asked_as or self.question


@dataclass(frozen=True)
class Given:
    """An answer that is in the ledger under `id`."""

    id: int
    answer: Answer
    request: Request
    result: GivenResult
    """As the ledger keeps it."""


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Asking:
    """Answers requests of all servers. For one event loop, which it never blocks."""

    def __init__(
        self,
        *,
        servers: ServerRegistry,
        desk: AnswerDesk,
        limits: RateLimits,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._servers = servers
        self._desk = desk
        self._limits = limits
        self._clock = clock
        self._settings: dict[int, tuple[float, asyncio.Task[ServerSettings]]] = {}

    async def allow(self, request: Request) -> ServerSettings:
        """The server's settings. Raises RefusedError if they do not let the person ask there."""
        settings = await self.settings(request.server)
        channel = None if request.direct else request.channel
        if refusal := refusal_to_ask(settings, request.asker, channel):
            raise RefusedError(refusal)
        return settings

    async def admit(self, request: Request) -> None:
        """Counts a question that may be asked. Raises RefusedError and TooOftenError.

        Quick, as Discord wants to be answered before the question is: nothing is written yet.
        """
        await self.allow(request)
        wait = self._limits.wait_s(
            user=request.asker.id, channel=request.channel, server=request.server
        )
        if wait:
            raise TooOftenError(wait)

    async def settings(self, server: int) -> ServerSettings:
        """What a server has set, at most SETTINGS_S seconds ago; many ask for it at once."""
        known = self._settings.get(server)
        if known is None or known[0] < time.monotonic():
            # A task, so that of many who wait none takes the others' down with it.
            task = asyncio.create_task(asyncio.to_thread(self._load_settings, server))
            known = self._settings[server] = time.monotonic() + SETTINGS_S, task
        try:
            return await asyncio.shield(known[1])
        except BaseException:
            if known[1].done() and self._settings.get(server) is known:
                del self._settings[server]  # it failed: the next one tries again
            raise

    def ahead(self) -> int:
        """How many questions wait for a worker."""
        return self._desk.waiting

    def settings_changed(self, server: int) -> None:
        """Forget what is known, as it was changed."""
        self._settings.pop(server, None)

    async def ask(self, request: Request) -> Given:
        """The answer to an admitted request. Raises whatever the desk and the pipeline raise.

        The question is written down first: one that a crash cuts off is found at the next start.
        """
        server, id = await asyncio.to_thread(self._begin, request)
        return await self.answer(server, id, request)

    async def answer(self, server: OpenServer, id: int, request: Request) -> Given:
        """The answer to what is in the ledger under `id` as asked or interrupted."""
        try:
            answer = await self._desk.ask(
                request.searched, server=request.server, within=request.within
            )
        except (Exception, asyncio.CancelledError):
            await asyncio.shield(asyncio.to_thread(server.records.ledger.interrupt, id))
            raise
        result = await asyncio.to_thread(self._complete, server, id, request, answer)
        return Given(id, answer, request, result)

    def _load_settings(self, server: int) -> ServerSettings:
        return self._servers.server(server).records.settings.load()

    def _begin(self, request: Request) -> tuple[OpenServer, int]:
        server = self._servers.server(request.server)
        id = server.records.ledger.begin(
            request.question,
            asked_as=request.searched,
            asker_id=request.asker.id,
            channel_id=request.channel,
            thread_id=request.thread,
            asking_message_id=request.message,
            filters=filter_to_json(request.within),
            private=request.private,
            now=self._clock(),
        )
        return server, id

    def _complete(
        self, server: OpenServer, id: int, request: Request, answer: Answer
    ) -> GivenResult:
        now = self._clock()
        result = result_of(answer, server.archive, server.archive.generation_id())
        if not server.records.ledger.complete(id, result, now):
            log.info("Question %d was forgotten while it was answered", id)
        elif request.thread is not None or request.direct:
            server.records.turns.add(
                Turn(
                    request.place,
                    request.asker.id,
                    request.question,
                    request.searched,
                    answer.answer,
                    (),
                    now,
                )
            )
        return result
