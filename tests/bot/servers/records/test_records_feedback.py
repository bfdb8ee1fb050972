"""Votes: one for each person and answer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from record_samples import ASKER, NOW, OTHER, TEXTS, answered, as_stored, later

from bot.servers.records import ServerRecords
from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.servers.records.feedback import MOST_REASON, Vote, Votes


def test_votes_are_counted_by_answer(records: ServerRecords) -> None:
    one, other = answered(records), answered(records)
    records.feedback.vote(one, ASKER, "up", now=NOW)
    records.feedback.vote(one, OTHER, "down", now=later(hours=1), reason=" Wrong town. ")
    records.feedback.vote(other, ASKER, "up", now=later(hours=2))
    assert records.feedback.count(one) == Votes(1, 1)
    assert records.feedback.count(other) == Votes(1, 0)
    assert records.feedback.count_since(later(hours=1)) == Votes(1, 1)
    assert records.feedback.of(one) == [
        Vote(one, ASKER, "up", "", NOW),
        Vote(one, OTHER, "down", "Wrong town.", later(hours=1)),
    ]


def test_a_change_of_mind_replaces_the_vote(records: ServerRecords) -> None:
    id = answered(records)
    records.feedback.vote(id, ASKER, "down", now=NOW, reason="Too long.")
    changed = records.feedback.vote(id, ASKER, "up", now=later(hours=1))
    assert records.feedback.of(id) == [changed] == [Vote(id, ASKER, "up", "", later(hours=1))]
    assert records.feedback.withdraw(id, ASKER)
    assert not records.feedback.withdraw(id, ASKER)
    assert records.feedback.count(id) == Votes(0, 0)


def test_a_reason_has_its_bound_in_code_points(records: ServerRecords) -> None:
    id = answered(records)
    records.feedback.vote(id, ASKER, "down", now=NOW, reason="😀" * MOST_REASON + "  ")
    with pytest.raises(RecordRefusedError, match="501 characters: shorten it to 500"):
        records.feedback.vote(id, ASKER, "up", now=NOW, reason="x" * (MOST_REASON + 1))
    assert records.feedback.count(id) == Votes(0, 1)


def test_there_is_no_vote_for_an_answer_that_is_gone(records: ServerRecords) -> None:
    id = answered(records)
    records.feedback.vote(id, OTHER, "up", now=NOW)
    records.privacy.forget(ASKER)
    assert records.feedback.of(id) == []
    for gone in (id, 0, 10**30):
        with pytest.raises(RecordNotFoundError, match="not kept any longer"):
            records.feedback.vote(gone, OTHER, "up", now=NOW)
    assert records.damage() == []


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reason=TEXTS)
def test_a_reason_comes_back_as_it_was_given(records: ServerRecords, reason: str) -> None:
    id = answered(records)
    given = records.feedback.vote(id, ASKER, "down", now=NOW, reason=reason)
    assert records.feedback.of(id) == [given]
    assert given.reason == as_stored(reason.strip())
