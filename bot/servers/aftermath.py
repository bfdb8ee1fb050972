"""What follows a new generation: watched questions are asked again, and given answers.

One question at a time, in the queue that people's questions wait in, so that these come through.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.desk import AnswerDesk, DeskBusyError, DeskClosedError
from bot.qa.answer import Answer
from bot.servers.asking import Given, Request, utc_now
from bot.servers.checked import checked_generation, mark_checked
from bot.servers.corrections import Support, correction, support_of
from bot.servers.filters import filter_from_json
from bot.servers.interrupted import request_of
from bot.servers.keeping import restored, result_of
from bot.servers.permissions import Asker
from bot.servers.records.given import GivenAnswer, GivenResult
from bot.servers.records.settings import ServerSettings
from bot.servers.records.watches import Watch
from bot.servers.registry import OpenServer, ServerRegistry
from index.errors import DatelineError
from index.filtering import FilterError, SearchFilter

log = logging.getLogger(__name__)

MOST_CHECKED = 200
"""Given answers that are asked again after a build, the newest. Of older ones, as far back as the
server corrects, only those whose quotes are gone or changed."""
MESSAGE_GONE = 0
"""In the ledger, the id of a message that Discord does not have any more."""


@dataclass(frozen=True)
class Found:
    """The answer to a watched question, which is in the ledger and to be posted."""

    watch: Watch
    given: Given


@dataclass(frozen=True)
class Unposted:
    """The same after a process that may or may not have posted it."""

    before: GivenAnswer
    given: Given


@dataclass(frozen=True)
class Corrected:
    """An answer that is another one now, which is in the ledger and to be shown."""

    before: GivenAnswer
    answer: Answer
    result: GivenResult
    """As the ledger keeps it now."""
    note: str
    at: dt.datetime
    within: SearchFilter | None


class Aftermath:
    """Looks after all servers. For one event loop, which it never blocks."""

    def __init__(
        self,
        *,
        servers: ServerRegistry,
        desk: AnswerDesk,
        settings: Callable[[int], Awaitable[ServerSettings]],
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._servers = servers
        self._desk = desk
        self._settings = settings
        self._clock = clock
        self._checked: dict[int, int | None] = {}
        self._published: set[int] = set()
        self._news = asyncio.Event()

    # -- noticing ------------------------------------------------------------------------

    def published(self, server: int) -> None:
        """A server's archive serves another generation, by a build or a rollback of this process.

        Only on the event loop. Builds of other processes are noticed by `changed`.
        """
        self._published.add(server)
        self._news.set()

    async def news(self, timeout_s: float) -> set[int]:
        """The servers that `published` named; waits for one, at most so long."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return set()
        self._news.clear()
        named, self._published = self._published, set()
        return named

    async def changed(self, servers: Iterable[int]) -> list[int]:
        """Those whose generation was not looked into yet: one small read each."""
        found = []
        for id in servers:
            try:
                if await asyncio.to_thread(self._is_unchecked, id):
                    found.append(id)
            except DatelineError as error:
                log.warning("The archive of server %d cannot be read: %s", id, error)
        return found

    def _is_unchecked(self, id: int) -> bool:
        server = self._servers.server(id)
        generation = server.archive.generation_id()
        if id not in self._checked:
            self._checked[id] = checked_generation(server.records.file.parent)
        return generation is not None and generation != self._checked[id]

    # -- what was left ---------------------------------------------------------------------

    async def left(self, id: int) -> AsyncIterator[Unposted | Corrected]:
        """What the ledger has that is not known to be posted or shown, each once.

        After a crash, or where Discord could not be reached. The caller marks it as done.
        """
        server = await asyncio.to_thread(self._servers.server, id)
        ledger, last = server.records.ledger, 0
        while batch := await asyncio.to_thread(ledger.unposted_found, last):
            for given in batch:
                last = given.id
                answer = await asyncio.to_thread(_as_given, server, given)
                yield Unposted(given, Given(last, answer, request_of(id, given), given))
        last = 0
        while batch := await asyncio.to_thread(ledger.to_show, last):
            for given in batch:
                last = given.id
                answer = await asyncio.to_thread(_as_given, server, given)
                why = given.corrections[-1]
                within = filter_from_json(given.filters)
                yield Corrected(given, answer, given, why.note, why.at, within)

    async def shown(self, id: int, given: int) -> bool:
        """Marks that an answer's message shows its correction, or never will.

        False if the person was forgotten meanwhile: then the message is to say nothing.
        """
        server = await asyncio.to_thread(self._servers.server, id)
        return await asyncio.to_thread(server.records.ledger.mark_shown, given)

    # -- what follows ----------------------------------------------------------------------

    async def of(self, id: int) -> AsyncIterator[Found | Corrected]:
        """What there is to post and to edit in a server, each when it is known and recorded.

        Raises DeskBusyError and DeskClosedError: then it is to be called again later, and goes on
        where it was.
        """
        server = await asyncio.to_thread(self._servers.server, id)
        generation = await asyncio.to_thread(server.archive.generation_id)
        if generation is None:
            return
        try:
            async for found in self._watches(server, generation):
                yield found
            async for corrected in self._corrections(server, generation):
                yield corrected
        except DatelineError as error:
            # Nothing of this generation can be searched; the next one, or the next start, tries.
            log.error("Old answers of server %d were not looked through: %s", id, error)
        else:
            await asyncio.to_thread(mark_checked, server.records.file.parent, generation)
        self._checked[id] = generation

    async def _watches(self, server: OpenServer, generation: int) -> AsyncIterator[Found]:
        watches = server.records.watches
        for watch in await asyncio.to_thread(watches.due, self._clock(), generation):
            answer = await self._again(
                server, generation, watch.question, watch.filters, watch.created_at.date()
            )
            if answer is None:
                continue
            if not answer.answered:
                await asyncio.to_thread(watches.searched, watch.id, generation)
            elif given := await asyncio.to_thread(self._found, server, generation, watch, answer):
                yield Found(watch, given)

    def _found(
        self, server: OpenServer, generation: int, watch: Watch, answer: Answer
    ) -> Given | None:
        """None for a watch that was removed, or answered by somebody else."""
        request = Request(
            server.id,
            Asker(watch.asker_id),
            watch.channel_id,
            watch.question,
            within=filter_from_json(watch.filters),
            message=watch.asking_message_id,
        )
        result = result_of(answer, server.archive, generation)
        id = server.records.ledger.answer_watch(watch, result, generation, self._clock())
        return None if id is None else Given(id, answer, request, result)

    async def _corrections(self, server: OpenServer, generation: int) -> AsyncIterator[Corrected]:
        settings = await self._settings(server.id)
        if not settings.corrections_days:
            return
        since = self._clock() - dt.timedelta(days=settings.corrections_days)
        asked, before = 0, None
        while batch := await asyncio.to_thread(server.records.ledger.since, since, before=before):
            before = batch[-1].id
            for given in _correctable(batch, generation):
                asked += 1
                if asked > MOST_CHECKED and not await asyncio.to_thread(
                    _unsupported, server, given
                ):
                    continue
                answer = await self._again(
                    server, generation, given.asked_as, given.filters, given.asked_at.date()
                )
                if answer is None:
                    continue
                corrected = await asyncio.to_thread(
                    self._correct, server, generation, given, answer
                )
                if corrected is not None:
                    yield corrected

    def _correct(
        self, server: OpenServer, generation: int, given: GivenAnswer, answer: Answer
    ) -> Corrected | None:
        note = correction(given, answer, server.archive)
        if not note:
            return None
        now = self._clock()
        result = result_of(answer, server.archive, generation)
        if not server.records.ledger.correct(given.id, note, result, now):
            return None  # forgotten meanwhile
        return Corrected(given, answer, result, note, now, filter_from_json(given.filters))

    async def _again(
        self,
        server: OpenServer,
        generation: int,
        question: str,
        filters: Mapping[str, Any],
        day: dt.date,
    ) -> Answer | None:
        """The answer now, as of the day of the question; None if it cannot be told."""
        try:
            return await self._desk.ask(
                question,
                server=server.id,
                within=filter_from_json(filters),
                as_of=day,
                generation=generation,
            )
        except FilterError:  # the source or the tag that it was narrowed to is not there any more
            return Answer(question, False, "", 0.0)
        except (DatelineError, DeskBusyError, DeskClosedError):
            raise
        except Exception:
            log.exception("A question of server %d could not be asked again", server.id)
            return None


def _correctable(given: Iterable[GivenAnswer], generation: int) -> list[GivenAnswer]:
    """Those of other generations that stand where they can be edited."""
    return [
        one
        for one in given
        if one.message_id not in (None, MESSAGE_GONE)
        and not one.private
        and one.generation != generation
    ]


def _unsupported(server: OpenServer, given: GivenAnswer) -> bool:
    return support_of(given, server.archive) is not Support.UNCHANGED


def _as_given(server: OpenServer, given: GivenAnswer) -> Answer:
    return restored(given.asked_as, given, server.archive).answer
