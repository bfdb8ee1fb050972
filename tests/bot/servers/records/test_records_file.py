"""The file itself: made, shared, damaged, killed in the middle, from another version."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from record_samples import ASKER, NOW, OTHER, answered, ask, at_once, later, quote, result
from records_dying_writer import QUOTES

from bot.servers.records import FILE_NAME, ServerRecords
from bot.servers.records import migrations as scripts
from bot.servers.records.file import RecordFile, Values
from index.errors import ArchiveBusyError, CorruptIndexError


def test_a_new_file_is_made_with_its_folder_and_found_again(disk: Path) -> None:
    file = disk / "servers" / "12" / FILE_NAME
    with ServerRecords(file) as records:
        id = answered(records)
        before = records.ledger.by_id(id)
    with ServerRecords(file) as records:
        assert records.ledger.by_id(id) == before and before is not None
        assert records.damage() == []
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        records.ledger.by_id(id)


def test_two_servers_share_nothing(disk: Path) -> None:
    with ServerRecords(disk / "1" / FILE_NAME) as one, ServerRecords(disk / "2" / FILE_NAME) as two:
        id = answered(one)
        one.settings.update({"retention_days": 5})
        assert two.ledger.by_id(id) is None
        assert two.settings.load().retention_days == 90


def test_the_schema_is_the_newest(records: ServerRecords) -> None:
    newest = len(list(Path(scripts.__file__).parent.glob("*.sql")))
    with sqlite3.connect(records.file) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (newest,)
    connection.close()


def test_a_file_of_a_newer_dateline_is_refused_and_left_alone(disk: Path) -> None:
    file = disk / FILE_NAME
    ServerRecords(file).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CorruptIndexError, match=r"the record file has schema 99.*update Dateline"):
        ServerRecords(file)
    assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    connection.close()


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be one" * 30, b"\xff" * 4096]
)
def test_a_file_of_another_kind_is_named_and_left_alone(disk: Path, content: bytes) -> None:
    file = disk / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(CorruptIndexError, match=r"the record file .*server\.sqlite3 is damaged"):
        ServerRecords(file)
    assert file.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_named(disk: Path) -> None:
    (disk / "7").write_text("a file")
    with pytest.raises(CorruptIndexError, match=r"folder .*7 cannot be made"):
        ServerRecords(disk / "7" / FILE_NAME)


def test_a_time_that_is_none_is_reported_as_damage(records: ServerRecords) -> None:
    id = ask(records)
    with sqlite3.connect(records.file) as connection:
        connection.execute("UPDATE given_answer SET asked_at = 'noon'")
    connection.close()
    with pytest.raises(CorruptIndexError, match="'noon'"):
        records.ledger.by_id(id)


def test_a_writer_in_another_process_is_waited_for_and_then_named(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.database.BUSY_TIMEOUT_S", 0.05)
    with ServerRecords(disk / FILE_NAME) as records:
        other = RecordFile(disk / FILE_NAME)
        with other.writing(), pytest.raises(ArchiveBusyError, match="the record file"):
            ask(records)
        assert ask(records) == 1
        other.close()


def test_what_is_read_in_one_go_is_of_one_moment(
    records: ServerRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer and its quotes are read by several statements, between which others write."""
    id = ask(records)
    records.ledger.complete(id, result("old", quote("old")), NOW)
    select = RecordFile.all

    def interfering(self: RecordFile, statement: str, values: Values = ()) -> list[sqlite3.Row]:
        if "FROM given_quote" in statement:
            assert other.ledger.correct(id, "new", result("new", quote("new")), NOW)
        return select(self, statement, values)

    with ServerRecords(records.file) as other:
        with monkeypatch.context() as patch:
            patch.setattr(RecordFile, "all", interfering)
            before = records.ledger.by_id(id)
        after = records.ledger.by_id(id)
    assert before is not None and after is not None
    assert (before.answer, before.quotes, before.corrections) == ("old", (quote("old"),), ())
    assert (after.answer, after.quotes, len(after.corrections)) == ("new", (quote("new"),), 1)


def test_threads_write_at_once_and_nothing_is_lost(records: ServerRecords) -> None:
    """Through one connection, and through another as another process has it."""
    with ServerRecords(records.file) as other:
        at_once(
            lambda: [answered(records, asker_id=ASKER) for _ in range(40)],
            lambda: [answered(records, asker_id=OTHER) for _ in range(40)],
            lambda: [answered(other, asker_id=OTHER) for _ in range(40)],
        )
        found = other.ledger.since(NOW, most=200)
    assert records.ledger.since(NOW, most=200) == found
    assert len({one.id for one in found}) == 120
    assert all(one.state == "answered" and one.quotes == (quote(),) for one in found)
    assert records.privacy.kept_about(OTHER).questions == 80


@pytest.mark.parametrize("lines", [1, 40, 150])
def test_a_writer_that_is_killed_leaves_a_whole_file(disk: Path, lines: int) -> None:
    file = disk / FILE_NAME
    script = Path(__file__).with_name("records_dying_writer.py")
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    with subprocess.Popen(
        [sys.executable, str(script), str(file)],
        stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.read().splitlines()
    assert process.returncode == -signal.SIGKILL
    promised = {"asked": set[int](), "answered": set[int](), "corrected": set[int]()}
    for line in said:
        state, id = line.split()
        promised[state].add(int(id))
    copy = disk / "copy"
    copy.mkdir()
    for path in disk.glob(f"{FILE_NAME}*"):  # as it was left, the log beside it included
        shutil.copy(path, copy)
    with ServerRecords(copy / FILE_NAME) as records:
        assert records.damage() == []
        for state, ids in promised.items():
            for id in ids:
                found = records.ledger.by_id(id)
                assert found is not None, f"question {id} was {state} and is lost"
                assert found.corrections or state != "corrected"
                assert found.answered or state == "asked"
        for found in records.ledger.since(NOW, most=10_000):
            word = "Better" if found.corrections else "Answer"
            assert found.answer == f"{word} {found.id}. " * 50
            assert len(found.quotes) == QUOTES
        waiting = {found.id for found in records.ledger.interrupted()}
        assert waiting.isdisjoint(promised["answered"]) and len(waiting) <= 2
        assert ask(records, now=later(days=1)) > max(promised["asked"])
