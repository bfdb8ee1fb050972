"""The file that an archive is exported to: an uncompressed tar, its manifest first.

Any system can list and unpack it, each member is written and read in one pass, and there is little
to compress in vectors. After the manifest, in JSON, come the catalog and the files of one
generation. Whoever made a file is not trusted on reading it: members have to be exactly those
that the manifest names, in its order.
"""

from __future__ import annotations

import hashlib
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.catalog import FILE_NAME
from index.errors import DatelineError

VERSION = 1
MANIFEST = "manifest.json"
PREFIX = "generation/"
"""Before the names of the generation's files."""
MAX_MANIFEST = 2**20
MAX_MEMBERS = 1_000
BLOCK = tarfile.BLOCKSIZE
CHUNK = 2**20

_NAME = re.compile(r"generation(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+")


class TransferError(DatelineError):
    """A file cannot be written as an archive's copy, or is none that can be imported."""


class ArchiveNotEmptyError(DatelineError):
    """An import would replace articles, which was not asked for."""


class Member(BaseModel):
    """A file in the copy."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, Field(max_length=100)]
    size: Annotated[int, Field(ge=0, lt=2**60)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Form(BaseModel):
    """How a copy is to be read."""

    model_config = ConfigDict(frozen=True, strict=True)

    format: Literal["dateline archive"] = "dateline archive"
    version: int = VERSION


class Manifest(Form):
    """What a copy holds; later versions of Dateline may say more in it."""

    dateline: str
    """The version of Dateline that wrote it."""
    exported_at: str
    generation: int
    created_at: str
    settings: dict[str, Any]
    """What the generation was built with."""
    articles: Annotated[int, Field(ge=0)]
    passages: Annotated[int, Field(ge=0)]
    members: Annotated[list[Member], Field(min_length=1, max_length=MAX_MEMBERS)]
    """All other files, in order: the catalog, then the generation's."""


@dataclass(frozen=True)
class TransferReport:
    """What was exported or imported."""

    file: str
    generation: int
    articles: int
    passages: int
    bytes: int
    """Of the file."""

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


def read_manifest(source: IO[bytes], file: Path) -> Manifest:
    """The manifest at the start of a copy. Raises TransferError if it is none, or too new."""
    name, size = next_member(source, file)
    if name != MANIFEST or size > MAX_MANIFEST:
        raise TransferError(f"{file} is not an archive that `dateline export` wrote")
    content = source.read(size)
    require(len(content) == size and skip_padding(source, size), file, "it ends early")
    try:
        version = Form.model_validate_json(content).version
        if version != VERSION:
            raise TransferError(
                f"{file} has format version {version}, this Dateline knows {VERSION}: "
                "update Dateline"
            )
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "JSON"
        raise TransferError(
            f"{file} cannot be imported: its manifest is wrong in {where!r}"
        ) from error
    names = [member.name for member in manifest.members]
    require(names[0] == FILE_NAME, file, "its catalog is missing")
    require(len(set(names)) == len(names), file, "its manifest names a file twice")
    for name in names[1:]:
        require(_NAME.fullmatch(name) is not None, file, f"{name!r} is no file of a generation")
    return manifest


def header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)  # its sizes have no limit


def padding(size: int) -> bytes:
    return bytes(-size % BLOCK)


def next_member(source: IO[bytes], file: Path) -> tuple[str, int]:
    """Name and size of the regular file that begins here.

    Headers are read one by one and by nothing else: the extensions that tarfile follows, for long
    names, sparse files and more, are in no file that `export_archive` writes.
    """
    block = source.read(BLOCK)
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError) as error:
        raise TransferError(
            f"{file} is not an archive that `dateline export` wrote, or it is cut short"
        ) from error
    if info.type != tarfile.REGTYPE:
        raise TransferError(f"{file} cannot be imported: {info.name!r} is a link, folder or device")
    require(info.size >= 0, file, f"{info.name!r} has no size")
    return info.name, info.size


def copy(source: IO[bytes], size: int, out: IO[bytes]) -> str | None:
    """Copies `size` bytes; returns their SHA-256 in hex, None if there are fewer."""
    digest = hashlib.sha256()
    while size:
        chunk = source.read(min(size, CHUNK))
        if not chunk:
            return None
        digest.update(chunk)
        out.write(chunk)
        size -= len(chunk)
    return digest.hexdigest()


def skip_padding(source: IO[bytes], size: int) -> bool:
    return source.read(-size % BLOCK) == padding(size)


def require(holds: bool, file: Path, problem: str) -> None:
    if not holds:
        raise TransferError(f"{file} cannot be imported: {problem}")
