"""What a loader reads: a file, or a member of an archive that is held in memory."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from index.errors import LoadError
from index.loaders.fields import load_error, shown

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of a file that is read whole, packed or unpacked; JSON Lines and CSV have no such bound."""

T = TypeVar("T")
_TALKATIVE = ("charset_normalizer", "htmldate", "pypdf", "trafilatura")
"""Libraries that log each oddity of a damaged file; what is wrong with it is in the LoadError."""


@dataclass(frozen=True)
class Document:
    """Bytes with a name. `place` names them in messages, `origin` in the article.

    Those made by the functions below can be pickled, to be read in another process.
    """

    name: str
    place: str
    origin: str
    open: Callable[[], BinaryIO]
    """A new stream from the beginning; raises OSError."""

    @property
    def stem(self) -> str:
        return Path(self.name).stem

    def read(self) -> bytes | LoadError:
        """All bytes, or why not: it is gone, or larger than MAX_BYTES."""
        try:
            with self.open() as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = f"cannot be read ({error.strerror or error})"
            return load_error(self.place, reason, "check its permissions")
        if len(data) > MAX_BYTES:
            reason = f"larger than {MAX_BYTES // 2**20} MB"
            return load_error(self.place, reason, "split it into one file an article")
        if not data:
            return load_error(self.place, "the file is empty", "put the article's text into it")
        return data


def file_document(path: Path) -> Document:
    opened = partial(_open, path.absolute())
    return Document(path.name, shown(path), shown(path.resolve()), opened)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def member_document(archive: Document, name: str, data: bytes) -> Document:
    """A member of an archive, named "archive.zip!inner/path". Its name is never a path on disk."""
    printable = "".join(c if c.isprintable() else "\ufffd" for c in name)
    inner = f"!{printable.encode('utf-8', 'replace').decode()}"
    last = printable.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return Document(last, archive.place + inner, archive.origin + inner, partial(io.BytesIO, data))


def attempt(document: Document, kind: str, parse: Callable[[], T]) -> T | LoadError:
    """What `parse` returns, or a LoadError in place of whatever a library raises.

    Parsers of hostile files raise nearly anything: IndexError, RecursionError, errors of their own.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return parse()
    except LoadError as error:
        return error
    except Exception as error:  # noqa: BLE001
        about = " ".join(str(error).split())[:120] or type(error).__name__
        about = about.encode("utf-8", "replace").decode()
        return load_error(
            document.place, f"cannot be read as {kind} ({about})", "open it and save it anew"
        )


def parsed(document: Document, kind: str, parse: Callable[[bytes], T]) -> T | LoadError:
    """What `parse` makes of all bytes, or why they cannot be had or read; `kind` as in `attempt`.

    `parse` may raise anything, and a LoadError where it can say what is wrong.
    """
    data = document.read()
    return data if isinstance(data, LoadError) else attempt(document, kind, lambda: parse(data))
