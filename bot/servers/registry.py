"""Every Discord server's archive and records, opened by the server's id and kept open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.qa.pipeline import AnswerPipeline
from bot.qa.reader import Reader
from bot.servers.folders import RECORDS_FILE, known_servers, server_folder
from bot.servers.records import ServerRecords
from index.archive import Archive
from index.embedding import EmbeddingModel

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True)
class OpenServer:
    """What one server owns. `pipeline` answers from `archive` and from nothing else."""

    id: int
    archive: Archive
    pipeline: AnswerPipeline
    records: ServerRecords


class ServerRegistry:
    """Opens what belongs to a server, once. Thread-safe; calls block while files are opened.

    This is where servers are kept apart: an archive is reached through the id of the server that
    Discord named in an interaction, and no command, button or link names a folder. With
    `DATELINE_SHARED_ARCHIVE`, all servers search the archive in DATELINE_HOME; their records stay
    their own.
    """

    def __init__(self, settings: Settings, model: EmbeddingModel, reader: Reader) -> None:
        self._settings = settings
        self._model = model
        self._reader = reader
        self._lock = threading.Lock()
        self._open: dict[int, OpenServer] = {}
        self._archives: dict[Path, Archive] = {}
        self._closing = ExitStack()

    def close(self) -> None:
        """Closes everything that was opened; only when nobody uses it any more."""
        with self._lock:
            self._open.clear()
            self._archives.clear()
            self._closing.close()

    def known(self) -> list[int]:
        """Ids of the servers that have records, also those that the bot has left. Blocking."""
        return known_servers(self._settings.home)

    def server(self, id: int) -> OpenServer:
        """Raises ValueError for what is no server's id, CorruptIndexError for unusable files."""
        with self._lock:
            if id not in self._open:
                self._open[id] = self._opened(id)
            return self._open[id]

    def _opened(self, id: int) -> OpenServer:
        folder = server_folder(self._settings.home, id)
        archive = self._archive(self._settings.home if self._settings.shared_archive else folder)
        folder.mkdir(parents=True, exist_ok=True)
        records = self._closing.enter_context(ServerRecords(folder / RECORDS_FILE))
        pipeline = AnswerPipeline(archive, self._reader, passages=self._settings.passages)
        return OpenServer(id, archive, pipeline, records)

    def _archive(self, folder: Path) -> Archive:
        if folder not in self._archives:
            self._archives[folder] = self._closing.enter_context(
                Archive.open(folder, settings=self._settings, model=self._model)
            )
        return self._archives[folder]


@contextmanager
def open_servers(settings: Settings) -> Iterator[ServerRegistry]:
    """The servers of `settings.home`, with one embedding model and one reader for all of them.

    Raises ModelFileError if the reader's files are missing or damaged.
    """
    from bot.qa.factory import make_reader

    model = EmbeddingModel(settings.model, cache=settings.cache)
    registry = ServerRegistry(settings, model, make_reader(settings, model))
    try:
        yield registry
    finally:
        registry.close()
