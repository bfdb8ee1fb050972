"""A server's records, new for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.servers.records import FILE_NAME, ServerRecords


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: making a file waits for the disk several times."""
    memory = Path("/dev/shm")
    inside = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=inside) as folder:
        yield Path(folder)


@pytest.fixture
def records(disk: Path) -> Iterator[ServerRecords]:
    with ServerRecords(disk / "7" / FILE_NAME) as opened:
        yield opened
