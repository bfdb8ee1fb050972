"""Watches: who may have how many, and how each of them ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from record_samples import (
    ASKER,
    CHANNEL,
    IDS,
    MOMENTS,
    NOW,
    OTHER,
    TEXTS,
    as_stored,
    at_once,
    later,
)

from bot.servers.records import ServerRecords
from bot.servers.records.errors import RecordNotFoundError, TooManyWatchesError
from bot.servers.records.watches import MOST_WATCHES, Watch


def watch(records: ServerRecords, question: str = "Who won?", **values: Any) -> Watch:
    given: dict[str, Any] = {
        "asker_id": ASKER, "channel_id": CHANNEL, "now": NOW, "expires_at": later(days=30),
    }  # fmt: skip
    return records.watches.add(question, **given | values)


def state(records: ServerRecords, id: int) -> str:
    found = records.watches.by_id(id)
    assert found is not None
    return found.state


def test_a_watch_is_active_until_it_ends(records: ServerRecords) -> None:
    made = watch(records, filters={"tags": ["sport"]}, generation=4)
    assert made == Watch(
        made.id, "active", ASKER, CHANNEL, "Who won?", {"tags": ["sport"]},
        NOW, later(days=30), 4, None,
    )  # fmt: skip
    assert records.watches.of_person(ASKER, NOW) == records.watches.due(NOW) == [made]
    assert records.watches.of_person(OTHER, NOW) == []
    assert records.watches.due(later(days=30)) == []


def test_the_same_question_is_watched_once_and_longer(records: ServerRecords) -> None:
    first = watch(records)
    again = watch(records, " who  WON?", expires_at=later(days=60))
    assert (again.id, again.expires_at) == (first.id, later(days=60))
    assert watch(records, expires_at=later(days=1)).expires_at == later(days=60)
    others = [
        watch(records, asker_id=OTHER),
        watch(records, channel_id=CHANNEL + 1),
        watch(records, filters={"tags": ["sport"]}),
        watch(records, "Who lost?"),
    ]
    assert len({first.id, *(other.id for other in others)}) == 5


def test_a_person_has_so_many_and_no_more(records: ServerRecords) -> None:
    made = [watch(records, f"{n}?") for n in range(MOST_WATCHES)]
    with pytest.raises(TooManyWatchesError, match=r"25 questions.*/watches"):
        watch(records, "One more?")
    watch(records, "1?")  # no new one
    watch(records, "One more?", asker_id=OTHER)
    records.watches.remove(made[0].id, by=ASKER, now=NOW)
    watch(records, "One more?")
    assert len(records.watches.of_person(ASKER, NOW)) == MOST_WATCHES
    watch(records, "Later?", now=later(days=31), expires_at=later(days=40))  # the others are over


def test_the_limit_holds_for_watches_made_at_once(records: ServerRecords) -> None:
    refused: list[str] = []

    def many(name: str) -> None:
        for n in range(MOST_WATCHES):
            try:
                watch(records, f"{name} {n}?")
            except TooManyWatchesError as error:
                refused.append(str(error))

    at_once(*[lambda name=name: many(name) for name in "abc"])  # type: ignore[misc]
    assert len(records.watches.of_person(ASKER, NOW)) == MOST_WATCHES
    assert len(refused) == 2 * MOST_WATCHES


def test_only_their_own_is_removed_unless_they_manage(records: ServerRecords) -> None:
    mine, theirs = watch(records), watch(records, asker_id=OTHER)
    none, others = [], []
    for id, messages in ((theirs.id, others), (10**30, none), (999, none)):
        with pytest.raises(RecordNotFoundError) as caught:
            records.watches.remove(id, by=ASKER, now=NOW)
        messages.append(str(caught.value))
    assert {*none} == {*others}  # which tells nothing of other people's
    assert state(records, theirs.id) == "active"
    assert records.watches.remove(mine.id, by=ASKER, now=NOW).state == "removed"
    assert records.watches.remove(theirs.id, by=ASKER, now=NOW, manager=True).state == "removed"
    with pytest.raises(RecordNotFoundError):
        records.watches.remove(mine.id, by=ASKER, now=NOW)


def test_a_generation_is_searched_once_for_each(records: ServerRecords) -> None:
    one, other = watch(records), watch(records, "Who lost?", generation=4)
    assert [due.id for due in records.watches.due(NOW, 4)] == [one.id]
    assert [due.id for due in records.watches.due(NOW, 5)] == [one.id, other.id]
    assert records.watches.searched(one.id, 5)
    assert [due.id for due in records.watches.due(NOW, 5)] == [other.id]


def test_what_is_found_is_told_once(records: ServerRecords) -> None:
    made = watch(records)
    told: list[bool] = []
    at_once(*[lambda: told.append(records.watches.found(made.id, 6, NOW))] * 6)
    assert sorted(told) == [False] * 5 + [True]
    found = records.watches.by_id(made.id)
    assert found is not None
    assert (found.state, found.answered_generation, found.searched_generation) == ("found", 6, 6)
    assert records.watches.due(NOW) == []
    assert not records.watches.searched(made.id, 7)


def test_a_watch_expires_at_its_end(records: ServerRecords) -> None:
    short, long = watch(records, expires_at=later(days=1)), watch(records, "Who lost?")
    assert records.watches.expire(later(days=1, seconds=-1)) == []
    assert not records.watches.found(short.id, 6, later(days=1))
    assert [over.id for over in records.watches.expire(later(days=1))] == [short.id]
    assert records.watches.expire(later(days=1)) == []
    assert (state(records, short.id), state(records, long.id)) == ("expired", "active")
    with pytest.raises(ValueError, match="not after"):
        watch(records, expires_at=NOW)


def test_a_watch_that_has_ended_is_purged_and_an_old_one_that_has_not_is_kept(
    records: ServerRecords,
) -> None:
    old = watch(records, expires_at=later(days=900))
    ended = [watch(records, question, asker_id=OTHER) for question in ("a?", "b?", "c?")]
    records.watches.remove(ended[0].id, by=OTHER, now=later(days=1))
    records.watches.found(ended[1].id, 6, later(days=1))
    records.watches.expire(later(days=40))
    assert records.privacy.purge(later(days=2)).watches == 2
    assert records.privacy.purge(later(days=365)).watches == 1
    assert records.watches.by_id(old.id) == old


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=TEXTS, tag=TEXTS, asker=IDS, channel=IDS, now=MOMENTS)
def test_a_watch_comes_back_as_it_was_made(
    records: ServerRecords, question: str, tag: str, asker: int, channel: int, now: dt.datetime
) -> None:
    until = now + dt.timedelta(days=1)
    made = watch(records, question, asker_id=asker, channel_id=channel, now=now, expires_at=until,
                 filters={"tags": [tag]})  # fmt: skip
    found = records.watches.by_id(made.id)
    assert found == made
    assert made.question == as_stored(question) and made.filters == {"tags": [as_stored(tag)]}
    assert (made.asker_id, made.channel_id) == (asker, channel)
    assert (made.created_at, made.expires_at) == (now, until)
    records.privacy.forget(asker)
