"""Giving free memory back."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import pytest

from bot.cogs.memory import give_back_memory

MEGABYTES = 64


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="/proc and malloc_trim are Linux's and glibc's",
)
def test_holes_between_what_is_used_are_given_back() -> None:
    pieces = [bytes(n % 7 + 100_000) for n in range(MEGABYTES * 10)]
    kept = pieces[::10]
    del pieces
    before = resident_mb()
    give_back_memory()
    assert resident_mb() < before - MEGABYTES / 2
    assert len(kept) == MEGABYTES
