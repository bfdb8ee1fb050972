"""A generation: the directory of search files that a build publishes, and how it is opened."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.attributes import Attributes
from index.bm25 import Bm25Index
from index.catalog import GENERATIONS_FOLDER, GenerationRecord
from index.embedding import EmbeddingModel
from index.errors import CorruptIndexError, ModelFileError, ModelMismatchError
from index.model_files import file_sha256
from index.settings import IndexSettings
from index.vector_index import open_index
from index.vector_report import FILE as VECTOR_REPORT_FILE
from index.vector_search import VectorSearch

FAISS_FILE = "faiss.index"
BM25_FOLDER = "bm25"
ATTRIBUTES_FOLDER = "attributes"


@dataclass(frozen=True)
class BuildSettings:
    """What a generation was built with; two generations can be mixed only if these are equal."""

    model: str
    weights_sha256: str
    dimension: int
    chunk_tokens: int
    chunk_overlap: int

    @classmethod
    def of(cls, settings: IndexSettings, model: EmbeddingModel) -> BuildSettings:
        fingerprint = model.fingerprint
        return cls(
            fingerprint.name,
            fingerprint.weights_sha256,
            fingerprint.dimension,
            settings.chunk_tokens,
            settings.chunk_overlap,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Generation:
    """An opened generation: a reader holds one for as long as it answers one question."""

    record: GenerationRecord
    vectors: VectorSearch
    bm25: Bm25Index
    attributes: Attributes


def open_generation(folder: Path, record: GenerationRecord) -> Generation:
    """Opens a published generation of the archive in `folder`.

    Raises CorruptIndexError if its files are missing or damaged, which their hashes tell: not
    every flipped byte makes a file unreadable.
    """
    directory = folder / GENERATIONS_FOLDER / record.directory
    if changed := changed_files(directory, record):
        raise CorruptIndexError(
            f"{', '.join(changed)} in {directory}: missing, or not what was published; run "
            "`dateline index --rebuild`"
        )
    if is_outdated(directory):
        raise CorruptIndexError(
            f"the index in {directory} was written by another version of Dateline: run "
            "`dateline index`, which brings it up to date without embedding anything again"
        )
    return Generation(
        record,
        VectorSearch(open_index(directory / FAISS_FILE)),
        Bm25Index.load(directory / BM25_FOLDER),
        Attributes.load(directory / ATTRIBUTES_FOLDER),
    )


def is_outdated(directory: Path) -> bool:
    """Whether a generation lacks a part in the form that this version writes, though it has its
    vectors, from which, with the catalog, the other parts can be made.
    """
    current = (
        (directory / ATTRIBUTES_FOLDER).is_dir()
        and (directory / VECTOR_REPORT_FILE).exists()
        and Bm25Index.is_current(directory / BM25_FOLDER)
    )
    return (directory / FAISS_FILE).exists() and not current


def require_model(record: GenerationRecord, model: EmbeddingModel) -> None:
    """Raises ModelMismatchError if `model` is not the one that the generation was built with."""
    fingerprint = model.fingerprint
    built_with = record.settings
    if built_with["model"] != fingerprint.name:
        raise ModelMismatchError(
            f"the index was built with the model {built_with['model']!r}, but {fingerprint.name!r} "
            f"is set: set DATELINE_MODEL={built_with['model']}, or run `dateline index --rebuild`"
        )
    if built_with["weights_sha256"] != fingerprint.weights_sha256:
        raise ModelMismatchError(
            f"the index was built with other weights of {fingerprint.name!r} (SHA-256 "
            f"{built_with['weights_sha256'][:12]}…, now {fingerprint.weights_sha256[:12]}…): "
            "restore those, or run `dateline index --rebuild`"
        )


def file_hashes(directory: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation, by its path inside the directory."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): file_sha256(path) for path in files}


def sync_to_disk(directory: Path) -> None:
    """Returns when a power cut can no longer lose what was written below `directory`."""
    for path in [*directory.rglob("*"), directory, directory.parent]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def changed_files(directory: Path, record: GenerationRecord) -> list[str]:
    """Names of files that are missing, damaged or not the generation's own."""
    try:
        found = file_hashes(directory)
    except ModelFileError:  # unreadable, or swept while it was read
        found = {}
    names = record.files.keys() | found.keys()
    return sorted(name for name in names if record.files.get(name) != found.get(name))
