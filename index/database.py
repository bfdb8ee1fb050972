"""One SQLite connection: transactions, threads, and errors a person can act on."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import ArchiveBusyError, CorruptIndexError
from index.migrations import CATALOG_LABEL, CATALOG_MIGRATIONS, migrate

BUSY_TIMEOUT_S = 30.0


class Database:
    """A SQLite file in WAL mode, at the newest schema. Thread-safe: statements take turns.

    `migrations` is the package that holds its schema, `label` what people know the file as.
    Raises ArchiveBusyError where another process writes for too long, CorruptIndexError where the
    file is damaged or cannot be used.
    """

    def __init__(
        self, file: Path, *, migrations: str = CATALOG_MIGRATIONS, label: str = CATALOG_LABEL
    ) -> None:
        self.file = file
        self._label = label
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                file,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,  # transactions are begun where they are meant
                check_same_thread=False,
            )
            try:
                _prepare(self._connection, migrations, label)
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.DatabaseError as error:
            raise _explained(error, label, file) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def checkpoint(self) -> None:
        """Moves all that is committed into the main file and empties the log beside it."""
        self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def compact(self) -> None:
        """Gives the space of deleted rows back to the disk."""
        self.checkpoint()
        try:
            self._all("VACUUM")
        finally:  # else a log that has filled the disk would stay
            self.checkpoint()

    def copy_to(self, file: Path) -> None:
        """Writes all that is committed into a new `file`, while others read and write."""
        self._all("VACUUM INTO ?", (str(file),))

    def damage(self) -> list[str]:
        """What SQLite's own checks find wrong with the file; empty when nothing is."""
        try:
            found = [row[0] for row in self._all("PRAGMA integrity_check") if row[0] != "ok"]
        except CorruptIndexError as error:
            return [str(error)]
        return found + [
            f"broken reference in {row[0]}" for row in self._all("PRAGMA foreign_key_check")
        ]

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing: what is written inside is committed at the end, or on error undone."""
        with self._lock:
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._undo()
                raise
            try:
                self._execute("COMMIT")
            except BaseException:  # such as a full disk
                self._undo()
                raise

    def _undo(self) -> None:
        if self._connection.in_transaction:  # else SQLite has rolled back by itself
            self._execute("ROLLBACK")

    def _insert(self, statement: str, values: Sequence[Any] | Mapping[str, Any]) -> int:
        return int(self._execute(statement, values).lastrowid or 0)

    def _one(self, statement: str, values: Any = ()) -> sqlite3.Row | None:
        with self._lock, self._explaining():
            row: sqlite3.Row | None = self._connection.execute(statement, values).fetchone()
            return row

    def _all(self, statement: str, values: Any = ()) -> list[sqlite3.Row]:
        with self._lock, self._explaining():
            return self._connection.execute(statement, values).fetchall()

    def _execute(self, statement: str, values: Any = ()) -> sqlite3.Cursor:
        with self._lock, self._explaining():
            return self._connection.execute(statement, values)

    @contextlib.contextmanager
    def _explaining(self) -> Iterator[None]:
        """Around fetching, too: a damaged page shows when its row is read."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _explained(error, self._label, self.file) from error


def _prepare(connection: sqlite3.Connection, migrations: str, label: str) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # a removed text is gone
    migrate(connection, migrations, label)


def _explained(error: sqlite3.DatabaseError, label: str, file: Path) -> Exception:
    """SQLite's error in terms of what a person can do; bugs of ours stay as they are."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return ArchiveBusyError(f"the {label} {file} is being written to by another process")
    if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
        return error
    if "full" in text:
        return CorruptIndexError(
            f"the {label} {file} cannot be written ({text}): free space on its disk; what was "
            "committed before is kept"
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return CorruptIndexError(
            f"the {label} {file} cannot be written ({text}): make it and its folder writable for "
            "the user that runs Dateline, or set DATELINE_HOME or --home to another folder"
        )
    if "malformed" in text or "not a database" in text:
        return CorruptIndexError(f"the {label} {file} is damaged ({text}): restore it from a copy")
    if isinstance(error, sqlite3.OperationalError) and "no such" not in text:
        return CorruptIndexError(f"the {label} {file} cannot be used: {text}")
    return error
