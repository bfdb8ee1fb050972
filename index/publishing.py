"""Writes a generation: rows and files of a build, published or staged by one SQLite transaction.

Until that is committed the new directory is named by nobody, so a build that dies at any instant
leaves the old generation serving; the next build sweeps up what it left. What is staged is recorded
like what a rollback leaves behind: newer than the generation that serves, and seen by nobody.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.article import Article
from index.attributes import Attributes
from index.bm25 import Bm25Index
from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.clustering import assign_clusters
from index.dates.mentions import mentions
from index.embedding import Vectors
from index.errors import CorruptIndexError, DatelineError
from index.generation import (
    ATTRIBUTES_FOLDER,
    BM25_FOLDER,
    FAISS_FILE,
    changed_files,
    file_hashes,
    sync_to_disk,
)
from index.progress import Progress
from index.sentences import Span
from index.vector_index import new_index, read_index, updated, write_index
from index.vector_report import FILE as VECTOR_REPORT_FILE
from index.vector_report import VectorReport
from index.vector_search import VectorSearch

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Addition:
    """An article that gets new passages; `key` is set where its text is stored already."""

    article: Article
    key: int | None
    spans: Sequence[Span]


@dataclass(frozen=True)
class Change:
    """What a build makes of the generation that serves."""

    settings: dict[str, Any]
    retired: Sequence[int] = ()
    """Keys of articles that go, or give way to a new revision."""
    additions: Sequence[Addition] = ()
    vectors: Vectors | None = None
    """Of all passages of the additions, in order: shape (passages, dimension)."""
    purged: Sequence[str] = ()
    """Ids of articles that are deleted from older generations, too."""
    rebuild: bool = False
    """Whether nothing is carried over."""


class BuildStagedError(DatelineError):
    """A staged build waits to be published or discarded, which comes first."""


class StaleBuildError(DatelineError):
    """What a staged build was built on does not serve now."""


class DiskError(DatelineError):
    """The disk takes no more, or fails: what was published before goes on serving."""


@contextlib.contextmanager
def new_directory(directory: Path) -> Iterator[None]:
    """A directory that is on disk for good at the end, or on error is gone: on a full disk each
    build that fails would else leave less room for the next.

    Raises DiskError for what the system refuses to write.
    """
    try:
        directory.mkdir(parents=True)
        yield
        sync_to_disk(directory)
        sync_entries(directory.parent.parent)  # it names the folder of the first generation
    except OSError as error:
        shutil.rmtree(directory, ignore_errors=True)
        raise DiskError(
            f"{directory} cannot be written ({error.strerror or error}): free space on its disk, "
            "or make it writable, and try again; the index is as it was"
        ) from error
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


def sync_entries(folder: Path) -> None:
    """Returns when a power cut can no longer lose the names in `folder`."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Publisher:
    """Writes generations into the archive in `folder`. The build lock is the caller's."""

    def __init__(
        self, folder: Path, catalog: Catalog, progress: Progress, *, memory_bytes: int
    ) -> None:
        self._folder = folder
        self._catalog = catalog
        self._progress = progress
        self._memory_bytes = memory_bytes

    def publish(self, change: Change, *, started: float) -> GenerationRecord:
        """Writes a generation and makes it the serving one. A staged one is given up.

        Raises CorruptIndexError if vectors that have to be carried over are damaged, and
        DiskError if the disk takes no more.
        """
        with self._catalog.writing():
            generation, files = self._write(change)
            self._catalog.publish(generation, files, perf_counter() - started)
            self._catalog.purge_articles(change.purged)
        self._progress("indexing", 1, 1)
        published = self._catalog.current_generation()
        assert published is not None
        return published

    def stage(self, change: Change, report: dict[str, Any], *, started: float) -> None:
        """Writes a generation, keeps `report` with it, and lets the other one serve.

        Raises what `publish` raises.
        """
        with self._catalog.writing():
            generation, files = self._write(change)
            seconds = perf_counter() - started
            self._catalog.stage(generation, files, seconds, purged=change.purged, report=report)
        self._progress("indexing", 1, 1)

    def _write(self, change: Change) -> tuple[int, dict[str, str]]:
        """Inside `writing()`: a generation's number, and the hashes of its files."""
        catalog = self._catalog
        base = catalog.current_generation()
        # What was rolled back or staged is now gone for good.
        catalog.discard_after(base.id if base is not None else 0)
        directory = self._folder / GENERATIONS_FOLDER / uuid.uuid4().hex
        generation = catalog.add_generation(directory.name, change.settings)
        ids = self._write_rows(change, generation)
        assign_clusters(
            catalog, generation, lambda done, all: self._progress("comparing", done, all)
        )
        self._progress("indexing", 0, 1)
        files = _Files(
            catalog=catalog,
            generation=generation,
            directory=directory,
            carry=None if change.rebuild or base is None else _Carried(self._folder, base),
            added=ids,
            memory_bytes=self._memory_bytes,
        )
        with new_directory(directory):
            files.write(change)
        return generation, file_hashes(directory)

    def _write_rows(self, change: Change, generation: int) -> list[int]:
        """Articles and passages; returns the ids of the new passages."""
        for key in change.retired:
            self._catalog.retire_article(key, generation)
        ids: list[int] = []
        for addition in change.additions:
            if addition.key is None:
                key = self._catalog.add_article(addition.article, generation)
            else:
                key = addition.key
                self._catalog.retire_passages(key, generation)
            ids += self._catalog.add_passages(key, addition.spans, generation)
        return ids

    def sweep(self, keep: int) -> None:
        """Deletes generations beyond the newest `keep`, and what builds that died have left.

        A staged one stays besides. The passages of the generation that served last stay in the
        catalog: a search may still be under way in it.
        """
        current = self._catalog.current_generation_id()
        staged = self._catalog.staged()
        records = self._catalog.generations()
        waiting = staged.generation.id if staged else None
        always = {id for id in (current, waiting) if id is not None}
        published = [record for record in records if record.id != waiting]
        # One that an article was purged from, by a removal that died before it came here, goes.
        kept = {r.id for r in published[-keep:] if self._catalog.is_whole(r)} | always
        directories = {record.directory for record in records if record.id in kept}
        # Files before their records: on a full disk, SQLite needs the room to forget these.
        for path in (self._folder / GENERATIONS_FOLDER).glob("*"):
            if path.name not in directories:
                shutil.rmtree(path, ignore_errors=True)
        if current is None:
            return
        before = max((r.id for r in records if r.id < current), default=current)
        with self._catalog.writing():
            self._catalog.discard_after(max(kept))
            self._catalog.forget_generations(r.id for r in records if r.id not in kept)
            self._catalog.purge_passages(min(*kept, before))


class _Carried:
    """The files of the generation that a build adds to."""

    def __init__(self, folder: Path, record: GenerationRecord) -> None:
        self.record = record
        self.directory = folder / GENERATIONS_FOLDER / record.directory

    @cached_property
    def damaged(self) -> list[str]:
        return changed_files(self.directory, self.record)

    def whole(self, part: str) -> Path | None:
        """The file or folder if it is as it was published: else damage would be published."""
        path = self.directory / part
        names = (name for name in self.damaged if name == part or name.startswith(part + "/"))
        return path if path.exists() and next(names, None) is None else None


@dataclass(frozen=True)
class _Files:
    """The files of a new generation, made from those before it where these can be carried."""

    catalog: Catalog
    generation: int
    directory: Path
    carry: _Carried | None
    added: Sequence[int]
    memory_bytes: int

    def write(self, change: Change) -> None:
        self._vectors(change)
        self._bm25()
        self._attributes()

    @cached_property
    def passages(self) -> Ids:
        """Ids and article keys of all passages: shape (passages, 2)."""
        return self.catalog.passage_articles(self.generation)

    def _vectors(self, change: Change) -> None:
        dimension = change.settings["dimension"]
        if self.carry is None:
            index = new_index(dimension)
        else:
            before = self.carry.whole(FAISS_FILE)
            if before is None:
                raise CorruptIndexError(
                    f"the vectors in {self.carry.directory} are missing or damaged: "
                    "run `dateline index --rebuild`"
                )
            index = read_index(before)
        vectors = np.empty((0, dimension), np.float32) if change.vectors is None else change.vectors
        index = updated(
            index,
            removed=self._gone(VectorSearch(index).ids()),
            ids=np.asarray(self.added, np.int64),
            vectors=vectors,
            memory_bytes=self.memory_bytes,
        )
        try:
            write_index(index, self.directory / FAISS_FILE)
        except RuntimeError as error:  # FAISS says so of a full disk
            raise OSError(str(error)) from error
        VectorReport.of(index, self._vector_report_before()).save(self.directory)

    def _vector_report_before(self) -> VectorReport | None:
        file = self.carry.whole(VECTOR_REPORT_FILE) if self.carry else None
        return VectorReport.load(file.parent) if file is not None else None

    def _bm25(self) -> None:
        folder = self.carry.whole(BM25_FOLDER) if self.carry else None
        if folder is not None and Bm25Index.is_current(folder):
            before = Bm25Index.load(folder)
            new = self.catalog.each_passage(self.added)
            index = before.updated(self._gone(before.ids()), new)
        else:
            index = Bm25Index.build(self.catalog.each_passage(self.passages[:, 0].tolist()))
        index.save(self.directory / BM25_FOLDER)

    def _attributes(self) -> None:
        folder = self.carry.whole(ATTRIBUTES_FOLDER) if self.carry else None
        carried = Attributes.load(folder) if folder is not None else None
        new = self.added if carried is not None else self.passages[:, 0].tolist()
        days = {
            passage.id: [
                (found.first.toordinal(), found.last.toordinal())
                for found in mentions(passage.text, passage.article.date)
            ]
            for passage in self.catalog.each_passage(new)
        }
        facts = self.catalog.article_facts(self.generation)
        Attributes.build(facts, self.passages, days, carried).save(
            self.directory / ATTRIBUTES_FOLDER
        )

    def _gone(self, before: Ids) -> Ids:
        return np.setdiff1d(before, self.passages[:, 0])
