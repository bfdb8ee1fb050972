"""Builds as transactions: they end once, and one that a crash cut off is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_samples import CHANNEL, MESSAGE, NOW, OTHER, TEXTS, as_stored, at_once, later

from bot.servers.records import ServerRecords
from bot.servers.records.builds import BuildEnd, BuildKind, BuildRecord
from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError


def start(records: ServerRecords, kind: BuildKind = "rebuild") -> BuildRecord:
    return records.builds.start(kind, by=OTHER, channel_id=CHANNEL, now=NOW, base_generation=3)


def test_a_build_is_previewed_and_published(records: ServerRecords) -> None:
    id = start(records).id
    assert records.builds.by_id(id) == BuildRecord(
        id, "rebuild", "running", OTHER, CHANNEL, None, 3, None, {}, NOW, None
    )
    records.builds.mark_message(id, channel_id=CHANNEL + 1, message_id=MESSAGE)
    shown = records.builds.preview(id, 4, {"added": 2, "failed": [["a.pdf", "is empty"]]})
    assert (shown.state, shown.staged_generation, shown.ended_at) == ("previewed", 4, None)
    assert records.builds.unfinished() == [shown]
    ended = records.builds.end(id, "published", later(hours=1))
    assert ended == BuildRecord(
        id, "rebuild", "published", OTHER, CHANNEL + 1, MESSAGE, 3, 4,
        {"added": 2, "failed": [["a.pdf", "is empty"]]}, NOW, later(hours=1),
    )  # fmt: skip
    assert records.builds.unfinished() == []


@pytest.mark.parametrize("kind", ["rebuild", "add", "remove"])
@pytest.mark.parametrize("end", ["published", "discarded", "interrupted", "failed"])
def test_a_build_ends_once(records: ServerRecords, kind: BuildKind, end: BuildEnd) -> None:
    id = start(records, kind).id
    ended = records.builds.end(id, end, NOW, report={"reason": "so"}, staged_generation=9)
    assert (ended.state, ended.report, ended.staged_generation) == (end, {"reason": "so"}, 9)
    with pytest.raises(RecordRefusedError, match=f"{end} already"):
        records.builds.end(id, "discarded", NOW)
    with pytest.raises(RecordRefusedError, match=f"{end} already"):
        records.builds.preview(id, 4, {})
    assert records.builds.by_id(id) == ended


def test_of_two_operators_one_decides(records: ServerRecords) -> None:
    id = start(records).id
    records.builds.preview(id, 4, {})
    decided: list[str] = []

    def press(end: BuildEnd) -> Callable[[], None]:
        def pressed() -> None:
            try:
                decided.append(records.builds.end(id, end, NOW).state)
            except RecordRefusedError as error:
                decided.append(str(error))

        return pressed

    at_once(press("published"), press("discarded"), press("published"), press("discarded"))
    final = records.builds.by_id(id)
    assert final is not None
    assert sorted(decided) == sorted([final.state, *[f"this build is {final.state} already"] * 3])


def test_after_a_crash_what_was_not_finished_is_found(records: ServerRecords) -> None:
    running, shown, done = start(records), start(records, "add"), start(records, "remove")
    records.builds.preview(shown.id, 4, {"removed": 1})
    records.builds.end(done.id, "published", NOW)
    with ServerRecords(records.file) as restarted:
        left = restarted.builds.unfinished()
        assert [(one.id, one.state) for one in left] == [
            (running.id, "running"),
            (shown.id, "previewed"),
        ]
        restarted.builds.end(running.id, "interrupted", NOW)
        assert [one.id for one in restarted.builds.unfinished()] == [shown.id]
        assert [one.id for one in restarted.builds.newest(2)] == [done.id, shown.id]


def test_a_build_that_is_not_there_is_named_as_such(records: ServerRecords) -> None:
    for id in (1, -1, 10**30):
        assert records.builds.by_id(id) is None
        for change in (
            lambda id=id: records.builds.preview(id, 4, {}),
            lambda id=id: records.builds.end(id, "failed", NOW),
            lambda id=id: records.builds.mark_message(id, channel_id=1, message_id=2),
        ):
            with pytest.raises(RecordNotFoundError):
                change()  # type: ignore[no-untyped-call]


def test_what_ended_long_ago_is_purged(records: ServerRecords) -> None:
    old, waiting, new = start(records), start(records), start(records)
    records.builds.end(old.id, "failed", later(days=1))
    records.builds.end(new.id, "failed", later(days=3))
    assert records.privacy.purge(later(days=2)).builds == 1
    assert [one.id for one in records.builds.newest(9)] == [new.id, waiting.id]


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=TEXTS, count=st.integers())
def test_a_report_comes_back_as_it_was_given(records: ServerRecords, name: str, count: int) -> None:
    id = start(records).id
    shown = records.builds.preview(id, None, {"failed": [name], "added": count})
    assert shown.report == {"failed": [as_stored(name)], "added": count}
