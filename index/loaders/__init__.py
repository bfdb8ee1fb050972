"""Articles from files and folders. One format a file; a further one is a line in LOADERS."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from index.article import Article
from index.errors import LoadError
from index.loaders.fields import load_error, shown
from index.loaders.jsonl import load_jsonl
from index.loaders.text import load_markdown, load_text

Loaded = Article | LoadError
"""An article, or as a value why a file or a line of it could not be read: the rest goes on."""
Loader = Callable[[Path], Iterator[Loaded]]

LOADERS: Mapping[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".jsonl": load_jsonl,
    ".jsonl.gz": load_jsonl,
}
"""Which loader reads a file, by how its name ends (in lower case)."""


def load_paths(paths: Iterable[Path]) -> Iterator[Loaded]:
    """The articles of files, and of folders with all that is in them, sorted by name.

    Inside folders, hidden files and files of other formats are passed over; a path that was
    named and cannot be read, or has nothing to read, is a LoadError. A file reached twice (named
    twice, or through a symbolic link) is read once. Never raises LoadError, only yields it.
    """
    files_seen: set[Path] = set()
    for path in paths:
        found = False
        for item in _walk(path):
            found = True
            if isinstance(item, LoadError):
                yield item
            elif (real := item.resolve()) not in files_seen:
                files_seen.add(real)
                yield from _load(item)
        if not found:
            mend = f"Dateline reads {_known_suffixes()}"
            yield load_error(shown(path), "the folder has no articles in it", mend)


def loader_for(path: Path) -> Loader | None:
    """The loader for a file of this name, or None."""
    name = path.name.lower()
    return next((load for suffix, load in LOADERS.items() if name.endswith(suffix)), None)


def _load(path: Path) -> Iterator[Loaded]:
    load = loader_for(path)
    if load is None:
        mend = f"convert it to one of {_known_suffixes()}"
        yield load_error(shown(path), f"cannot read files of type {path.suffix!r}", mend)
    else:
        yield from load(path)


def _walk(root: Path) -> Iterator[Path | LoadError]:
    """The files to read at and under `root`, depth first; iterative, so depth has no limit."""
    stack = [root]
    folders_seen: set[tuple[int, int]] = set()  # a link to a folder above must not go round
    while stack:
        path = stack.pop()
        named = path is root
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                identity = (status.st_dev, status.st_ino)
                if identity not in folders_seen:
                    folders_seen.add(identity)
                    inside = (entry for entry in path.iterdir() if not entry.name.startswith("."))
                    stack.extend(sorted(inside, reverse=True))
            elif named or loader_for(path):
                if stat.S_ISREG(status.st_mode):
                    yield path
                else:
                    yield load_error(shown(path), "not a regular file", "name a file or a folder")
        except FileNotFoundError:
            if named or loader_for(path):
                yield load_error(shown(path), "no such file or folder", "check the name")
        except (OSError, ValueError) as error:
            if named or loader_for(path) or isinstance(error, PermissionError):
                reason = f"cannot be read ({getattr(error, 'strerror', None) or error})"
                yield load_error(shown(path), reason, "check its name and permissions")


def _known_suffixes() -> str:
    return " ".join(LOADERS)
