"""An archive: one folder with a catalog and its generations, opened as one object.

What searches and builds is imported when it is first needed: it costs seconds, which looking
into the catalog should not.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.article import Article, ScoredPassage
from index.catalog import (
    GENERATIONS_FOLDER,
    ArticleSummary,
    Catalog,
    GenerationRecord,
    Revision,
)
from index.embedding import EmbeddingModel
from index.errors import (
    ArticleNotFoundError,
    CorruptIndexError,
    GenerationNotFoundError,
    LoadError,
    NoIndexError,
)
from index.filtering import SearchFilter
from index.settings import IndexSettings
from index.status import ArchiveStatus, size_on_disk

if TYPE_CHECKING:
    from index.build_report import BuildReport
    from index.faiss_store import FaissStore
    from index.generation import Generation
    from index.hybrid_search import HybridSearch
    from index.progress import Progress
    from index.retriever import HybridRetriever
    from index.staged_build import StagedBuild
    from index.staging import StagingBuilder

logger = logging.getLogger(__name__)


class Archive:
    """The articles in one folder. Thread-safe; several archives can be open at once.

    Each call reads the newest published generation, so that a build, also one of another
    process, is seen without reopening.
    """

    def __init__(self, folder: Path, settings: IndexSettings, model: EmbeddingModel) -> None:
        self.folder = folder
        self.settings = settings
        self.model = model
        self._catalog = Catalog(folder)
        self._lock = threading.Lock()
        self._serving: tuple[Generation, HybridSearch] | None = None
        self._refused: int | None = None

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        settings: IndexSettings | None = None,
        model: EmbeddingModel | None = None,
    ) -> Archive:
        """Opens the archive in `folder`, an empty one if there is none yet.

        `model` lets several archives share one loaded model. Raises CorruptIndexError if the
        folder cannot be used.
        """
        settings = settings or IndexSettings()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorruptIndexError(
                f"the archive folder {folder} cannot be made ({error.strerror}): set "
                "DATELINE_HOME or --home to a folder that can be written to"
            ) from error
        return cls(folder, settings, model or EmbeddingModel(settings.model, cache=settings.cache))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._catalog.close()

    # -- reading -----------------------------------------------------------------------

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
    ) -> list[ScoredPassage]:
        """The `k` best passages for `query`, best first: see HybridSearch.search.

        Raises NoIndexError if nothing has been indexed, ModelMismatchError if the index was
        built with another model than is set now, FilterError if `within` names what is not there.
        """
        return self.searcher().search(query, k, within=within, as_of=as_of)

    def searcher(self) -> HybridSearch:
        """The search over the newest published generation, and only that one."""
        newest = self._catalog.current_generation_id()
        serving = self._serving
        if serving is None or newest not in (serving[0].record.id, self._refused):
            serving = self._refresh()
        return serving[1]

    def searcher_of(self, generation: int) -> HybridSearch:
        """The search over one generation, such as a staged one. It is opened with each call: ask
        all questions of one searcher.

        Raises GenerationNotFoundError if there is none of that number that can still be searched,
        CorruptIndexError if it is damaged, ModelMismatchError.
        """
        from index.generation import open_generation

        records = {record.id: record for record in self._catalog.generations()}
        record = records.get(generation)
        if record is None or not self._catalog.is_whole(record):
            raise GenerationNotFoundError(
                f"there is no generation {generation} to search: `dateline generations` lists them"
            )
        return self._search_over(open_generation(self.folder, record))

    def retriever(self, k: int = 10) -> HybridRetriever:
        """The same as a LlamaIndex retriever."""
        from index.retriever import HybridRetriever

        return HybridRetriever(self.searcher(), k=k)

    def store(self) -> FaissStore:
        """The vectors of the newest published generation as a LlamaIndex vector store."""
        from index.faiss_store import FaissStore

        self.searcher()
        assert self._serving is not None
        generation = self._serving[0]
        return FaissStore(
            generation.vectors.index,
            lookup=self._catalog.passages,
            ids_of_article=lambda id: self._catalog.passage_ids_of(id, generation.record.id),
        )

    def generation_id(self) -> int | None:
        """The number of the newest published generation; None if nothing was indexed."""
        return self._catalog.current_generation_id()

    def names(self, kind: str) -> list[str]:
        """The `sources`, `article_sets` or `tags` that a search can be narrowed to, sorted."""
        return sorted(filter(None, self.searcher().attributes.names[kind]), key=str.casefold)

    def article(self, id: str) -> Article:
        """Raises ArticleNotFoundError if there is none of that id."""
        generation = self._catalog.current_generation_id()
        article = self._catalog.article(id, generation) if generation is not None else None
        if article is None:
            raise ArticleNotFoundError(
                f"no article has the id {id!r}: `dateline articles list` names them all"
            )
        return article

    def revisions(self, id: str) -> list[Revision]:
        """All stored revisions of an article, oldest first.

        Raises ArticleNotFoundError if there is none of that id.
        """
        found = self._catalog.revisions(id, self._catalog.current_generation_id() or 0)
        if not found:
            raise ArticleNotFoundError(
                f"no article has the id {id!r}: `dateline articles list` names them all"
            )
        return found

    def article_revision(self, id: str, number: int) -> Article:
        """A stored revision of an article, also one that search no longer sees.

        Raises ArticleNotFoundError, naming those there are, if there is none of that number.
        """
        article = self._catalog.article_revision(id, number)
        if article is None:
            there = ", ".join(str(revision.number) for revision in self.revisions(id))
            raise ArticleNotFoundError(f"{id!r} has no revision {number}: it has {there}")
        return article

    def articles(self) -> Iterator[ArticleSummary]:
        """All articles without their texts, newest first, those without a date last."""
        generation = self._catalog.current_generation_id()
        return self._catalog.articles(generation) if generation is not None else iter(())

    def status(self) -> ArchiveStatus:
        return ArchiveStatus.of(self.folder, self._catalog)

    def verify(self) -> list[str]:
        """Every broken promise, as a sentence; empty when offsets, hashes, ids and vectors hold."""
        from index.verification import verify

        return verify(self.folder, self._catalog, self.model)

    # -- writing -----------------------------------------------------------------------

    def index(
        self,
        items: Iterable[Article | LoadError],
        *,
        progress: Progress | None = None,
        rebuild: bool = False,
    ) -> BuildReport:
        """Adds and updates articles and publishes a generation: see Builder.index."""
        with self._builder(progress) as builder:
            return builder.index(items, rebuild=rebuild)

    def remove(self, ids: Iterable[str]) -> BuildReport:
        """Removes articles completely: see Builder.remove."""
        with self._builder() as builder:
            return builder.remove(ids)

    def generations(self) -> list[GenerationRecord]:
        """All generations on disk, oldest first, one that is staged last."""
        return self._catalog.generations()

    def generation_bytes(self, record: GenerationRecord) -> int:
        """What the files of a generation take on disk."""
        return size_on_disk(self.folder / GENERATIONS_FOLDER / record.directory)

    def roll_back(self, generation: int) -> GenerationRecord:
        """Makes an older generation the one that serves; see Builder.roll_back."""
        with self._builder() as builder:
            return builder.roll_back(generation)

    def stage(
        self,
        items: Iterable[Article | LoadError],
        *,
        progress: Progress | None = None,
        rebuild: bool = False,
    ) -> StagedBuild:
        """Builds a generation that waits to be published or discarded: see StagingBuilder."""
        with self._builder(progress) as builder:
            return builder.stage(items, rebuild=rebuild)

    def stage_removal(self, ids: Iterable[str], *, progress: Progress | None = None) -> StagedBuild:
        """The same for a removal: see StagingBuilder.stage_removal."""
        with self._builder(progress) as builder:
            return builder.stage_removal(ids)

    def staged(self) -> GenerationRecord | None:
        """The generation that is built but not published."""
        staged = self._catalog.staged()
        return staged.generation if staged else None

    def staged_build(self) -> StagedBuild | None:
        """What publishing it would do, as `stage` told, also after a restart."""
        from index.staged_build import read_staged_build

        return read_staged_build(self.folder, self._catalog)

    def publish_staged(self, generation: int) -> GenerationRecord:
        """Makes the staged generation the one that serves: see StagingBuilder.publish_staged."""
        with self._builder() as builder:
            return builder.publish_staged(generation)

    def discard_staged(self, generation: int) -> None:
        """Undoes the staged generation: see StagingBuilder.discard_staged."""
        with self._builder() as builder:
            builder.discard_staged(generation)

    def collect_garbage(self, keep: int | None = None) -> int:
        """Deletes old generations and what dead builds left; returns the bytes that were freed."""
        before = size_on_disk(self.folder)
        with self._builder() as builder:
            builder.collect_garbage(keep or self.settings.keep_generations)
        return max(0, before - size_on_disk(self.folder))

    @contextlib.contextmanager
    def _builder(self, progress: Progress | None = None) -> Iterator[StagingBuilder]:
        from index.staging import StagingBuilder

        builder = StagingBuilder(self.folder, self.model, self.settings, progress)
        try:
            yield builder
        finally:
            builder.close()

    # -- inside ------------------------------------------------------------------------

    def _refresh(self) -> tuple[Generation, HybridSearch]:
        """Opens the newest generation; a damaged one does not replace one that works."""
        with self._lock:
            record = self._newest()
            serving = self._serving
            if serving is not None and serving[0].record.id == record.id:
                return serving
            try:
                generation = self._open(record)
            except CorruptIndexError as error:
                if serving is not None:
                    if self._refused != record.id:
                        logger.error(
                            "generation %d is damaged, serving the last: %s", record.id, error
                        )
                        self._refused = record.id
                    return serving
                generation = self._older(record, error)
                self._refused = record.id
            self._serving = generation, self._search_over(generation)
            return self._serving

    def _search_over(self, generation: Generation) -> HybridSearch:
        """Raises ModelMismatchError if it was built with another model than is set now."""
        from index.generation import require_model
        from index.hybrid_search import HybridSearch
        from index.reranking import load_reranker

        require_model(generation.record, self.model)
        serving = self._serving
        return HybridSearch(
            dense=generation.vectors,
            bm25=generation.bm25,
            attributes=generation.attributes,
            model=self.model,
            catalog=self._catalog,
            reranker=serving[1].reranker if serving else load_reranker(self.settings.reranker),
            rerank_depth=self.settings.rerank_depth,
        )

    def _open(self, record: GenerationRecord) -> Generation:
        from index.generation import open_generation

        try:
            return open_generation(self.folder, record)
        except CorruptIndexError:
            # A build may have replaced and swept it since the record was read.
            newer = self._newest()
            if newer.id == record.id:
                raise
            return open_generation(self.folder, newer)

    def _older(self, damaged: GenerationRecord, error: CorruptIndexError) -> Generation:
        """The newest generation before a damaged one that can be served. Raises `error` if none
        can.
        """
        from index.generation import open_generation

        for record in reversed(self._catalog.generations()):
            if (
                record.id > damaged.id
                or record.settings != damaged.settings
                or not self._catalog.is_whole(record)
            ):
                continue
            try:
                generation = open_generation(self.folder, record)
            except CorruptIndexError:
                continue
            logger.error(
                "generation %d is damaged, serving generation %d, which is older: %s, or "
                "`dateline rollback %d`",
                *(damaged.id, record.id, error, record.id),
            )
            return generation
        raise error

    def _newest(self) -> GenerationRecord:
        record = self._catalog.current_generation()
        if record is None:
            raise NoIndexError(
                f"there is no index in {self.folder} yet: run `dateline index PATH` first"
            )
        return record
