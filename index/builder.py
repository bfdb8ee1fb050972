"""Incremental builds: what is new or changed is chunked and embedded, the rest is carried over."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from index.article import Article
from index.build_report import BuildReport as BuildReport
from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord, StoredArticle
from index.chunking import Chunker
from index.embedding import EmbeddingModel, Vectors
from index.errors import (
    ArticleNotFoundError,
    CorruptIndexError,
    GenerationNotFoundError,
    LoadError,
    ModelMismatchError,
    SettingsError,
)
from index.generation import BuildSettings, changed_files, is_outdated
from index.locking import build_lock
from index.planning import plan_build
from index.progress import Progress, silent
from index.publishing import Addition, BuildStagedError, Change, Publisher
from index.settings import IndexSettings
from index.staged_build import recall_at_10

EMBED_BLOCK = 512
"""Passages embedded between two calls of the progress callback."""


class Builder:
    """Builds the archive in `folder`, one build at a time over all processes."""

    def __init__(
        self,
        folder: Path,
        model: EmbeddingModel,
        settings: IndexSettings,
        progress: Progress | None = None,
    ) -> None:
        self._folder = folder
        self._model = model
        self._settings = settings
        self._progress: Progress = progress or silent
        # A connection of its own: readers of this process go on while it writes.
        self._catalog = Catalog(folder)
        self._publisher = Publisher(
            folder, self._catalog, self._progress, memory_bytes=settings.memory_mb * 2**20
        )

    def close(self) -> None:
        self._catalog.close()

    def index(self, items: Iterable[Article | LoadError], *, rebuild: bool = False) -> BuildReport:
        """Adds and updates articles; what cannot be read is reported and the rest goes on.

        With `rebuild`, every stored article is chunked and embedded anew, with the settings as
        they are now. Raises ModelMismatchError if the index was built with others and `rebuild`
        is not asked for, ArchiveBusyError if another build is running, BuildStagedError if there
        is something to do while another build is staged.
        """
        started = perf_counter()
        with build_lock(self._folder):
            base, change, report = self._planned(items, rebuild=rebuild)
            if change is not None:
                base = self._publisher.publish(change, started=started)
            self._publisher.sweep(self._settings.keep_generations)
        return self._reported(report, base, started)

    def remove(self, ids: Iterable[str]) -> BuildReport:
        """Removes articles from everywhere: text, revisions, passages, vectors, BM25, and the
        older generations that still held them. A staged build is given up with them: it goes on
        from a generation that held them.

        Raises ArticleNotFoundError, naming every unknown id, and then removes nothing.
        """
        started = perf_counter()
        with build_lock(self._folder):
            base = self._catalog.current_generation()
            staged = self._catalog.staged()
            wanted = list(dict.fromkeys(ids))
            served = self._stored(wanted, base)
            hidden = self._stored(wanted, staged.generation if staged else None)
            require_known(wanted, {*served, *hidden})
            if base and served:
                change = Change(
                    settings=base.settings,
                    retired=[found.key for found in served.values()],
                    purged=wanted,
                )
                base = self._publisher.publish(change, started=started)
            elif hidden:
                with self._catalog.writing():
                    self._catalog.discard_after(base.id if base else 0)
                    self._catalog.purge_articles(wanted)
            if wanted:
                self._publisher.sweep(1)
                self._catalog.checkpoint()
        return BuildReport(
            removed=len(wanted),
            passages=base.passages if base else 0,
            generation=base.id if base else None,
            discarded=staged.generation.id if staged and wanted else None,
            seconds=perf_counter() - started,
        )

    def roll_back(self, generation: int) -> GenerationRecord:
        """Makes an older generation, or again a newer one, the one that serves.

        Nothing is deleted until the next build, which goes on from what serves then. Raises
        GenerationNotFoundError if there is none of that number, or it was never published.
        """
        with build_lock(self._folder):
            records = {record.id: record for record in self._catalog.generations()}
            staged = self._catalog.staged()
            if staged is not None:
                del records[staged.generation.id]
                if staged.generation.id == generation:
                    raise GenerationNotFoundError(
                        f"generation {generation} is staged, not yet published: "
                        f"run `dateline staged publish {generation}`"
                    )
            record = records.get(generation)
            if record is None or not self._catalog.is_whole(record):
                whole = [str(r.id) for r in records.values() if self._catalog.is_whole(r)]
                raise GenerationNotFoundError(
                    f"there is no generation {generation}: there is {', '.join(whole) or 'none'}"
                )
            if damaged := changed_files(
                self._folder / GENERATIONS_FOLDER / record.directory, record
            ):
                raise CorruptIndexError(
                    f"generation {generation} is damaged ({', '.join(damaged)}): choose another"
                )
            self._catalog.serve(generation)
            return record

    def collect_garbage(self, keep: int) -> None:
        """Deletes generations beyond the newest `keep` and what dead builds left, and gives the
        space in the catalog back to the disk.
        """
        with build_lock(self._folder):
            self._publisher.sweep(keep)
            self._catalog.compact()

    # -- stages ------------------------------------------------------------------------

    def _planned(
        self, items: Iterable[Article | LoadError], *, rebuild: bool
    ) -> tuple[GenerationRecord | None, Change | None, BuildReport]:
        """The generation to build on, what to make of it, None if nothing, and what was counted."""
        base = self._catalog.current_generation()
        settings = BuildSettings.of(self._settings, self._model).to_json()
        if base and base.settings != settings and not rebuild:
            raise ModelMismatchError(_difference(base.settings, settings))
        plan = plan_build(items, self._catalog, lambda read: self._progress("reading", read, 0))
        wanted: list[tuple[Article, int | None]] = [
            (article, None) for article in plan.articles.values()
        ]
        if rebuild:
            wanted += [
                (article, key)
                for key, article in self._catalog.newest_articles(plan.generation)
                if article.id not in plan.articles
            ]
        report = BuildReport(
            added=len(plan.articles) - len(plan.replaced),
            changed=len(plan.replaced),
            unchanged=len(plan.unchanged),
            failed=tuple(plan.failed),
        )
        # An empty archive can change its model, too.
        if not (wanted or (base and (rebuild or self._is_outdated(base)))):
            return base, None, report
        self._require_none_staged()
        additions = self._chunk(wanted)
        vectors = self._embed(additions)
        change = Change(
            settings=settings,
            retired=[stored.key for stored in plan.replaced.values()],
            additions=additions,
            vectors=vectors,
            rebuild=rebuild,
        )
        return base, change, replace(report, embedded=len(vectors))

    def _reported(
        self, report: BuildReport, serving: GenerationRecord | None, started: float
    ) -> BuildReport:
        """With what the generation that serves now holds."""
        if serving is None:
            return replace(report, seconds=perf_counter() - started)
        return replace(
            report,
            passages=serving.passages,
            generation=serving.id,
            recall_at_10=recall_at_10(self._folder / GENERATIONS_FOLDER / serving.directory),
            seconds=perf_counter() - started,
        )

    def _require_none_staged(self) -> None:
        if (staged := self._catalog.staged()) is not None:
            id = staged.generation.id
            raise BuildStagedError(
                f"generation {id} is staged since {staged.generation.created_at}: run "
                f"`dateline staged publish {id}` or `dateline staged discard {id}` first"
            )

    def _is_outdated(self, record: GenerationRecord) -> bool:
        return is_outdated(self._folder / GENERATIONS_FOLDER / record.directory)

    def _stored(
        self, ids: Iterable[str], record: GenerationRecord | None
    ) -> dict[str, StoredArticle]:
        """Those articles that a generation holds, by id."""
        if record is None:
            return {}
        found = {id: self._catalog.stored(id, record.id) for id in ids}
        return {id: stored for id, stored in found.items() if stored is not None}

    def _chunk(self, wanted: Sequence[tuple[Article, int | None]]) -> list[Addition]:
        if not wanted:
            return []
        limit = self._model.max_tokens
        if self._settings.chunk_tokens > limit:
            raise SettingsError(
                f"DATELINE_CHUNK_TOKENS is {self._settings.chunk_tokens}, but the model "
                f"{self._model.name!r} reads {limit} tokens of a text: set at most {limit}"
            )
        try:
            chunker = Chunker(
                self._model.count_tokens, self._settings.chunk_tokens, self._settings.chunk_overlap
            )
        except ValueError as error:
            raise SettingsError(f"DATELINE_CHUNK_OVERLAP: {error}") from error
        additions = []
        for done, (article, key) in enumerate(wanted, start=1):
            additions.append(Addition(article, key, chunker.spans(article.text)))
            self._progress("chunking", done, len(wanted))
        return additions

    def _embed(self, additions: Sequence[Addition]) -> Vectors:
        texts = [
            addition.article.text[start:end]
            for addition in additions
            for start, end in addition.spans
        ]
        blocks = [np.empty((0, self._model.fingerprint.dimension), np.float32)]
        done = 0
        for block in self._model.encode_document_blocks(texts, EMBED_BLOCK):
            blocks.append(block)
            done += len(block)
            self._progress("embedding", done, len(texts))
        return np.concatenate(blocks)


def require_known(ids: Iterable[str], known: Container[str]) -> None:
    """Raises ArticleNotFoundError, which names every id of `ids` that is not among `known`."""
    if unknown := [id for id in ids if id not in known]:
        raise ArticleNotFoundError(
            f"no article has the id {', '.join(map(repr, unknown))}: nothing was removed; "
            "`dateline articles list` names them all"
        )


def _difference(built_with: dict[str, Any], now: dict[str, Any]) -> str:
    differing = [
        f"{name} {built_with.get(name)!r}, now {value!r}"
        for name, value in now.items()
        if built_with.get(name) != value
    ]
    return (
        f"the index was built with other settings ({'; '.join(differing)}): set them back, or run "
        "`dateline index --rebuild` to build all of it anew"
    )
