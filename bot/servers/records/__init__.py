"""The records of one Discord server: settings, answers given, watches and what else it keeps."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from bot.servers.records.builds import Builds
from bot.servers.records.feedback import Feedback
from bot.servers.records.file import RecordFile
from bot.servers.records.golden import GoldenQuestions
from bot.servers.records.ledger import Ledger
from bot.servers.records.offers import Offers
from bot.servers.records.privacy import Privacy
from bot.servers.records.settings import SettingsStore
from bot.servers.records.threads import NamedThreads
from bot.servers.records.turns import Turns
from bot.servers.records.watches import Watches

__all__ = ["FILE_NAME", "ServerRecords"]

FILE_NAME = "server.sqlite3"
"""In a server's folder."""


class ServerRecords:
    """All stores of one server's file, which is made if it is not there. Thread-safe, blocking.

    Raises ArchiveBusyError where another process writes for too long, CorruptIndexError where the
    file is damaged, cannot be used, or was made by a newer Dateline.
    """

    def __init__(self, file: Path) -> None:
        self._file = RecordFile(file)
        self.settings = SettingsStore(self._file)
        self.ledger = Ledger(self._file)
        self.turns = Turns(self._file)
        self.threads = NamedThreads(self._file)
        self.offers = Offers(self._file)
        self.watches = Watches(self._file)
        self.golden = GoldenQuestions(self._file)
        self.feedback = Feedback(self._file)
        self.builds = Builds(self._file)
        self.privacy = Privacy(self._file)

    @property
    def file(self) -> Path:
        return self._file.file

    def damage(self) -> list[str]:
        """What SQLite's own checks find wrong with the file; empty when nothing is."""
        return self._file.damage()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
