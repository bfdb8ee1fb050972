"""Incremental builds: what is new or changed is chunked and embedded, the rest is carried over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from index.article import Article
from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord
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
from index.publishing import Addition, Change, Publisher
from index.settings import IndexSettings
from index.vector_report import VectorReport

EMBED_BLOCK = 512
"""Passages embedded between two calls of the progress callback."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did. `passages` counts the whole generation, `embedded` what was new in it."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[str, ...] = ()
    """A message for each article or file that could not be read."""
    passages: int = 0
    embedded: int = 0
    generation: int | None = None
    recall_at_10: float | None = None
    """Of the vector search against an exact one, on a sample; 1.0 where it is exact."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "failed": list(self.failed), "seconds": round(self.seconds, 3)}


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
        is not asked for, ArchiveBusyError if another build is running.
        """
        started = perf_counter()
        with build_lock(self._folder):
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
            additions = self._chunk(wanted)
            vectors = self._embed(additions)
            # An empty archive can change its model, too.
            if additions or (base and (rebuild or self._is_outdated(base))):
                change = Change(
                    settings=settings,
                    retired=[stored.key for stored in plan.replaced.values()],
                    additions=additions,
                    vectors=vectors,
                    rebuild=rebuild,
                )
                base = self._publisher.publish(change, started=started)
            self._publisher.sweep(self._settings.keep_generations)
        return BuildReport(
            added=len(plan.articles) - len(plan.replaced),
            changed=len(plan.replaced),
            unchanged=len(plan.unchanged),
            failed=tuple(plan.failed),
            passages=base.passages if base else 0,
            embedded=len(vectors),
            generation=base.id if base else None,
            recall_at_10=self._recall(base) if base else None,
            seconds=perf_counter() - started,
        )

    def remove(self, ids: Iterable[str]) -> BuildReport:
        """Removes articles from everywhere: text, revisions, passages, vectors, BM25, and the
        older generations that still held them.

        Raises ArticleNotFoundError, naming every unknown id, and then removes nothing.
        """
        started = perf_counter()
        with build_lock(self._folder):
            base = self._catalog.current_generation()
            serving = base.id if base else 0
            stored = {id: self._catalog.stored(id, serving) for id in dict.fromkeys(ids)}
            if unknown := [id for id, found in stored.items() if found is None]:
                raise ArticleNotFoundError(
                    f"no article has the id {', '.join(map(repr, unknown))}: nothing was removed; "
                    "`dateline articles list` names them all"
                )
            if base and stored:
                change = Change(
                    settings=base.settings,
                    retired=[found.key for found in stored.values() if found],
                    purged=list(stored),
                )
                base = self._publisher.publish(change, started=started)
                self._publisher.sweep(1)
                self._catalog.checkpoint()
        return BuildReport(
            removed=len(stored),
            passages=base.passages if base else 0,
            generation=base.id if base else None,
            seconds=perf_counter() - started,
        )

    def roll_back(self, generation: int) -> GenerationRecord:
        """Makes an older generation, or again a newer one, the one that serves.

        Nothing is deleted until the next build, which goes on from what serves then. Raises
        GenerationNotFoundError if there is none of that number.
        """
        with build_lock(self._folder):
            records = {record.id: record for record in self._catalog.generations()}
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

    def _recall(self, record: GenerationRecord) -> float | None:
        try:
            directory = self._folder / GENERATIONS_FOLDER / record.directory
            return VectorReport.load(directory).recall_at_10
        except CorruptIndexError:
            return None  # of a folder that is gone, though nothing was to be built

    def _is_outdated(self, record: GenerationRecord) -> bool:
        return is_outdated(self._folder / GENERATIONS_FOLDER / record.directory)

    # -- stages ------------------------------------------------------------------------

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
