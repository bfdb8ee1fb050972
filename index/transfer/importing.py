"""Makes an exported file the archive of a folder, after all that is in it was checked."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.catalog import FILE_NAME, GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.errors import ArchiveBusyError, CorruptIndexError
from index.generation import BuildSettings, is_outdated, sync_to_disk
from index.locking import build_lock
from index.migrations import migrate
from index.progress import Progress, silent
from index.publishing import sync_entries
from index.transfer.container import (
    CHUNK,
    PREFIX,
    ArchiveNotEmptyError,
    Manifest,
    TransferError,
    TransferReport,
    copy,
    next_member,
    read_manifest,
    require,
    skip_padding,
)
from index.verification import verify_structure

PAGES = 256
"""Of SQLite, copied between two calls of the progress callback."""


def import_archive(
    file: Path, folder: Path, *, replace: bool = False, progress: Progress = silent
) -> TransferReport:
    """Makes what was exported into `file` the archive in `folder`.

    What is there is replaced by one SQLite transaction, after all was checked: a death at any
    moment leaves the one archive or the other. Raises TransferError if the file is none of
    Dateline's or is damaged, ArchiveNotEmptyError if articles would go and `replace` is not set,
    ArchiveBusyError if another process has the archive open.
    """
    try:
        source = file.open("rb")
    except OSError as error:
        raise TransferError(f"{file} cannot be read: {error.strerror}") from error
    with source:
        manifest = read_manifest(source, file)
        folder.mkdir(parents=True, exist_ok=True)
        with build_lock(folder):
            in_place = _require_replaceable(folder, replace)
            # In a directory that no generation names, which the next build sweeps up.
            staging = folder / GENERATIONS_FOLDER / uuid.uuid4().hex
            try:
                record = _unpack(source, file, manifest, staging)
                if not in_place:
                    _set_aside(folder)
                _publish(staging, folder, record, progress)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            _sweep(folder, record)
        size = os.fstat(source.fileno()).st_size
    return TransferReport(str(file), record.id, record.articles, record.passages, size)


def _unpack(source: IO[bytes], file: Path, manifest: Manifest, staging: Path) -> GenerationRecord:
    """The archive in `staging`, checked."""
    # The name is ours: the one it had may be taken in this folder, or be no name at all.
    directory = uuid.uuid4().hex
    new = staging / GENERATIONS_FOLDER / directory
    new.mkdir(parents=True)
    for member in manifest.members:
        name, size = next_member(source, file)
        require(name == member.name, file, f"it holds {name!r} where {member.name!r} should be")
        require(size == member.size, file, f"{name!r} has not the size that its manifest says")
        catalog = name == FILE_NAME
        target = staging / FILE_NAME if catalog else new / name.removeprefix(PREFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            digest = copy(source, size, out)
        require(digest is not None and skip_padding(source, size), file, "it ends early")
        require(digest == member.sha256, file, f"{name!r} is damaged (SHA-256 differs)")
    while rest := source.read(CHUNK):
        require(not any(rest), file, "it holds more than its manifest says")
    try:
        _adopt(staging / FILE_NAME, directory, file)
        with contextlib.closing(Catalog(staging)) as catalog_:
            return _checked(catalog_, staging, file, manifest)
    except (CorruptIndexError, sqlite3.Error, ValueError, TypeError, LookupError) as error:
        raise TransferError(f"{file} cannot be imported: {error}") from error


def _adopt(catalog: Path, directory: str, file: Path) -> None:
    """Requires Dateline's own tables and no more, since triggers and views would run inside our
    statements, and one generation, whose files are in `directory` here.
    """
    with contextlib.closing(sqlite3.connect(catalog, isolation_level=None)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        odd = connection.execute(
            "SELECT name FROM sqlite_master WHERE type NOT IN ('table', 'index')"
            " OR sql LIKE '%VIRTUAL%'"
        ).fetchall()
        require(not odd, file, "its catalog holds more than tables")
        migrate(connection)
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
            migrate(fresh)
            require(_schema(connection) == _schema(fresh), file, "its catalog is not Dateline's")
        (generations,) = connection.execute("SELECT count(*) FROM generation").fetchone()
        require(generations == 1, file, f"it holds {generations} generations instead of one")
        (staged,) = connection.execute("SELECT count(*) FROM staged").fetchone()
        require(staged == 0, file, "it holds a staged build")
        connection.execute("UPDATE generation SET directory = ?", (directory,))


def _schema(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {tuple(map(str, row)) for row in rows if not row[1].startswith("sqlite_stat")}


def _checked(catalog: Catalog, staging: Path, file: Path, manifest: Manifest) -> GenerationRecord:
    record = catalog.current_generation()
    if record is None:
        raise TransferError(f"{file} cannot be imported: no generation in it serves")
    BuildSettings(**record.settings)
    hashes = {member.name.removeprefix(PREFIX): member.sha256 for member in manifest.members[1:]}
    require(
        (record.id, record.settings, record.articles, record.passages, record.files)
        == (manifest.generation, manifest.settings, manifest.articles, manifest.passages, hashes),
        file,
        "its catalog and its manifest are not of one archive",
    )
    # An outdated one is brought up to date by the next build.
    if not is_outdated(staging / GENERATIONS_FOLDER / record.directory):
        problems, _ = verify_structure(staging, catalog)
        require(not problems, file, "; ".join(problems[:3]))
    catalog.checkpoint()
    return record


def _publish(staging: Path, folder: Path, record: GenerationRecord, progress: Progress) -> None:
    directory = folder / GENERATIONS_FOLDER / record.directory
    with (
        contextlib.closing(sqlite3.connect(staging / FILE_NAME)) as source,
        _alone(folder / FILE_NAME) as target,
    ):
        (staging / GENERATIONS_FOLDER / record.directory).rename(directory)
        sync_to_disk(directory)
        sync_entries(folder)
        source.backup(
            target,
            pages=PAGES,
            progress=lambda _, left, all: progress("importing", all - left, all),
        )
    sync_entries(folder)


@contextlib.contextmanager
def _alone(catalog: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a catalog that no other process has open, nor can open meanwhile.

    A search under way would otherwise look up the passages it found in another archive.
    """
    with contextlib.closing(sqlite3.connect(catalog, timeout=0, isolation_level=None)) as alone:
        try:
            alone.execute("PRAGMA locking_mode = EXCLUSIVE")
            alone.execute("PRAGMA synchronous = EXTRA")
            alone.execute("PRAGMA journal_mode = DELETE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("COMMIT")
            (mode,) = alone.execute("PRAGMA journal_mode").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            mode = "locked"
        if mode != "delete":
            raise ArchiveBusyError(
                f"another process has the archive in {catalog.parent} open: stop the bot and "
                "whatever else uses it, and import again"
            )
        yield alone


def _require_replaceable(folder: Path, replace: bool) -> bool:
    """Whether the catalog in `folder` can be overwritten in place: false if it is damaged."""
    if not (folder / FILE_NAME).exists():
        return True
    try:
        with contextlib.closing(Catalog(folder)) as catalog:
            record = catalog.current_generation()
            whole = not catalog.damage()
            articles = record.articles if record else 0
            staged = catalog.staged()
    except CorruptIndexError as error:
        if not replace:
            raise ArchiveNotEmptyError(f"{error}, or use --replace") from error
        return False
    if staged is not None and not replace:
        raise ArchiveNotEmptyError(
            f"the archive in {folder} holds a staged build: use --replace to give up all it holds "
            "for what is in the file, or --home for another folder"
        )
    if (articles or not whole) and not replace:
        raise ArchiveNotEmptyError(
            f"the archive in {folder} holds {articles} articles: use --replace to give them up "
            "for those of the file, or --home for another folder"
        )
    return whole


def _set_aside(folder: Path) -> None:
    """A damaged catalog is kept under another name, in case something can be saved from it."""
    for suffix in ("-wal", "-shm", ""):
        found = folder / f"{FILE_NAME}{suffix}"
        if found.exists():
            found.replace(folder / f"damaged-{FILE_NAME}{suffix}")


def _sweep(folder: Path, record: GenerationRecord) -> None:
    with contextlib.closing(Catalog(folder)) as catalog:  # in WAL mode from here on
        catalog.checkpoint()
    for path in (folder / GENERATIONS_FOLDER).iterdir():
        if path.name != record.directory:
            shutil.rmtree(path, ignore_errors=True)
