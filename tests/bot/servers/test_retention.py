"""What is older than a server keeps goes; nothing else does, and no other server's."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest
from server_samples import ASKER, CHANNEL, NOW, OTHER_SERVER, QUESTION, SERVER, Clock

from bot.servers.folders import known_servers
from bot.servers.interrupted import take_up
from bot.servers.records import ServerRecords
from bot.servers.registry import OpenServer, ServerRegistry
from bot.servers.retention import Retention


def asked(records: ServerRecords, days_ago: float) -> int:
    return records.ledger.begin(
        QUESTION,
        asker_id=ASKER,
        channel_id=CHANNEL,
        now=NOW - dt.timedelta(days=days_ago),
    )


async def test_each_server_keeps_as_long_as_it_has_set(
    servers: ServerRegistry, server: OpenServer, clock: Clock
) -> None:
    other = servers.server(OTHER_SERVER)
    other.records.settings.update({"retention_days": 10})
    kept = [asked(server.records, 89), asked(other.records, 9)]
    gone = [asked(server.records, 91), asked(other.records, 11)]
    retention = Retention(servers=servers, ids=lambda: [SERVER, OTHER_SERVER], clock=clock)
    assert await retention.run() == 2
    assert server.records.ledger.by_id(kept[0]) and other.records.ledger.by_id(kept[1])
    assert server.records.ledger.by_id(gone[0]) is None
    assert other.records.ledger.by_id(gone[1]) is None
    assert await retention.run() == 0
    clock.pass_(days=2)
    assert await retention.run() == 2, "time goes on"


async def test_watches_end_and_then_go(
    servers: ServerRegistry, server: OpenServer, clock: Clock
) -> None:
    id = server.records.watches.add(
        QUESTION,
        asker_id=ASKER,
        channel_id=CHANNEL,
        now=NOW,
        expires_at=NOW + dt.timedelta(days=30),
    ).id
    retention = Retention(servers=servers, ids=lambda: [SERVER], clock=clock)
    clock.pass_(days=31)
    await retention.run()
    watch = server.records.watches.by_id(id)
    assert watch is not None and watch.state == "expired"
    clock.pass_(days=90)
    await retention.run()
    assert server.records.watches.by_id(id) is None


async def test_one_damaged_server_holds_no_other_up(
    servers: ServerRegistry, server: OpenServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = server.records.file.parents[1] / str(OTHER_SERVER)
    damaged.mkdir()
    (damaged / server.records.file.name).write_bytes(b"no database " * 500)
    id = asked(server.records, 91)
    retention = Retention(servers=servers, ids=lambda: [OTHER_SERVER, SERVER], clock=clock)
    with caplog.at_level(logging.ERROR):
        assert await retention.run() == 1
    assert server.records.ledger.by_id(id) is None
    assert f"server {OTHER_SERVER}" in caplog.text


def test_known_servers_are_those_with_records(tmp_path: Path) -> None:
    for name in ("7", "12", "012", "0", "notes", "9" * 30, "²"):
        (tmp_path / "servers" / name).mkdir(parents=True)
        (tmp_path / "servers" / name / "server.sqlite3").touch()
    (tmp_path / "servers" / "13").mkdir()
    assert known_servers(tmp_path) == [7, 12]
    assert known_servers(tmp_path / "nowhere") == []


def test_what_was_cut_off_is_taken_up_once(server: OpenServer) -> None:
    ledger = server.records.ledger
    minute = 1 / 24 / 60
    old, late = asked(server.records, 11 * minute), asked(server.records, 9 * minute)
    private = ledger.begin(
        QUESTION,
        asker_id=ASKER,
        channel_id=CHANNEL,
        now=NOW - dt.timedelta(minutes=1),
        private=True,
    )
    running = asked(server.records, 0)
    cut_off = take_up(server, started=NOW, now=NOW)
    assert [one.id for one in cut_off.unanswered] == [late]
    assert (cut_off.unposted, cut_off.given_up) == ((), 2)
    states = [given.state for id in (old, late, private) if (given := ledger.by_id(id))]
    assert states == ["interrupted"] * 3
    assert [one.id for one in ledger.interrupted()] == [running], "asked since the start"
    again = take_up(server, started=NOW, now=NOW)
    assert (again.unanswered, again.given_up) == ((), 0)
