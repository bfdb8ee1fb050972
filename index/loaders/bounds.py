"""How much may come out of a packed file: what keeps a decompression bomb out of memory."""

from __future__ import annotations

import zipfile
from typing import IO

from index.loaders.document import MAX_BYTES
from index.loaders.fields import load_error

MAX_TOTAL = 4 * 1024 * 1024 * 1024
MAX_MEMBERS = 100_000
MAX_RATIO = 200
"""Bytes out for each byte in. Articles pack to a fifth; what packs 200 to 1 is mostly padding."""
FREE = 1024 * 1024
"""Bytes for which no ratio is asked: a short file of spaces is no bomb."""
_STEP = 256 * 1024
_MEND = "if it is what it should be, unpack it yourself and name the folder"


class Budget:
    """What may still come out of one packed file, all its members taken together."""

    def __init__(self, place: str, packed: int, most: int = MAX_TOTAL) -> None:
        self.place = place
        self.allowed = max(FREE, min(most, packed * MAX_RATIO))
        self.spent = 0

    def spend(self, count: int) -> None:
        """Raises LoadError when more came out than the whole file may hold."""
        self.spent += count
        if self.spent > self.allowed:
            reason = f"unpacks to over {self.allowed // 2**20} MB, far more than such a file holds"
            raise load_error(self.place, reason, _MEND)


class BudgetedReader:
    """A stream of unpacked bytes that ends with a LoadError when the budget is spent."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self.stream = stream
        self.budget = budget

    def read(self, count: int) -> bytes:
        if not 0 <= count <= MAX_BYTES:
            raise load_error(self.budget.place, "a header claims an absurd length", _MEND)
        data = self.stream.read(count)
        self.budget.spend(len(data))
        return data


def read_zip_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, place: str = ""
) -> bytes:
    """The bytes of one member. What it claims to hold is not believed, only counted.

    Raises LoadError, or what zipfile and zlib raise.
    """
    place = place or budget.place
    if info.flag_bits & 0x1:
        raise load_error(place, "encrypted", "unpack it with its password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # zipfile unpacks a block of bzip2 or LZMA at once, whatever comes out of it.
        raise load_error(place, "packed with another method than deflate", "pack it with deflate")
    parts, size = [], 0
    with archive.open(info) as stream:
        while part := stream.read(_STEP):
            size += len(part)
            if size > MAX_BYTES:
                reason = f"larger than {MAX_BYTES // 2**20} MB"
                raise load_error(place, reason, "split it into one file an article")
            if size > max(FREE, info.compress_size * MAX_RATIO):
                reason = f"unpacks to over {MAX_RATIO} times its size, as a decompression bomb does"
                raise load_error(place, reason, _MEND)
            budget.spend(len(part))
            parts.append(part)
    return b"".join(parts)
