"""A build that is under way: how far it is, and how it is told to stop."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.servers.material import MOST_FILES, Upload
from bot.servers.previews import BuildView
from bot.servers.records.builds import BuildRecord
from bot.servers.registry import OpenServer

UPLOADS_FOLDER = "uploads"
"""In a server's folder: files on their way into its archive."""

T = TypeVar("T")


class BuildStoppedError(Exception):
    """The bot is ending, and the build with it."""


@dataclass(frozen=True)
class Step:
    """How far a build is. `stage` is "waiting", "fetching", "asking" or one of a Progress."""

    stage: str = "waiting"
    done: int = 0
    total: int = 0
    """0 if it is not known."""


class Build:
    """Made by `Building.begin`. A worker thread writes `step`; the event loop may read it."""

    def __init__(self, record: BuildRecord, server: OpenServer) -> None:
        self.record = record
        self.server = server
        self.step = Step()
        self.finished: asyncio.Future[BuildView] = asyncio.get_running_loop().create_future()
        """Never an exception: what goes wrong is in the view."""
        self.generation: int | None = None
        """What it has staged."""
        self._stop = threading.Event()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._kept = 0

    def stop(self) -> None:
        self._stop.set()

    def require_running(self) -> None:
        """Raises BuildStoppedError if it was told to stop."""
        if self._stop.is_set():
            raise BuildStoppedError

    # -- in a thread -------------------------------------------------------------------

    def progress(self, stage: str, done: int, total: int) -> None:
        """Stops it where it leaves nothing behind, which is not while it is written down."""
        self.step = Step(stage, done, total)
        if stage != "indexing":
            self.require_running()

    def watched(self, stage: str, items: Iterable[T]) -> Iterator[T]:
        """The items, counted."""
        self.progress(stage, 0, 0)
        for done, item in enumerate(items, start=1):
            yield item
            self.progress(stage, done, 0)

    def keep(self, id: int, name: str, data: bytes) -> Upload:
        """Writes a file that was sent; it is deleted when the build has ended."""
        if self._kept >= MOST_FILES:
            raise ValueError(f"a build takes {MOST_FILES} files")
        if self._folder is None:
            parent = uploads_folder(self.server)
            parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)
        self._kept += 1
        file = Path(self._folder.name) / str(self._kept)
        file.write_bytes(data)
        return Upload(id, name, file)

    def clean_up(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def uploads_folder(server: OpenServer) -> Path:
    """Beside the server's own records, also where its archive is shared."""
    return server.records.file.parent / UPLOADS_FOLDER
