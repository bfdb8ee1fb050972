"""Incremental builds: what is new or changed is chunked and embedded, the rest is carried over.

A build publishes by committing one SQLite transaction. Until then its generation directory is
named by nobody, so a build that dies at any instant leaves the old generation serving; the next
build sweeps up what it left.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from index.article import Article
from index.bm25 import Bm25Index
from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.chunking import Chunker
from index.embedding import EmbeddingModel, Vectors
from index.errors import (
    ArticleNotFoundError,
    CorruptIndexError,
    LoadError,
    ModelMismatchError,
    SettingsError,
)
from index.faiss_store import new_index, read_index
from index.generation import (
    BM25_FOLDER,
    FAISS_FILE,
    BuildSettings,
    changed_files,
    file_hashes,
    sync_to_disk,
)
from index.locking import build_lock
from index.planning import plan_build
from index.sentences import Span
from index.settings import IndexSettings

Progress = Callable[[str, int, int], None]
"""Called with a stage ("reading", "chunking", "embedding", "indexing"), how much of it is done
and the total; a total of 0 is unknown."""

EMBED_BLOCK = 256
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
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "failed": list(self.failed), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True)
class _Addition:
    """An article that gets new passages; `key` is set where its text is stored already."""

    article: Article
    key: int | None
    spans: Sequence[Span]


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
        self._progress: Progress = progress or (lambda stage, done, total: None)
        # A connection of its own: readers of this process go on while it writes.
        self._catalog = Catalog(folder)

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
                    for key, article in self._catalog.newest_articles()
                    if article.id not in plan.articles
                ]
            additions = self._chunk(wanted)
            vectors = self._embed(additions)
            if additions or (rebuild and base):  # an empty archive can change its model, too
                base = self._publish(
                    settings,
                    carry=None if rebuild else base,
                    retired=[stored.key for stored in plan.replaced.values()],
                    additions=additions,
                    vectors=vectors,
                    started=started,
                )
            self._sweep(self._settings.keep_generations)
        return BuildReport(
            added=len(plan.articles) - len(plan.replaced),
            changed=len(plan.replaced),
            unchanged=len(plan.unchanged),
            failed=tuple(plan.failed),
            passages=base.passages if base else 0,
            embedded=len(vectors),
            generation=base.id if base else None,
            seconds=perf_counter() - started,
        )

    def remove(self, ids: Iterable[str]) -> BuildReport:
        """Removes articles from everywhere: text, revisions, passages, vectors, BM25, and the
        older generations that still held them.

        Raises ArticleNotFoundError, naming every unknown id, and then removes nothing.
        """
        started = perf_counter()
        with build_lock(self._folder):
            stored = {id: self._catalog.stored(id) for id in dict.fromkeys(ids)}
            if unknown := [id for id, found in stored.items() if found is None]:
                raise ArticleNotFoundError(
                    f"no article has the id {', '.join(map(repr, unknown))}: nothing was removed; "
                    "`dateline articles list` names them all"
                )
            base = self._catalog.current_generation()
            if base and stored:
                base = self._publish(
                    base.settings,
                    carry=base,
                    retired=[found.key for found in stored.values() if found],
                    additions=[],
                    vectors=np.empty((0, base.settings["dimension"]), np.float32),
                    started=started,
                    purged=list(stored),
                )
                self._sweep(1)
                self._catalog.checkpoint()
        return BuildReport(
            removed=len(stored),
            passages=base.passages if base else 0,
            generation=base.id if base else None,
            seconds=perf_counter() - started,
        )

    # -- stages ------------------------------------------------------------------------

    def _chunk(self, wanted: Sequence[tuple[Article, int | None]]) -> list[_Addition]:
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
            additions.append(_Addition(article, key, chunker.spans(article.text)))
            self._progress("chunking", done, len(wanted))
        return additions

    def _embed(self, additions: Sequence[_Addition]) -> Vectors:
        texts = [
            addition.article.text[start:end]
            for addition in additions
            for start, end in addition.spans
        ]
        blocks = [np.empty((0, self._model.fingerprint.dimension), np.float32)]
        for first in range(0, len(texts), EMBED_BLOCK):
            blocks.append(self._model.encode_documents(texts[first : first + EMBED_BLOCK]))
            self._progress("embedding", min(first + EMBED_BLOCK, len(texts)), len(texts))
        return np.concatenate(blocks)

    def _publish(
        self,
        settings: dict[str, Any],
        *,
        carry: GenerationRecord | None,
        retired: Sequence[int],
        additions: Sequence[_Addition],
        vectors: Vectors,
        started: float,
        purged: Sequence[str] = (),
    ) -> GenerationRecord:
        """Writes a generation and makes it the serving one, in one transaction."""
        catalog = self._catalog
        with catalog.writing():
            directory = self._folder / GENERATIONS_FOLDER / uuid.uuid4().hex
            generation = catalog.add_generation(directory.name, settings)
            for key in retired:
                catalog.retire_article(key, generation)
            ids: list[int] = []
            for addition in additions:
                if addition.key is None:
                    key = catalog.add_article(addition.article, generation)
                else:
                    key = addition.key
                    catalog.retire_passages(key, generation)
                ids += catalog.add_passages(key, addition.spans, generation)
            self._progress("indexing", 0, 1)
            directory.mkdir(parents=True)
            self._write_vectors(directory / FAISS_FILE, settings, carry, generation, ids, vectors)
            Bm25Index.build(catalog.all_passages(generation)).save(directory / BM25_FOLDER)
            sync_to_disk(directory)
            catalog.publish(generation, file_hashes(directory), perf_counter() - started)
            catalog.purge_articles(purged)
        self._progress("indexing", 1, 1)
        published = catalog.current_generation()
        assert published is not None
        return published

    def _write_vectors(
        self,
        file: Path,
        settings: dict[str, Any],
        carry: GenerationRecord | None,
        generation: int,
        ids: Sequence[int],
        vectors: Vectors,
    ) -> None:
        import faiss

        if carry is None:
            index = new_index(settings["dimension"])
        else:
            before = self._folder / GENERATIONS_FOLDER / carry.directory
            if FAISS_FILE in changed_files(before, carry):  # else the damage would be published
                raise CorruptIndexError(
                    f"the vectors in {before} are missing or damaged: "
                    "run `dateline index --rebuild`"
                )
            index = read_index(before / FAISS_FILE)
            live = self._catalog.passage_ids(generation)
            gone = np.setdiff1d(faiss.vector_to_array(index.id_map), live)
            if len(gone):
                index.remove_ids(gone)
        if len(ids):
            index.add_with_ids(vectors, np.asarray(ids, dtype=np.int64))
        faiss.write_index(index, str(file))

    def _sweep(self, keep: int) -> None:
        """Deletes generations beyond the newest `keep`, and what builds that died have left."""
        current = self._catalog.current_generation()
        if current is None:
            return
        records = self._catalog.generations()
        # One that an article was purged from, by a removal that died before it came here, goes.
        kept = {r.id for r in records[-keep:] if self._catalog.is_whole(r)} | {current.id}
        with self._catalog.writing():
            self._catalog.forget_generations(r.id for r in records if r.id not in kept)
            self._catalog.purge_passages(min(kept))
        directories = {record.directory for record in records if record.id in kept}
        for path in (self._folder / GENERATIONS_FOLDER).glob("*"):
            if path.name not in directories:
                shutil.rmtree(path, ignore_errors=True)


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
