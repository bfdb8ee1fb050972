"""Builds that people start from Discord: one at a time for an archive, previewed, then decided.

What stands in a server's records is enough to go on after a restart; what the archive says has
happened counts, where a crash came between the two.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.desk.priority import give_way
from bot.servers import build_refusals as why
from bot.servers.asking import utc_now
from bot.servers.build_refusals import BuildRefusedError, BuildWaitsError, reason_of
from bot.servers.build_steps import BuildSteps
from bot.servers.material import Material
from bot.servers.previews import BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.registry import OpenServer, ServerRegistry
from bot.servers.running_builds import Build, uploads_folder
from index.errors import DatelineError, GenerationNotFoundError
from index.fetching.settings import FetchSettings
from index.staged_build import StagedBuild

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Recovered:
    """What was found unfinished after a restart."""

    views: tuple[BuildView, ...] = ()
    """Those that wait, and those that were not known to have ended."""
    going_on: tuple[Build, ...] = ()
    ended: tuple[BuildView, ...] = ()
    """The last that had ended before, which their messages may not say yet."""


@dataclass(frozen=True)
class RolledBack:
    """Generations by their numbers, and what serves now."""

    left: int
    serving: int
    articles: int
    built_at: str


class Building:
    """Builds for all servers, for one event loop, which it never blocks."""

    def __init__(
        self,
        *,
        servers: ServerRegistry,
        fetch: FetchSettings | None = None,
        workers: int = 1,
        most: int = 16,
        clock: Callable[[], dt.datetime] = utc_now,
        changed: Callable[[int], None] = lambda server: None,
    ) -> None:
        """At most `most` builds are under way, `workers` of them at work.

        `changed` is called on the event loop with a server whose articles are others now.
        """
        self._servers = servers
        self._most = most
        self._changed = changed
        self._steps = BuildSteps(fetch=fetch or FetchSettings(), clock=clock)
        self._threads = ThreadPoolExecutor(workers, "build", give_way)
        self._under_way: dict[Path, Build | None] = {}  # by the archive's folder
        self._deciding: dict[Path, asyncio.Lock] = {}
        self._recovered: set[int] = set()
        self._closing = False

    # -- a build -----------------------------------------------------------------------

    async def begin(
        self, server: int, kind: BuildKind, *, by: int, channel: int, message: int | None = None
    ) -> Build:
        """Writes a build down, and keeps others of the archive away until it has ended.

        `message` is where it is shown. What follows is `add`, `remove`, `rebuild` or `give_up`.
        Raises BuildRefusedError.
        """
        opened = await self._open(server)
        if opened.archive.folder in self._under_way:
            raise BuildRefusedError(why.UNDER_WAY)
        async with self._decision(opened):
            return await self._begin(opened, kind, by, channel, message)

    async def _begin(
        self, opened: OpenServer, kind: BuildKind, by: int, channel: int, message: int | None
    ) -> Build:
        key = opened.archive.folder
        if self._closing:
            raise BuildRefusedError(why.CLOSING)
        if key in self._under_way:
            raise BuildRefusedError(why.UNDER_WAY)
        if len(self._under_way) >= self._most:
            raise BuildRefusedError(why.TOO_MANY)
        self._under_way[key] = None
        try:
            await asyncio.to_thread(_require_none_staged, opened)
            record = await asyncio.to_thread(self._steps.start, opened, kind, by, channel, message)
        except BaseException as error:
            del self._under_way[key]
            if isinstance(error, DatelineError):
                raise BuildRefusedError(reason_of(error)) from error
            raise
        build = self._under_way[key] = Build(record, opened)
        return build

    def add(self, build: Build, material: Material, *, publish_now: bool = False) -> None:
        """Lets a worker read `material` and add its articles; with `publish_now`, nobody is asked
        whether to publish them.
        """
        self._run(build, lambda: self._steps.add(build, material), publish_now=publish_now)

    def remove(self, build: Build, ids: Sequence[str]) -> None:
        self._run(build, lambda: self._steps.remove(build, ids))

    def rebuild(self, build: Build) -> None:
        """Lets a worker chunk and embed all stored articles anew."""
        self._run(build, lambda: self._steps.rebuild(build))

    async def give_up(self, build: Build, reason: str) -> BuildView:
        """Ends a build before a worker has it; `reason` is a sentence of our own."""
        view = await asyncio.to_thread(self._steps.fail, build, reason)
        self._done(build, view)
        return view

    # -- decisions ---------------------------------------------------------------------

    async def view(self, server: int, id: int) -> BuildView:
        """Raises BuildRefusedError if the server has no such build."""
        opened = await self._open(server)
        return await asyncio.to_thread(self._steps.view, opened, id)

    async def publish(self, server: int, id: int) -> BuildView:
        """Lets what was built serve. Also how it ended, if it had ended before.

        Raises BuildRefusedError if it cannot be.
        """
        opened = await self._open(server)
        async with self._decision(opened):
            before = await asyncio.to_thread(self._steps.view, opened, id)
            view = await self._told(self._steps.publish, opened, id)
        if before.waits and view.record.state == "published":
            self._changed(server)
        return view

    async def discard(self, server: int, id: int) -> BuildView:
        """The same for letting it go."""
        opened = await self._open(server)
        async with self._decision(opened):
            return await self._told(self._steps.discard, opened, id)

    async def roll_back(self, server: int) -> RolledBack:
        """Lets the newest generation before the one that serves serve again.

        Raises BuildRefusedError if there is none, or while a build is under way.
        """
        opened = await self._open(server)
        if opened.archive.folder in self._under_way:
            raise BuildRefusedError(why.UNDER_WAY)
        async with self._decision(opened):
            result = await self._told(_roll_back, opened)
        self._changed(server)
        return result

    # -- start and end -----------------------------------------------------------------

    async def recover(self, server: int) -> Recovered:
        """What an earlier process left unfinished; once a process, nothing the second time."""
        if server in self._recovered or self._closing:
            return Recovered()
        self._recovered.add(server)
        try:
            opened = await self._open(server)
            async with self._decision(opened):  # what is just begun is not what was left
                return await self._recover(opened)
        except BaseException:
            self._recovered.discard(server)
            raise

    async def _recover(self, opened: OpenServer) -> Recovered:
        key = opened.archive.folder
        ours = self._under_way.get(key)
        mine = ours.record.id if ours and ours.server.id == opened.id else None
        if mine is None:
            await asyncio.to_thread(shutil.rmtree, uploads_folder(opened), ignore_errors=True)
        ended = await asyncio.to_thread(self._steps.lately_ended, opened)
        idle = key not in self._under_way
        views, left = await asyncio.to_thread(self._steps.settle, opened, mine, idle)
        if left is not None:
            build = self._under_way[key] = Build(left, opened)
            self._run(build, lambda: self._steps.staged(build))
            return Recovered(tuple(views), (build,), tuple(ended))
        if idle and any(one.record.state == "interrupted" for one in views):
            await asyncio.to_thread(self._steps.sweep, opened)
        return Recovered(tuple(views), (), tuple(ended))

    def close(self) -> None:
        """Stops what is under way where it does no harm, and refuses what is new."""
        self._closing = True
        for build in self._under_way.values():
            if build is not None:
                build.stop()
        self._threads.shutdown(wait=False)

    async def closed(self) -> None:
        """Wait until no thread builds any more; only after `close`."""
        await asyncio.to_thread(self._threads.shutdown)

    # -- inside ------------------------------------------------------------------------

    async def _open(self, server: int) -> OpenServer:
        return await asyncio.to_thread(self._servers.server, server)

    def _run(
        self, build: Build, stage: Callable[[], StagedBuild], *, publish_now: bool = False
    ) -> None:
        if self._closing:
            build.stop()  # it ends before it begins
            thread = None
        else:
            thread = self._threads
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(thread, self._steps.carry_out, build, stage, publish_now)
        work.add_done_callback(lambda done: self._ended(build, done))

    def _ended(self, build: Build, done: asyncio.Future[BuildView]) -> None:
        if done.cancelled():
            self._release(build)
            build.finished.cancel()
        elif (error := done.exception()) is not None:  # its record could not be written
            self._release(build)
            build.finished.set_exception(error)
        else:
            self._done(build, done.result())

    def _done(self, build: Build, view: BuildView) -> None:
        self._release(build)
        if not build.finished.done():
            build.finished.set_result(view)
        if view.record.state == "published":
            self._changed(build.server.id)

    def _release(self, build: Build) -> None:
        self._under_way.pop(build.server.archive.folder, None)

    def _decision(self, opened: OpenServer) -> asyncio.Lock:
        """One at a time for an archive, so that of two who press a button one sees the outcome."""
        return self._deciding.setdefault(opened.archive.folder, asyncio.Lock())

    async def _told(self, step: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        try:
            return await asyncio.to_thread(step, *arguments, **named)
        except DatelineError as error:
            raise BuildRefusedError(reason_of(error)) from error


def _require_none_staged(opened: OpenServer) -> None:
    """Raises BuildWaitsError, or BuildRefusedError where this server cannot decide."""
    if (view := BuildSteps.waiting(opened)) is not None:
        raise BuildWaitsError(view)
    if opened.archive.staged() is not None:
        raise BuildRefusedError(why.WAITS_ELSEWHERE)


def _roll_back(opened: OpenServer) -> RolledBack:
    serving = opened.archive.generation_id()
    earlier = [record.id for record in opened.archive.generations() if record.id < (serving or 0)]
    for id in reversed(earlier):
        try:
            record = opened.archive.roll_back(id)
        except GenerationNotFoundError:  # it holds articles no more that were removed since
            continue
        assert serving is not None
        return RolledBack(serving, record.id, record.articles, record.created_at)
    raise BuildRefusedError(why.NOTHING_EARLIER)
