"""Turns of a conversation: by place, in order, and no more than are kept."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_samples import ASKER, IDS, MOMENTS, NOW, OTHER, TEXTS, THREAD, as_stored, later

from bot.servers.records import ServerRecords
from bot.servers.records.turns import KEPT_TURNS, Turn


def turn(question: str, place_id: int = THREAD, asker_id: int = ASKER) -> Turn:
    return Turn(place_id, asker_id, question, f"{question} there", "Yes.", ("Elm", "Atme"), NOW)


def test_the_last_turns_of_a_place_come_in_order(records: ServerRecords) -> None:
    said = [turn("One?"), turn("Two?", asker_id=OTHER), turn("Three?")]
    for one in [said[0], turn("Elsewhere?", place_id=THREAD + 1), *said[1:]]:
        records.turns.add(one)
    assert records.turns.recent(THREAD) == said
    assert records.turns.recent(THREAD, 2) == said[1:]
    assert records.turns.recent(THREAD, 0) == records.turns.recent(9) == []


def test_older_turns_go_when_newer_ones_come(records: ServerRecords) -> None:
    records.turns.add(turn("Elsewhere?", place_id=THREAD + 1))
    for n in range(KEPT_TURNS + 7):
        records.turns.add(turn(f"{n}?"))
    kept = records.turns.recent(THREAD, 1000)
    assert [one.question for one in kept] == [f"{n}?" for n in range(7, KEPT_TURNS + 7)]
    assert len(records.turns.recent(THREAD + 1)) == 1


def test_a_place_that_is_gone_is_cleared(records: ServerRecords) -> None:
    for place in (THREAD, THREAD, THREAD + 1):
        records.turns.add(turn("Why?", place_id=place))
    assert records.turns.clear(THREAD) == 2
    assert records.turns.clear(THREAD) == records.turns.clear(10**30) == 0
    assert len(records.turns.recent(THREAD + 1)) == 1


def test_what_was_said_long_ago_is_purged(records: ServerRecords) -> None:
    for days in (-10, -5, -1):
        records.turns.add(dataclasses.replace(turn("Why?"), at=later(days=days)))
    assert records.privacy.purge(later(days=-5)).turns == 1
    assert [one.at for one in records.turns.recent(THREAD)] == [later(days=-5), later(days=-1)]


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=IDS, question=TEXTS, asked_as=TEXTS, answer=TEXTS, at=MOMENTS,
    subjects=st.lists(TEXTS, max_size=3).map(tuple),
)  # fmt: skip
def test_a_turn_comes_back_as_it_was_said(
    records: ServerRecords, place: int, question: str, asked_as: str, answer: str,
    at: dt.datetime, subjects: tuple[str, ...],
) -> None:  # fmt: skip
    records.turns.add(Turn(place, ASKER, question, asked_as, answer, subjects, at))
    (found,) = records.turns.recent(place, 1)
    texts = as_stored(question), as_stored(asked_as), as_stored(answer)
    assert found == Turn(place, ASKER, *texts, tuple(map(as_stored, subjects)), at)
