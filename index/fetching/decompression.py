"""Bodies as they were before they were packed for the way, never more of them than is allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from index.fetching.errors import RefusedError, UnavailableError

ACCEPTED = "gzip, deflate"
"""Brotli and Zstandard are not asked for: gzip is known everywhere and unpacked in bounds."""
_RAW = -zlib.MAX_WBITS
_WRAPPED = zlib.MAX_WBITS | 32  # gzip or zlib, told by the header


def read_body(chunks: Iterable[bytes], encoding: str, most: int, place: str) -> bytes:
    """All of `chunks`, unpacked; at most `most` bytes, both packed and unpacked.

    Raises RefusedError if it is more or packed in a way that was not asked for, UnavailableError
    if it is damaged.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        unpacker = None
    elif encoding in ("gzip", "x-gzip", "deflate"):
        unpacker = _Unpacker()
    else:
        raise RefusedError(f"{place}: sent packed as {encoding[:40]!r}, which was not asked for")
    body = bytearray()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received <= most:
            try:
                body += unpacker.unpack(chunk, most + 1 - len(body)) if unpacker else chunk
            except zlib.error:
                raise UnavailableError(f"{place}: what the server sent is damaged") from None
        if max(received, len(body)) > most:
            raise RefusedError(
                f"{place}: larger than {most:,} bytes: raise DATELINE_FETCH_MAX_BYTES if it should "
                "be read all the same"
            )
    if unpacker and received and not unpacker.complete:
        raise UnavailableError(f"{place}: the server stopped before the end", again=True)
    return bytes(body)


class _Unpacker:
    """gzip, members one after the other included, and both things that "deflate" can mean."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_WRAPPED)
        self._started = False

    @property
    def complete(self) -> bool:
        return self._inflate.eof

    def unpack(self, data: bytes, most: int) -> bytes:
        """What `data` adds, cut off after `most` bytes. Raises zlib.error."""
        found = bytearray()
        while data and len(found) < most:
            if self._inflate.eof:
                if not data.startswith(b"\x1f"):  # padding, which gzip's own tool passes over, too
                    break
                self._inflate = zlib.decompressobj(_WRAPPED)
            try:
                found += self._inflate.decompress(data, most - len(found))
            except zlib.error:
                if self._started:
                    raise
                self._inflate = zlib.decompressobj(_RAW)
                found += self._inflate.decompress(data, most - len(found))
            self._started = True
            data = self._inflate.unused_data or self._inflate.unconsumed_tail
        return bytes(found)
