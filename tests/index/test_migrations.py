import sqlite3
from pathlib import Path

import pytest
from small_articles import at_once

from index import migrations
from index.catalog import FILE_NAME, Catalog
from index.errors import CorruptIndexError


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations to fill, in place of the real ones."""
    folder = tmp_path / "scripts"
    folder.mkdir()
    monkeypatch.setattr(migrations.resources, "files", lambda package: folder)
    (folder / "0001_first.sql").write_text(
        "CREATE TABLE one (a TEXT);\nINSERT INTO one VALUES (1);"
    )
    return folder


def connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=10)


def rows(connection: sqlite3.Connection, statement: str) -> list[tuple[object, ...]]:
    return connection.execute(statement).fetchall()


def test_a_catalog_made_now_has_the_newest_schema(tmp_path: Path) -> None:
    Catalog(tmp_path).close()
    newest = len(list(Path(migrations.__file__).parent.glob("*.sql")))
    connection = connect(tmp_path / FILE_NAME)
    assert rows(connection, "PRAGMA user_version") == [(newest,)]
    assert rows(connection, "PRAGMA journal_mode") == [("wal",)]
    connection.close()


def test_each_migration_runs_once_and_in_order(tmp_path: Path, scripts: Path) -> None:
    connection = connect(tmp_path / "db")
    migrations.migrate(connection)
    migrations.migrate(connection)
    (scripts / "0002_second.sql").write_text(
        "-- a comment; with a semicolon\nALTER TABLE one ADD COLUMN b TEXT DEFAULT 'x;y';\n"
        "CREATE TRIGGER t AFTER INSERT ON one BEGIN\n  UPDATE one SET b = 'z';\nEND;\n"
    )
    migrations.migrate(connection)
    assert rows(connection, "SELECT a, b FROM one") == [("1", "x;y")]
    assert rows(connection, "PRAGMA user_version") == [(2,)]
    connection.close()


def test_a_migration_that_fails_in_the_middle_leaves_nothing(tmp_path: Path, scripts: Path) -> None:
    connection = connect(tmp_path / "db")
    migrations.migrate(connection)
    (scripts / "0002_second.sql").write_text(
        "CREATE TABLE two (a);\nINSERT INTO nowhere VALUES (1);"
    )
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrations.migrate(connection)
    assert rows(connection, "PRAGMA user_version") == [(1,)]
    assert rows(connection, "SELECT name FROM sqlite_master") == [("one",)]
    (scripts / "0002_second.sql").write_text("CREATE TABLE two (a);")
    migrations.migrate(connection)
    assert rows(connection, "PRAGMA user_version") == [(2,)]
    connection.close()


def test_a_gap_in_the_numbers_is_a_bug_and_said_so(tmp_path: Path, scripts: Path) -> None:
    (scripts / "0003_third.sql").write_text("SELECT 1;")
    connection = connect(tmp_path / "db")
    with pytest.raises(RuntimeError, match="expected 0002_"):
        migrations.migrate(connection)
    connection.close()


def test_a_catalog_of_a_newer_dateline_is_refused_and_left_alone(tmp_path: Path) -> None:
    Catalog(tmp_path).close()
    connection = connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CorruptIndexError, match="update Dateline"):
        Catalog(tmp_path)
    assert rows(connection, "PRAGMA user_version") == [(99,)]
    connection.close()


def test_processes_that_open_a_new_catalog_at_once_migrate_it_once(tmp_path: Path) -> None:
    at_once(*[lambda: Catalog(tmp_path).close()] * 8)
    newest = len(list(Path(migrations.__file__).parent.glob("*.sql")))
    connection = connect(tmp_path / FILE_NAME)
    assert rows(connection, "PRAGMA user_version") == [(newest,)]
    connection.close()
