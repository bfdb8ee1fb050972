"""Numbered, append-only changes to a schema: `NNNN_name.sql`, each run once, in order.

The scripts beside this file are the catalog's.
"""

from __future__ import annotations

import sqlite3
from importlib import resources

from index.errors import CorruptIndexError

CATALOG_MIGRATIONS = __name__
CATALOG_LABEL = "catalog"


def migrate(
    connection: sqlite3.Connection, package: str = CATALOG_MIGRATIONS, label: str = CATALOG_LABEL
) -> None:
    """Bring a file to the newest schema of `package`. Each migration runs whole or not at all.

    Raises CorruptIndexError, which calls the file `label`, if it was made by a newer Dateline.
    """
    scripts = sorted(
        (file for file in resources.files(package).iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    if _version(connection) > len(scripts):
        raise CorruptIndexError(
            f"the {label} has schema {_version(connection)}, this Dateline knows {len(scripts)}: "
            "it was made by a newer version; update Dateline"
        )
    for number, script in enumerate(scripts, start=1):
        if not script.name.startswith(f"{number:04d}_"):
            raise RuntimeError(f"migration {script.name} is out of order: expected {number:04d}_")
        if _version(connection) < number:
            _run(connection, number, script.read_text("utf-8"))


def _run(connection: sqlite3.Connection, number: int, script: str) -> None:
    # The version is checked again inside the transaction: another process may have been faster.
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < number:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number:d}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> list[str]:
    """executescript() would commit before it runs: the statements are executed one by one."""
    statements, current = [], ""
    for line in script.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            statements.append(current)
            current = ""
    return statements


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
