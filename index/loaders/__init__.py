"""Articles from files and folders. One format a file; a further one is a line in LOADERS."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.loaders.archives import Wanted, open_tar, open_zip
from index.loaders.detection import PACKED, SUFFIXES, kind_by_name, kind_of
from index.loaders.document import Document, file_document
from index.loaders.docx import load_docx
from index.loaders.eml import load_eml
from index.loaders.epub import load_epub
from index.loaders.fields import load_error, shown
from index.loaders.html import load_html
from index.loaders.jsonl import load_jsonl
from index.loaders.pdf import load_pdf
from index.loaders.tables import load_table
from index.loaders.text import load_markdown, load_text
from index.loaders.worker import Worker

Loaded = Article | LoadError
"""An article, or as a value why a file or a line of it could not be read: the rest goes on."""
Loader = Callable[[Document], Iterator[Loaded | Document]]
"""What it gives as documents, such as a mail's attachments, is loaded in its turn."""
Opener = Callable[[Document, Wanted], Iterator[Document | LoadError]]

LOADERS: Mapping[str, Loader] = {
    "text": load_text,
    "markdown": load_markdown,
    "jsonl": load_jsonl,
    "html": load_html,
    "pdf": load_pdf,
    "docx": load_docx,
    "table": load_table,
    "eml": load_eml,
    "epub": load_epub,
}
"""Which loader reads a file, by its kind as `index.loaders.detection` tells it."""
OPENERS: Mapping[str, Opener] = {"zip": open_zip, "tar": open_tar}
DEPTH = 1
"""How many archives or mails may lie within one another below the outermost."""
IN_WORKER = frozenset({"html", "pdf", "docx", "eml", "epub"})
"""Kinds whose parsers may hang or crash, whatever the file's size; see `index.loaders.worker`."""
LARGE_TEXT = 1024 * 1024
"""Bytes from which a text goes there, too: mending one of 1 MB may take some two seconds."""


def load_paths(paths: Iterable[Path], *, seconds: float | None = None) -> Iterator[Loaded]:
    """The articles of files, and of folders with all that is in them, sorted by name.

    Inside folders, hidden files and files of other formats are passed over; a path that was
    named and cannot be read, or has nothing to read, is a LoadError. A file reached twice (named
    twice, or through a symbolic link) is read once. Never raises LoadError, only yields it.

    `seconds` is the longest that a file of a kind in IN_WORKER may take, instead of the worker's
    own bounds.
    """
    files_seen: set[Path] = set()
    with Worker(seconds=seconds) as worker:
        for path in paths:
            found = False
            for item in _walk(path):
                found = True
                if isinstance(item, LoadError):
                    yield item
                elif (real := item.resolve()) not in files_seen:
                    files_seen.add(real)
                    yield from load_document(file_document(item), worker)
            if not found:
                mend = f"Dateline reads {_known_suffixes()}"
                yield load_error(shown(path), "the folder has no articles in it", mend)


def load_document(document: Document, worker: Worker, depth: int = 0) -> Iterator[Loaded]:
    """The articles of one file, or of an archive's members, whatever the name says it is."""
    try:
        with document.open() as stream:
            kind = kind_of(document.name, stream)
            size = stream.seek(0, 2)
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        yield load_error(document.place, reason, "check its name and permissions")
        return
    if kind in LOADERS:
        apart = kind in IN_WORKER or (kind in ("text", "markdown") and size > LARGE_TEXT)
        found = worker.load(kind, document) if apart else LOADERS[kind](document)
        for item in found:
            if isinstance(item, Document):
                yield from _load_attached(item, worker, depth)
            else:
                yield item
    elif kind not in OPENERS:
        suffix = Path(document.name).suffix
        mend = f"convert it to one of {_known_suffixes()}"
        yield load_error(document.place, f"cannot read files of type {suffix!r}", mend)
    elif depth > DEPTH:
        reason = "an archive within an archive within an archive"
        yield load_error(document.place, reason, "unpack the outermost and name the folder")
    else:
        yield from _load_members(document, OPENERS[kind], worker, depth)


def _load_attached(document: Document, worker: Worker, depth: int) -> Iterator[Loaded]:
    if depth > DEPTH:
        reason = "attached to a mail within a mail or an archive within another"
        yield load_error(document.place, reason, "save it and name it")
    else:
        yield from load_document(document, worker, depth + 1)


def _load_members(
    document: Document, open_archive: Opener, worker: Worker, depth: int
) -> Iterator[Loaded]:
    found = False
    for member in open_archive(document, _wanted):
        found = True
        if isinstance(member, LoadError):
            yield member
        else:
            yield from load_document(member, worker, depth + 1)
    if not found:
        mend = f"Dateline reads {_known_suffixes()}"
        yield load_error(document.place, "the archive has no articles in it", mend)


def _wanted(name: str) -> bool:
    """Whether to read a member: as in folders, neither hidden files nor other formats."""
    parts = name.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part.strip(".") for part in parts)
    return bool(kind_by_name(name)) and not hidden and "__MACOSX" not in parts


def _readable(path: Path) -> bool:
    """Whether a file found in a folder is to be read. Raises OSError.

    Files without a known name are looked into, so that a page saved as "story" or "view.php" is
    not passed over; but no ZIP file among them, which programs, apps and books are too.
    """
    if kind_by_name(path.name):
        return True
    with path.open("rb") as stream:
        kind = kind_of(path.name, stream)
    return bool(kind) and (kind not in PACKED or not path.suffix)


def _walk(root: Path) -> Iterator[Path | LoadError]:
    """The files to read at and under `root`, depth first; iterative, so depth has no limit."""
    stack = [root]
    folders_seen: set[tuple[int, int]] = set()  # a link to a folder above must not go round
    while stack:
        path = stack.pop()
        named = path is root
        expected = named or bool(kind_by_name(path.name))
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                if identity not in folders_seen:
                    folders_seen.add(identity)
                    inside = (entry for entry in path.iterdir() if not entry.name.startswith("."))
                    stack.extend(sorted(inside, reverse=True))
            elif not stat.S_ISREG(status.st_mode):
                if expected:
                    yield load_error(shown(path), "not a regular file", "name a file or a folder")
            elif expected or _readable(path):
                yield path
        except FileNotFoundError:
            if expected:
                yield load_error(shown(path), "no such file or folder", "check the name")
        except (OSError, ValueError) as error:
            if expected or isinstance(error, PermissionError):
                reason = f"cannot be read ({getattr(error, 'strerror', None) or error})"
                yield load_error(shown(path), reason, "check its name and permissions")


def _known_suffixes() -> str:
    return " ".join(SUFFIXES)
