"""Writes the generation that serves, with its catalog, into one file.

Older generations stay behind; revisions of articles and subscribed feeds come along.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.catalog import FILE_NAME, GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.errors import CorruptIndexError, NoIndexError
from index.model_files import file_sha256
from index.publishing import sync_entries
from index.transfer.container import (
    BLOCK,
    MANIFEST,
    PREFIX,
    Manifest,
    Member,
    TransferError,
    TransferReport,
    copy,
    header,
    padding,
)


def export_archive(folder: Path, file: Path) -> TransferReport:
    """Writes the serving generation of the archive in `folder` into `file`, which it replaces.

    Others may read and build meanwhile. `file` appears when all of it is on disk. Raises
    NoIndexError if nothing is indexed, CorruptIndexError if the generation is damaged,
    TransferError if `file` cannot be one.
    """
    if not (folder / FILE_NAME).is_file():
        raise NoIndexError(f"there is no index in {folder} yet: run `dateline index PATH` first")
    target = file.absolute()
    if target.is_dir() or target.resolve().is_relative_to(folder.resolve()):
        raise TransferError(
            f"{file} is a folder or lies in the archive itself: name a file elsewhere"
        )
    with _beside(target) as work, contextlib.ExitStack() as files:
        record, opened = _snapshot(folder, work, files)
        part = work / "export.tar"
        _write(part, record, work / FILE_NAME, opened)
        size = part.stat().st_size
        part.replace(target)
        sync_entries(target.parent)
    return TransferReport(str(file), record.id, record.articles, record.passages, size)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder on the target's disk, so that what is in it can be renamed to the target."""
    try:
        work = tempfile.TemporaryDirectory(
            prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent
        )
    except OSError as error:
        raise TransferError(
            f"{target} cannot be written ({error.strerror}): name a file in a folder that can be"
        ) from error
    with work as name:
        yield Path(name)


def _snapshot(
    folder: Path, work: Path, files: contextlib.ExitStack
) -> tuple[GenerationRecord, dict[str, IO[bytes]]]:
    """A catalog of the serving generation alone, in `work`, and that generation's open files."""
    gone: CorruptIndexError | None = None
    for _ in range(5):
        with contextlib.closing(Catalog(folder)) as source:
            source.copy_to(work / FILE_NAME)
        with contextlib.closing(Catalog(work)) as catalog:
            record = catalog.current_generation()
            if record is None:
                raise NoIndexError(
                    f"there is no index in {folder} yet: run `dateline index PATH` first"
                )
            directory = folder / GENERATIONS_FOLDER / record.directory
            try:
                # Once open, they can be read to the end though a build may delete them.
                opened: dict[str, IO[bytes]] = {
                    name: files.enter_context((directory / name).open("rb"))
                    for name in sorted(record.files)
                }
            except OSError as error:  # swept by a build that has published meanwhile, or damaged
                gone = CorruptIndexError(
                    f"{error.filename} cannot be read ({error.strerror}): run `dateline rollback` "
                    "to an older generation, or `dateline index --rebuild`"
                )
            else:
                _leave_only(catalog, record)
                return record, opened
        for left in work.glob(f"{FILE_NAME}*"):
            left.unlink()
    assert gone is not None
    raise gone


def _leave_only(catalog: Catalog, record: GenerationRecord) -> None:
    others = [other.id for other in catalog.generations() if other.id != record.id]
    with catalog.writing():
        catalog.discard_after(record.id)
        catalog.forget_generations(others)
        catalog.purge_passages(record.id)
    catalog.compact()


def _write(
    part: Path, record: GenerationRecord, catalog: Path, opened: dict[str, IO[bytes]]
) -> None:
    digest = file_sha256(catalog)
    members = [Member(name=FILE_NAME, size=catalog.stat().st_size, sha256=digest)]
    members += [
        Member(
            name=PREFIX + name, size=os.fstat(stream.fileno()).st_size, sha256=record.files[name]
        )
        for name, stream in opened.items()
    ]
    manifest = Manifest(
        dateline=_version(),
        exported_at=dt.datetime.now(dt.UTC).isoformat("T", "seconds"),
        generation=record.id,
        created_at=record.created_at,
        settings=record.settings,
        articles=record.articles,
        passages=record.passages,
        members=members,
    )
    content = manifest.model_dump_json(indent=1).encode()
    with part.open("wb") as out, catalog.open("rb") as catalog_stream:
        out.write(header(MANIFEST, len(content)) + content + padding(len(content)))
        streams: list[IO[bytes]] = [catalog_stream, *opened.values()]
        for member, stream in zip(members, streams, strict=True):
            out.write(header(member.name, member.size))
            if copy(stream, member.size, out) != member.sha256:
                raise CorruptIndexError(
                    f"{stream.name} is not what was published: run `dateline rollback` to an older "
                    "generation, or `dateline index --rebuild`, and export again"
                )
            out.write(padding(member.size))
        out.write(bytes(2 * BLOCK))
        out.flush()
        os.fsync(out.fileno())


def _version() -> str:
    try:
        return importlib.metadata.version("dateline")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
