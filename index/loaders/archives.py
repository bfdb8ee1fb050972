"""ZIP and tar: their members, one after the other, in memory. Nothing is ever written to disk.

A member's name is a label and no path, so that "../../etc/passwd" is only an odd one. Links and
devices are not followed. What may come out is bounded, see `index.loaders.bounds`.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any, cast

from index.errors import LoadError
from index.loaders.bounds import MAX_MEMBERS, Budget, BudgetedReader, read_zip_member
from index.loaders.document import MAX_BYTES, Document, attempt, member_document
from index.loaders.fields import load_error

Wanted = Callable[[str], bool]
"""Whether a member of this name is to be read; what is not wanted is not even unpacked."""
_TOO_MANY = (f"more than {MAX_MEMBERS} files in it", "split it into several archives")
_LINK = ("a link or a device, which is not followed", "put the file itself into the archive")
_END = object()


def open_zip(document: Document, wanted: Wanted) -> Iterator[Document | LoadError]:
    """The members of a ZIP file, or a LoadError in the place of one; ends at the first bomb."""
    yield from _each(document, "ZIP", partial(_zip_members, document, wanted))


def open_tar(document: Document, wanted: Wanted) -> Iterator[Document | LoadError]:
    """As `open_zip`, of a tar file that may be packed with gzip."""
    yield from _each(document, "tar", partial(_tar_members, document, wanted))


Members = Iterator[Document | LoadError]


def _each(
    document: Document, kind: str, members: Callable[[IO[bytes], Budget], Members]
) -> Members:
    """What `members` yields, and whatever it raises as a last LoadError."""
    try:
        stream = document.open()
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        yield load_error(document.place, reason, "check its permissions")
        return
    with stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        found = members(stream, Budget(document.place, size))
        while True:
            item = attempt(document, kind, lambda: next(found, _END))
            if item is _END:
                return
            yield cast("Document | LoadError", item)
            # A generator that has raised has ended: the next turn finds _END.


def _zip_members(document: Document, wanted: Wanted, stream: IO[bytes], budget: Budget) -> Members:
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise load_error(document.place, *_TOO_MANY)
        for info in infos:
            if info.is_dir() or not wanted(info.filename):
                continue
            named = member_document(document, info.filename, b"")
            if (info.external_attr >> 16) & 0o170000 == 0o120000:
                yield load_error(named.place, *_LINK)
                continue
            unpack = partial(read_zip_member, archive, info, budget, named.place)
            data = attempt(named, "a ZIP member", unpack)
            if isinstance(data, LoadError):
                yield data
            else:
                yield member_document(document, info.filename, data)
            if budget.spent > budget.allowed:
                return


def _tar_members(document: Document, wanted: Wanted, stream: IO[bytes], budget: Budget) -> Members:
    packed = stream.read(2) == b"\x1f\x8b"
    stream.seek(0)
    plain: Any = gzip.GzipFile(fileobj=stream, mode="rb") if packed else stream
    reader: Any = BudgetedReader(plain, budget)
    # "r|" reads on and never seeks, so that the budget counts all that is unpacked.
    with tarfile.open(fileobj=reader, mode="r|") as archive:
        for number, info in enumerate(archive):
            if number >= MAX_MEMBERS:
                raise load_error(document.place, *_TOO_MANY)
            if info.isdir() or not wanted(info.name):
                continue
            named = member_document(document, info.name, b"")
            if not info.isreg() or info.issparse():
                yield load_error(named.place, *_LINK)
                continue
            if info.size > MAX_BYTES:
                reason = f"larger than {MAX_BYTES // 2**20} MB"
                yield load_error(named.place, reason, "split it into one file an article")
                continue
            file = archive.extractfile(info)
            data = file.read() if file else b""
            yield member_document(document, info.name, data)
            cast("Any", archive).members = []  # tarfile keeps every header it has seen
