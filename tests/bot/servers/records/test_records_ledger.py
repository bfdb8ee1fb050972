"""The ledger: a question's way, and finding it again."""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_samples import (
    ASKER,
    CHANNEL,
    IDS,
    MESSAGE,
    MOMENTS,
    NOW,
    TEXTS,
    THREAD,
    answered,
    as_stored,
    ask,
    at_once,
    later,
    quote,
    result,
)

from bot.servers.records import ServerRecords
from bot.servers.records.ledger import (
    BATCH,
    Correction,
    GivenAnswer,
    GivenQuote,
    GivenResult,
    Ledger,
    LedgerCounts,
)

HUGE = 10**30


def given_answer(records: ServerRecords, id: int) -> GivenAnswer:
    found = records.ledger.by_id(id)
    assert found is not None
    return found


def test_a_question_is_there_before_its_answer(records: ServerRecords) -> None:
    id = ask(records, thread_id=THREAD, filters={"sources": ["BBC"]}, private=True)
    assert given_answer(records, id) == GivenAnswer(
        False, "", 0.0, None,
        id=id, state="asked", channel_id=CHANNEL, thread_id=THREAD, message_id=None,
        asker_id=ASKER, asked_at=NOW, question="Where was he killed?",
        asked_as="Where was he killed?", filters={"sources": ["BBC"]}, private=True,
        answered_at=None,
    )  # fmt: skip
    assert [found.id for found in records.ledger.interrupted()] == [id]


def test_an_answer_comes_back_with_its_quotes_in_order(records: ServerRecords) -> None:
    id = ask(records, asked_as="Where was Al Quraishi killed?")
    given = result("in Atme", quote("b", 2), quote("a", 1), details={"passages": [{"score": 1.5}]})
    assert records.ledger.complete(id, given, later(seconds=2))
    assert records.ledger.mark_message(id, channel_id=CHANNEL, thread_id=THREAD, message_id=MESSAGE)
    found = given_answer(records, id)
    assert (found.state, found.answered, found.answer) == ("answered", True, "in Atme")
    assert (found.confidence, found.generation) == (0.75, 3)
    assert found.quotes == (quote("a", 1), quote("b", 2))
    assert found.details == {"passages": [{"score": 1.5}]}
    assert found.asked_as == "Where was Al Quraishi killed?"
    assert (found.answered_at, found.place_id) == (later(seconds=2), THREAD)
    assert records.ledger.by_message(MESSAGE) == found
    assert records.ledger.interrupted() == []


def test_a_question_is_answered_once(records: ServerRecords) -> None:
    id = ask(records)
    counted: list[bool] = []
    at_once(*[lambda: counted.append(records.ledger.complete(id, result(), NOW))] * 6)
    assert sorted(counted) == [False] * 5 + [True]
    assert not records.ledger.complete(id, result("elsewhere"), NOW)
    assert given_answer(records, id).answer == "in Atme"


def test_an_abstention_is_an_answer(records: ServerRecords) -> None:
    id = ask(records)
    assert records.ledger.complete(id, GivenResult(False, "", 0.1, 3), NOW)
    found = given_answer(records, id)
    assert (found.state, found.answered, found.quotes) == ("answered", False, ())


def test_a_correction_replaces_the_answer_and_keeps_what_it_was(records: ServerRecords) -> None:
    id = answered(records)
    new = result("in Idlib", quote("other"))
    assert records.ledger.correct(id, "an article has changed", new, later(days=1))
    assert records.ledger.correct(id, "it is gone", GivenResult(False, "", 0.2, 5), later(days=2))
    found = given_answer(records, id)
    assert (found.state, found.answered, found.answer, found.quotes) == ("corrected", False, "", ())
    assert (found.generation, found.answered_at) == (5, later(seconds=2))
    assert found.corrections == (
        Correction(later(days=1), "an article has changed", True, "in Atme"),
        Correction(later(days=2), "it is gone", True, "in Idlib"),
    )


def test_only_a_given_answer_is_corrected(records: ServerRecords) -> None:
    id = ask(records)
    assert not records.ledger.correct(id, "new", result(), NOW)
    assert not records.ledger.correct(id + 1, "new", result(), NOW)
    assert given_answer(records, id).corrections == ()


def test_after_a_crash_a_question_is_answered_or_given_up(records: ServerRecords) -> None:
    done, first, second = answered(records), ask(records, "One?"), ask(records, "Two?")
    with ServerRecords(records.file) as restarted:
        ledger = restarted.ledger
        assert [found.id for found in ledger.interrupted()] == [first, second]
        assert ledger.interrupt(first) and ledger.complete(second, result(), NOW)
        assert ledger.interrupted() == []
        assert not ledger.interrupt(done) and not ledger.interrupt(first)
        assert given_answer(restarted, first).state == "interrupted"
        assert ledger.complete(first, result(), NOW)  # asked again after all
        assert given_answer(restarted, first).state == "answered"


def test_what_was_forgotten_meanwhile_is_not_made_anew(records: ServerRecords) -> None:
    id = ask(records)
    records.privacy.forget(ASKER)
    assert not records.ledger.complete(id, result(), NOW)
    assert not records.ledger.mark_message(id, channel_id=CHANNEL, message_id=MESSAGE)
    assert not records.ledger.interrupt(id)
    assert records.ledger.by_id(id) is None
    assert ask(records, "Another?") > id  # an old button never means a new answer


def test_an_id_that_nothing_can_have_finds_nothing(records: ServerRecords) -> None:
    answered(records)
    for id in (0, -1, HUGE, -HUGE):
        assert records.ledger.by_id(id) is None
        assert records.ledger.by_message(id) is None
        assert not records.ledger.complete(id, result(), NOW)
        assert not records.ledger.correct(id, "new", result(), NOW)
    assert records.damage() == []


def test_answers_since_and_answers_quoting_an_article(records: ServerRecords) -> None:
    old = answered(records, now=later(days=-40))
    waiting, new = ask(records), ask(records)
    records.ledger.complete(new, result("so", quote("flood"), quote("raid", 2, 9)), NOW)
    assert [found.id for found in records.ledger.since(later(days=-30))] == [new]
    assert [found.id for found in records.ledger.since(later(days=-50))] == [new, old]
    assert [found.id for found in records.ledger.quoting("raid")] == [old, new]
    assert records.ledger.quoting("RAID") == records.ledger.quoting("") == []
    records.ledger.correct(new, "new", result("so", quote("flood")), NOW)
    assert [found.id for found in records.ledger.quoting("raid")] == [old]
    assert waiting not in {found.id for found in records.ledger.since(later(days=-50))}


def test_answers_come_in_batches(records: ServerRecords) -> None:
    ids = [answered(records, str(n)) for n in range(BATCH + 30)]
    first = records.ledger.since(NOW)
    assert [found.id for found in first] == ids[:29:-1]
    assert [found.id for found in records.ledger.since(NOW, before=first[-1].id)] == ids[29::-1]
    assert records.ledger.since(NOW, before=ids[0]) == []
    assert [found.id for found in records.ledger.since(NOW, before=ids[9], most=2)] == ids[8:6:-1]


def test_a_correction_is_to_be_shown_until_it_is(records: ServerRecords) -> None:
    shown, unposted, gone = (answered(records) for _ in range(3))
    private = answered(records, private=True)
    for id, message in ((shown, MESSAGE), (gone, 0), (private, MESSAGE + 1)):
        records.ledger.mark_message(id, channel_id=CHANNEL, message_id=message)
    assert records.ledger.to_show() == []
    for id in (shown, unposted, gone, private):
        assert records.ledger.correct(id, "new", result("so"), NOW)
    (waiting,) = records.ledger.to_show()
    assert (waiting.id, waiting.corrections[-1].note) == (shown, "new")
    assert records.ledger.to_show(after=shown) == []
    assert records.ledger.mark_shown(shown)
    assert records.ledger.to_show() == []
    records.privacy.forget(ASKER)
    assert not records.ledger.mark_shown(shown)


def test_a_watch_ends_with_its_answer_or_not_at_all(
    records: ServerRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = records.watches.add(
        "Who won?", asker_id=ASKER, channel_id=CHANNEL, now=NOW, expires_at=later(days=1),
        asking_message_id=9,
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "_write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            records.ledger.answer_watch(made, result("she"), 4, NOW)
    assert records.watches.of_person(ASKER, NOW) == [made]
    id = records.ledger.answer_watch(made, result("she"), 4, NOW)
    assert records.ledger.answer_watch(made, result("she"), 5, NOW) is None
    (unposted,) = records.ledger.unposted_found()
    assert (unposted.id, unposted.watch_id, unposted.asking_message_id) == (id, made.id, 9)
    assert (unposted.state, unposted.answer) == ("answered", "she")
    assert records.ledger.unposted(NOW, later(days=1)) == [], "nobody waits for it"
    records.ledger.mark_message(unposted.id, channel_id=CHANNEL, message_id=MESSAGE)
    assert records.ledger.unposted_found() == []


def test_counts_for_the_status(records: ServerRecords) -> None:
    answered(records, now=later(days=-1))
    assert records.ledger.counts(NOW) == LedgerCounts(0, 0, 0, 0, 0, 0, None)
    for seconds in (1, 4, 7):
        records.ledger.complete(ask(records), result(), later(seconds=seconds))
    records.ledger.complete(ask(records), GivenResult(False, "", 0.1, 3), later(seconds=20))
    records.ledger.interrupt(ask(records))
    waiting, corrected = ask(records), answered(records)
    records.ledger.correct(corrected, "new", result(), NOW)
    assert waiting
    assert records.ledger.counts(NOW) == LedgerCounts(
        asked=7, found=4, not_found=1, corrected=1, interrupted=1, waiting=1, median_seconds=4.0
    )


def test_times_have_a_zone(records: ServerRecords) -> None:
    with pytest.raises(ValueError, match="zone"):
        ask(records, now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "values", [(5, 5), (-1, 5), (6, 5), (0, 5, None, 2), (0, 5, 2, 2), (0, 5, 2, 6), (3, 5, 2, 4)]
)
def test_a_quote_is_a_range_with_the_answer_inside(values: tuple[Any, ...]) -> None:
    start, end, *words = values
    with pytest.raises(ValueError, match="quote 1"):
        GivenQuote("a", 1, start, end, 1, *words)


def test_a_failure_in_the_middle_leaves_the_question_as_it_was(records: ServerRecords) -> None:
    id = ask(records)
    with pytest.raises(sqlite3.IntegrityError):
        records.ledger.complete(id, result("twice", quote(n=1), quote(n=1)), NOW)
    with pytest.raises(ValueError, match="JSON"):
        records.ledger.complete(id, result(details={"score": math.nan}), NOW)
    found = given_answer(records, id)
    assert (found.state, found.answer, found.quotes) == ("asked", "", ())


_QUOTES = st.lists(
    st.builds(
        lambda article, revision, start, length: (article, revision, start, start + length),
        TEXTS, IDS, st.integers(0, 2**40), st.integers(1, 2**40),
    ),
    max_size=3,
).map(lambda rows: tuple(GivenQuote(*row, n) for n, row in enumerate(rows, start=1)))  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    question=TEXTS, asked_as=TEXTS, answer=TEXTS, note=TEXTS, source=TEXTS, quotes=_QUOTES,
    asker=IDS, message=IDS, confidence=st.floats(0, 1), asked_at=MOMENTS,
    details=st.dictionaries(st.text(max_size=5), _JSON, max_size=2),
)  # fmt: skip
def test_everything_comes_back_as_it_was_given(
    records: ServerRecords, question: str, asked_as: str, answer: str, note: str, source: str,
    quotes: tuple[GivenQuote, ...], asker: int, message: int, confidence: float,
    asked_at: dt.datetime, details: dict[str, Any],
) -> None:  # fmt: skip
    ledger = records.ledger
    id = ask(records, question, asked_as=asked_as, asker_id=asker, now=asked_at,
             filters={"sources": [source]}, message_id=message)  # fmt: skip
    given = GivenResult(True, answer, confidence, 3, quotes, details)
    assert ledger.complete(id, given, asked_at) and ledger.correct(id, note, given, asked_at)
    found = given_answer(records, id)
    assert found.question == as_stored(question) and found.asked_as == as_stored(asked_as)
    assert found.answer == as_stored(answer) and found.confidence == confidence
    assert (found.asker_id, found.message_id) == (asker, message)
    assert found.asked_at == found.answered_at == asked_at and found.asked_at.tzinfo == dt.UTC
    assert found.filters == {"sources": [as_stored(source)]} and found.details == details
    assert found.corrections == (Correction(asked_at, as_stored(note), True, as_stored(answer)),)
    assert [one.article_id for one in found.quotes] == [as_stored(one.article_id) for one in quotes]
    assert [(q.revision, q.start, q.end) for q in found.quotes] == [
        (q.revision, q.start, q.end) for q in quotes
    ]
    for one in quotes:
        assert id in {other.id for other in ledger.quoting(one.article_id)}
