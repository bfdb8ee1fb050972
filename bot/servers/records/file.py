"""One server's SQLite file, as its stores share it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.servers.records.values import without_surrogates
from index.database import Database
from index.errors import CorruptIndexError

MIGRATIONS = "bot.servers.records.migrations"
LABEL = "record file"

Values = Sequence[Any] | Mapping[str, Any]


class RecordFile(Database):
    """The file, made if it is not there. Thread-safe.

    Lone surrogates in texts become U+FFFD on their way in. A number that SQLite cannot hold, such
    as an id of a forged button, is in no row: what looks for it finds and changes nothing.
    What is committed survives the death of the process; a power cut may undo the last commits,
    each of them whole, but not `compact()` and what came before it.
    Raises what Database raises, and CorruptIndexError if the file's folder cannot be made.
    """

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CorruptIndexError(
                f"the folder {file.parent} cannot be made ({error.strerror}): set DATELINE_HOME or "
                "--home to a folder that can be written to"
            ) from error
        super().__init__(file, migrations=MIGRATIONS, label=LABEL)
        # Several small commits a question: waiting for the disk at each would hold up a busy server
        # for longer than the answers take.
        self._execute("PRAGMA synchronous = NORMAL")

    def one(self, statement: str, values: Values = ()) -> sqlite3.Row | None:
        try:
            return self._one(statement, _storable(values))
        except OverflowError:
            return None

    def all(self, statement: str, values: Values = ()) -> list[sqlite3.Row]:
        try:
            return self._all(statement, _storable(values))
        except OverflowError:
            return []

    def count(self, statement: str, values: Values = ()) -> int:
        """The number that a statement such as `SELECT count(*)` gives."""
        row = self.one(statement, values)
        return int(row[0]) if row else 0

    def change(self, statement: str, values: Values = ()) -> int:
        """How many rows were changed or deleted, cascades not counted."""
        try:
            return self._execute(statement, _storable(values)).rowcount
        except OverflowError:
            return 0

    def insert(self, statement: str, values: Values) -> int:
        """The new row's id. Raises OverflowError for a number of more than 64 bits."""
        return self._insert(statement, _storable(values))

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """What is read inside is of one moment, also between other threads' writes."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._execute("BEGIN")
            try:
                yield
            finally:
                self._undo()  # there is nothing to keep


def _storable(values: Values) -> Values:
    if isinstance(values, Mapping):
        return {name: _clean(value) for name, value in values.items()}
    return [_clean(value) for value in values]


def _clean(value: Any) -> Any:
    return without_surrogates(value) if isinstance(value, str) else value
