"""What a file is: by its first bytes where they say so, otherwise by how its name ends."""

from __future__ import annotations

import codecs
import gzip
import re
import zipfile
import zlib
from typing import BinaryIO

HEAD = 4096
_HTML = re.compile(
    # Atomic: a comment ends at its first mark, or comments in a row are tried in 2^n ways.
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:(?><!--.{0,2000}?-->)\s*)*+<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|X-[\w-]+):[ \t]", re.IGNORECASE
)
_TAR_MARK = slice(257, 262)

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".csv": "table",
    ".tsv": "table",
    ".eml": "eml",
    ".epub": "epub",
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tar",
    ".tgz": "tar",
}
"""The kind of a file by how its name ends (in lower case)."""
PACKED = frozenset({"zip", "tar"})


def kind_by_name(name: str) -> str:
    """The kind that the name tells, or ""."""
    name = name.lower()
    return next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), "")


def kind_of(name: str, stream: BinaryIO) -> str:
    """The kind of an open file, or "" if it is none that is read. Raises OSError."""
    named = kind_by_name(name)
    head = stream.read(HEAD)
    bare = head.removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        bare = head.decode("utf-16", "replace").encode()
    if bare.lstrip().startswith(b"%PDF-"):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(stream, named)
    if head.startswith(b"\x1f\x8b") and named != "jsonl":
        return "tar" if _starts_a_tar(stream) else named
    if head[_TAR_MARK] == b"ustar":
        return "tar"
    if _HTML.match(bare) and named != "eml":
        return "html"
    if not named and _MAIL.match(bare):
        return "eml"
    return named


def _kind_of_zip(stream: BinaryIO, named: str) -> str:
    """A Word file, an archive, or "": other programs' files and apps are ZIP files as well."""
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except Exception:  # noqa: BLE001 - the loader will say what is wrong with it
        return named
    if "word/document.xml" in names:
        return "docx"
    if "META-INF/container.xml" in names:
        return "epub"
    foreign = names & {"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"}
    return "" if foreign else "zip"


def _starts_a_tar(stream: BinaryIO) -> bool:
    try:
        stream.seek(0)
        with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
            return unpacked.read(512)[_TAR_MARK] == b"ustar"
    except (OSError, EOFError, zlib.error):
        return False
