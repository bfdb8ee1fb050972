"""What a build does to an archive and to its server's records, step by step. Blocking."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.servers import build_refusals as why
from bot.servers.build_refusals import BuildRefusedError, reason_of
from bot.servers.golden_answers import GoldenResult, compare
from bot.servers.material import Material, read_material
from bot.servers.previews import BuildSummary, BuildView
from bot.servers.records.builds import BuildEnd, BuildKind, BuildRecord
from bot.servers.records.errors import RecordRefusedError
from bot.servers.registry import OpenServer
from bot.servers.running_builds import Build, BuildStoppedError
from index.catalog import GenerationRecord
from index.errors import DatelineError, GenerationNotFoundError
from index.fetching.settings import FetchSettings
from index.staged_build import StagedBuild

if TYPE_CHECKING:
    from index.hybrid_search import HybridSearch

log = logging.getLogger(__name__)

LATELY = dt.timedelta(days=1)
MOST_LATELY = 3
"""Builds whose end may not have been shown: how long since, and how many of a server."""


class BuildSteps:
    """The archive goes first and the record follows: `settle` mends what a crash leaves between."""

    def __init__(self, *, fetch: FetchSettings, clock: Callable[[], dt.datetime]) -> None:
        self._fetch = fetch
        self._clock = clock

    def start(
        self, server: OpenServer, kind: BuildKind, by: int, channel: int, message: int | None
    ) -> BuildRecord:
        return server.records.builds.start(
            kind,
            by=by,
            channel_id=channel,
            now=self._clock(),
            base_generation=server.archive.generation_id(),
            message_id=message,
        )

    # -- building ----------------------------------------------------------------------

    def carry_out(
        self, build: Build, stage: Callable[[], StagedBuild], publish_now: bool
    ) -> BuildView:
        """A build from its beginning to its preview, or to its end if it has none."""
        try:
            build.require_running()
            staged = stage()
            if staged.generation is None:
                return self._nothing(build, staged)
            build.generation = staged.generation
            view = self._previewed(build, staged, compared=not publish_now)
            return self.publish(build.server, build.record.id) if publish_now else view
        except BuildStoppedError:
            return self._stopped(build)
        except Exception as error:  # noqa: BLE001 - reason_of logs what is not the person's
            return self.fail(build, reason_of(error))
        finally:
            build.clean_up()

    def add(self, build: Build, material: Material) -> StagedBuild:
        """All of it is read before the build begins, so that no other one waits for a slow site."""
        from index.fetching.fetcher import Fetcher

        items = list(build.watched("fetching", read_material(material, Fetcher(self._fetch))))
        return build.server.archive.stage(items, progress=build.progress)

    def remove(self, build: Build, ids: Sequence[str]) -> StagedBuild:
        return build.server.archive.stage_removal(ids, progress=build.progress)

    def rebuild(self, build: Build) -> StagedBuild:
        return build.server.archive.stage((), progress=build.progress, rebuild=True)

    def staged(self, build: Build) -> StagedBuild:
        """What a process that has ended had built. Raises BuildRefusedError if it is gone."""
        staged = build.server.archive.staged_build()
        if staged is None:
            raise BuildRefusedError(why.INTERRUPTED)
        return staged

    def fail(self, build: Build, reason: str) -> BuildView:
        """Ends a build; what it has staged is discarded."""
        server, id = build.server, build.record.id
        if build.generation is not None:
            try:
                server.archive.discard_staged(build.generation)
            except GenerationNotFoundError:  # it was published or discarded elsewhere
                pass
            except DatelineError as error:
                log.error("What build %d staged could not be discarded: %s", id, error)
        build.clean_up()
        return self._end(server, id, "failed", BuildSummary(reason=reason))

    # -- looking and deciding ----------------------------------------------------------

    @staticmethod
    def view(server: OpenServer, id: int) -> BuildView:
        """Raises BuildRefusedError if there is none of that id."""
        record = server.records.builds.by_id(id)
        if record is None:
            raise BuildRefusedError(why.NOT_KNOWN)
        return _view(server, record)

    @staticmethod
    def waiting(server: OpenServer) -> BuildView | None:
        """The build of this server that is staged in its archive."""
        staged = server.archive.staged()
        for record in server.records.builds.unfinished() if staged else ():
            view = _view(server, record)
            if view.waits and _is(staged, view):
                return view
        return None

    def publish(self, server: OpenServer, id: int) -> BuildView:
        """Raises BuildRefusedError while it is not built, and what `publish_staged` raises."""
        view = self._decided(server, id)
        if not view.waits:
            return view
        assert view.record.staged_generation is not None
        server.archive.publish_staged(view.record.staged_generation)
        return self._end(server, id, "published", view.summary)

    def discard(self, server: OpenServer, id: int) -> BuildView:
        """Raises BuildRefusedError while it is not built, and what `discard_staged` raises."""
        view = self._decided(server, id)
        if not view.waits:
            return view
        assert view.record.staged_generation is not None
        server.archive.discard_staged(view.record.staged_generation)
        return self._end(server, id, "discarded", view.summary)

    # -- after a restart ---------------------------------------------------------------

    def settle(
        self, server: OpenServer, under_way: int | None, may_adopt: bool
    ) -> tuple[list[BuildView], BuildRecord | None]:
        """Brings the records in line with the archive: builds that wait or have ended, and one
        that was built but not yet previewed, with which to go on if `may_adopt`.
        """
        views: list[BuildView] = []
        left: BuildRecord | None = None
        for record in server.records.builds.unfinished():
            if record.id == under_way:
                continue
            if record.state == "previewed":
                views.append(self._decided(server, record.id))
                continue
            staged = server.archive.staged_build() if may_adopt and left is None else None
            own = staged is not None and staged.base == record.base_generation
            if own and self.waiting(server) is None:
                left = record
            else:
                views.append(self.interrupt(server, record))
        return views, left

    def lately_ended(self, server: OpenServer) -> list[BuildView]:
        """The last builds that have ended: an end is written down before it is shown."""
        since = self._clock() - LATELY
        return [
            _view(server, record)
            for record in server.records.builds.newest(MOST_LATELY)
            if record.ended_at is not None and record.ended_at >= since
        ]

    def sweep(self, server: OpenServer) -> None:
        """Deletes the files that a build which died has left; the next build would, too."""
        try:
            server.archive.collect_garbage()
        except DatelineError as error:  # another process builds, or the disk fails
            log.warning("What an interrupted build left stays until the next build: %s", error)

    def interrupt(self, server: OpenServer, record: BuildRecord) -> BuildView:
        summary = BuildSummary(reason=why.INTERRUPTED)
        return self._end(server, record.id, "interrupted", summary)

    # -- inside ------------------------------------------------------------------------

    def _previewed(self, build: Build, staged: StagedBuild, *, compared: bool) -> BuildView:
        server = build.server
        generation = server.archive.staged()
        assert staged.generation is not None
        if generation is None or generation.id != staged.generation:
            raise GenerationNotFoundError(f"generation {staged.generation} is staged no longer")
        summary = BuildSummary.of(staged, generation.created_at)
        if compared:
            summary = dataclasses.replace(summary, golden=self._compared(build, staged.generation))
        record = server.records.builds.preview(
            build.record.id, staged.generation, summary.to_json()
        )
        return BuildView(record, summary, staged)

    def _compared(self, build: Build, generation: int) -> tuple[GoldenResult, ...]:
        """Nothing where a search or the reader fails: a build is worth more than its preview."""
        server = build.server
        questions = server.records.golden.list()
        if not questions:
            return ()
        build.progress("asking", 0, len(questions))
        try:
            results = compare(
                questions,
                serving=_serving(server),
                staged=server.archive.searcher_of(generation),
                reader=server.pipeline.reader,
                passages=server.pipeline.passages,
                today=self._clock().date(),
                asked=lambda done: build.progress("asking", done, len(questions)),
            )
            return tuple(results)
        except BuildStoppedError:
            raise
        except Exception:
            log.exception("The golden questions could not be asked")
            return ()

    def _nothing(self, build: Build, staged: StagedBuild) -> BuildView:
        """What could not be read at all has failed; what is there already needs nothing."""
        summary = BuildSummary.of(staged)
        failed = summary.failed and not summary.unchanged
        if failed:
            summary = dataclasses.replace(summary, reason=why.NOTHING_READ)
        end: BuildEnd = "failed" if failed else "discarded"
        return self._end(build.server, build.record.id, end, summary)

    def _stopped(self, build: Build) -> BuildView:
        server = build.server
        if build.generation is not None:
            record = server.records.builds.by_id(build.record.id) or build.record
            return BuildView(record, BuildSummary(reason=why.GOES_ON))
        summary = BuildSummary(reason=why.STOPPED)
        return self._end(server, build.record.id, "interrupted", summary)

    def _decided(self, server: OpenServer, id: int) -> BuildView:
        """A build that is built, ended if it was published or discarded elsewhere."""
        view = self.view(server, id)
        record = view.record
        if record.state == "running":
            raise BuildRefusedError(why.STILL_RUNNING)
        if not view.waits or _is(server.archive.staged(), view):
            return view
        published = any(_is(one, view) for one in server.archive.generations())
        return self._end(server, id, "published" if published else "discarded", view.summary)

    def _end(
        self, server: OpenServer, id: int, state: BuildEnd, summary: BuildSummary
    ) -> BuildView:
        kept = summary.ended()
        try:
            record = server.records.builds.end(id, state, self._clock(), report=kept.to_json())
        except RecordRefusedError:  # it has ended already
            return self.view(server, id)
        return BuildView(record, kept)


def _view(server: OpenServer, record: BuildRecord) -> BuildView:
    summary = BuildSummary.from_json(record.report)
    if record.state == "previewed":
        staged = server.archive.staged_build()
        if staged is not None and staged.generation == record.staged_generation:
            return BuildView(record, summary, staged)
    return BuildView(record, summary)


def _is(generation: GenerationRecord | None, view: BuildView) -> bool:
    """Whether it is what the build staged: a number that was discarded is given again."""
    return (
        generation is not None
        and generation.id == view.record.staged_generation
        and generation.created_at == view.summary.built_at
    )


def _serving(server: OpenServer) -> HybridSearch | None:
    """None where nothing serves, or what does was built with another model."""
    try:
        return server.archive.searcher()
    except DatelineError:
        return None
