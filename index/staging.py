"""Builds that wait for a person: staged beside the generation that serves, looked at, then
published in an instant or discarded.

One at most is staged. While it is, a build that has something to do is refused, since it could
not go on from what serves without undoing what is staged; removing articles gives it up, because
what is removed must survive nowhere; rolling back keeps it, but only the generation it was built
on can give way to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

from index.article import Article
from index.build_report import BuildReport
from index.builder import Builder, require_known
from index.catalog import GENERATIONS_FOLDER, GenerationRecord, StagedRecord
from index.errors import CorruptIndexError, GenerationNotFoundError, LoadError
from index.generation import changed_files
from index.locking import build_lock
from index.publishing import Change, StaleBuildError
from index.staged_build import MOST_LISTED, StagedBuild, read_staged_build


class StagingBuilder(Builder):
    """A Builder whose builds can wait before they are published."""

    def stage(self, items: Iterable[Article | LoadError], *, rebuild: bool = False) -> StagedBuild:
        """What `index` does, but for publishing: see there for what it raises.

        As a build does, it goes on from what serves, so that what was rolled back is gone.
        Raises BuildStagedError if a build is staged already.
        """
        started = perf_counter()
        with build_lock(self._folder):
            self._require_none_staged()
            base, change, report = self._planned(items, rebuild=rebuild)
            if change is None:
                report = self._reported(report, base, started)
                return StagedBuild(
                    generation=None,
                    base=base.id if base else None,
                    report=report,
                    failed=report.failed[:MOST_LISTED],
                )
            return self._staged(change, report, started)

    def stage_removal(self, ids: Iterable[str]) -> StagedBuild:
        """What `remove` does, but for publishing: until then the articles are served and stored.

        Raises ArticleNotFoundError, naming every unknown id, and BuildStagedError.
        """
        started = perf_counter()
        with build_lock(self._folder):
            self._require_none_staged()
            base = self._catalog.current_generation()
            wanted = list(dict.fromkeys(ids))
            served = self._stored(wanted, base)
            require_known(wanted, served)
            if base is None or not wanted:
                report = self._reported(BuildReport(), base, started)
                return StagedBuild(None, base.id if base else None, report)
            change = Change(
                settings=base.settings,
                retired=[found.key for found in served.values()],
                purged=wanted,
            )
            return self._staged(change, BuildReport(removed=len(wanted)), started)

    def publish_staged(self, generation: int) -> GenerationRecord:
        """Makes the staged generation the one that serves: one transaction on a few rows.

        Raises GenerationNotFoundError if it is not staged, StaleBuildError if another generation
        serves than the one it was built on, CorruptIndexError if its files are damaged; it stays
        staged then.
        """
        with build_lock(self._folder):
            staged = self._of(generation)
            serving = self._catalog.current_generation_id()
            if serving != staged.base:
                raise StaleBuildError(
                    f"generation {generation} was built on generation {staged.base}, but "
                    f"{serving} serves: run `dateline rollback {staged.base}` first, or "
                    f"`dateline staged discard {generation}`"
                )
            record = staged.generation
            directory = self._folder / GENERATIONS_FOLDER / record.directory
            if damaged := changed_files(directory, record):
                raise CorruptIndexError(
                    f"the staged generation {generation} is damaged ({', '.join(damaged)}): run "
                    f"`dateline staged discard {generation}` and build it again"
                )
            with self._catalog.writing():
                self._catalog.serve(generation)
                self._catalog.unstage()
                self._catalog.purge_articles(staged.purged)
            self._publisher.sweep(1 if staged.purged else self._settings.keep_generations)
            if staged.purged:
                self._catalog.checkpoint()
            return record

    def discard_staged(self, generation: int) -> None:
        """Undoes the staged generation and deletes its files and texts.

        Raises GenerationNotFoundError if it is not staged.
        """
        with build_lock(self._folder):
            self._of(generation)
            with self._catalog.writing():
                self._catalog.discard_after(generation - 1)
            self._publisher.sweep(self._settings.keep_generations)
            self._catalog.checkpoint()

    # -- inside ------------------------------------------------------------------------

    def _staged(self, change: Change, report: BuildReport, started: float) -> StagedBuild:
        counts = {
            name: getattr(report, name)
            for name in ("added", "changed", "unchanged", "removed", "failed", "embedded")
        }
        self._publisher.stage(change, counts, started=started)
        self._publisher.sweep(self._settings.keep_generations)
        build = read_staged_build(self._folder, self._catalog)
        assert build is not None
        return replace(build, report=replace(build.report, seconds=perf_counter() - started))

    def _of(self, generation: int) -> StagedRecord:
        staged = self._catalog.staged()
        if staged is None or staged.generation.id != generation:
            there = f"generation {staged.generation.id} is" if staged else "none is"
            raise GenerationNotFoundError(f"generation {generation} is not staged: {there}")
        return staged
