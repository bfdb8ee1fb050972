"""A file that an earlier Dateline made, with what was in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from record_samples import ASKER, CHANNEL, MESSAGE, NOW, OTHER, THREAD

from bot.servers.records import FILE_NAME, ServerRecords
from bot.servers.records import migrations as scripts
from bot.servers.records.values import to_stamp

FIRST = Path(scripts.__file__).with_name("0001_records.sql")


def first_schema(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.executescript(FIRST.read_text("utf-8"))
    connection.execute("PRAGMA user_version = 1")
    return connection


def test_answers_and_the_threads_named_after_questions_are_kept(disk: Path) -> None:
    file = disk / FILE_NAME
    connection = first_schema(file)
    given = (
        (ASKER, None, MESSAGE),  # a thread was opened below its answer
        (OTHER, MESSAGE, MESSAGE + 1),  # in that thread
        (OTHER, THREAD, MESSAGE + 2),  # in a thread for the answer
        (ASKER, None, MESSAGE + 3),
    )
    for asker, thread, message in given:
        connection.execute(
            "INSERT INTO given_answer (state, asker_id, channel_id, thread_id, message_id,"
            " asked_at, answered_at, question, asked_as, filters, private)"
            " VALUES ('answered', ?, ?, ?, ?, ?, ?, 'Who?', 'Who?', '{}', 0)",
            (asker, CHANNEL, thread, message, to_stamp(NOW), to_stamp(NOW)),
        )
    connection.execute(
        "INSERT INTO turn (place_id, asker_id, question, asked_as, answer, subjects, at)"
        " VALUES (?, ?, 'Who?', 'Who?', '', '[]', ?)",
        (MESSAGE, OTHER, to_stamp(NOW)),
    )
    connection.commit()
    connection.close()
    with ServerRecords(file) as records:
        assert records.damage() == []
        assert [one.message_id for one in records.ledger.since(NOW)] == [
            MESSAGE + 3, MESSAGE + 2, MESSAGE + 1, MESSAGE
        ]  # fmt: skip
        assert records.ledger.to_show() == records.ledger.unposted_found() == []
        assert records.privacy.forget(ASKER).threads == (MESSAGE,)
        assert records.privacy.forget(OTHER).threads == (THREAD,)
