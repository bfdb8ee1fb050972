"""What people asked can be counted, forgotten and purged, down to the bytes on the disk."""

from __future__ import annotations

import dataclasses
import logging
import random

import pytest
from record_samples import (
    ASKER,
    CHANNEL,
    MESSAGE,
    NOW,
    OTHER,
    THREAD,
    answered,
    ask,
    at_once,
    later,
    quote,
    result,
)

from bot.servers.records import ServerRecords
from bot.servers.records.privacy import Forgotten, Kept, Message
from bot.servers.records.turns import Turn

SECRET = "Zwiebelfisch"
"""In every text of the person who is forgotten."""
NOTHING = Kept(0, 0, 0, 0, 0, 0)


def fill(records: ServerRecords, person: int, word: str, times: int = 1) -> None:
    """One record of each kind for every time, `word` in every text of them."""
    until = later(days=30)
    for n in range(times):
        text = f"{word} {n} " + "and so on " * (n % 7)
        id = ask(records, text, asker_id=person, message_id=MESSAGE + n, filters={"tags": [text]})
        given = dataclasses.replace(result(text, quote(text)), details={"passages": [text]})
        records.ledger.complete(id, given, NOW)
        records.ledger.correct(id, text, given, NOW)
        records.turns.add(Turn(THREAD + n, person, text, text, text, (text,), NOW))
        made = records.watches.add(
            text, asker_id=person, channel_id=CHANNEL, now=NOW, expires_at=until
        )
        records.watches.found(made.id, 4, NOW)
        records.feedback.vote(id, person, "down", now=NOW, reason=text)


def on_disk(records: ServerRecords, word: str) -> bool:
    """Whether any file of the server has `word` in it, in an encoding of SQLite's."""
    forms = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for path in records.file.parent.rglob("*") if path.is_file()]
    assert files
    return any(form in path.read_bytes() for path in files for form in forms)


def test_what_is_kept_about_a_person_is_counted(records: ServerRecords) -> None:
    fill(records, ASKER, SECRET, 3)
    fill(records, OTHER, "other", 1)
    records.golden.add("Golden?", "yes", by=ASKER, now=NOW)
    records.builds.start("rebuild", by=ASKER, channel_id=CHANNEL, now=NOW)
    assert records.privacy.kept_about(ASKER) == Kept(3, 3, 3, 3, 1, 1)
    assert records.privacy.kept_about(OTHER) == Kept(1, 1, 1, 1, 0, 0)
    assert records.privacy.kept_about(10**30) == records.privacy.kept_about(5) == NOTHING
    assert not NOTHING


def test_what_was_asked_back_and_named_goes_as_well(records: ServerRecords) -> None:
    for n, person in enumerate((ASKER, OTHER, ASKER)):
        made = records.offers.add(
            SECRET,
            [f"{SECRET}?"],
            asker_id=person,
            channel_id=CHANNEL,
            asking_message_id=1,
            now=NOW,
        )
        records.offers.mark_message(made.id, MESSAGE + n)
        records.threads.add(THREAD + n, asker_id=person, now=NOW)
    kept = records.privacy.kept_about(ASKER)
    assert (kept.offers, kept.threads) == (2, 2)
    assert records.privacy.forget(ASKER) == Forgotten(
        kept,
        (Message(CHANNEL, MESSAGE), Message(CHANNEL, MESSAGE + 2)),
        (THREAD, THREAD + 2),
    )
    assert on_disk(records, SECRET), "the other person's"
    assert records.privacy.purge(later(seconds=-1)) == NOTHING
    assert records.privacy.purge(later(seconds=1)) == Kept(0, 0, 0, 0, 0, 0, 1, 1)
    assert not on_disk(records, SECRET)


def test_a_forgotten_person_leaves_no_trace_and_others_stay(records: ServerRecords) -> None:
    fill(records, OTHER, "other", 40)
    fill(records, ASKER, SECRET, 40)
    fill(records, OTHER, "besides", 40)
    assert on_disk(records, SECRET)
    kept = records.privacy.kept_about(ASKER)
    forgotten = records.privacy.forget(ASKER)
    assert forgotten.removed == kept == Kept(40, 40, 40, 40, 0, 0)
    assert forgotten.messages == tuple(Message(CHANNEL, MESSAGE + n) for n in range(40))
    assert not on_disk(records, SECRET) and on_disk(records, "other")
    assert records.privacy.kept_about(ASKER) == NOTHING
    assert records.privacy.kept_about(OTHER) == Kept(80, 80, 80, 80, 0, 0)
    assert len(records.ledger.since(NOW)) == 80
    assert records.damage() == []
    assert records.privacy.forget(ASKER) == Forgotten(NOTHING, ())


def test_a_trace_is_gone_though_rows_were_moved_about(records: ServerRecords) -> None:
    """Pages that were split hold copies of rows, which deleting the rows does not overwrite."""
    chance = random.Random(4)  # with which SQLite 3.40 leaves such a copy
    asked = []
    for n in range(200):
        person = chance.choice([ASKER, OTHER, OTHER])
        text = f"{SECRET if person == ASKER else 'other'} {n} " * chance.randrange(1, 90)
        asked.append((ask(records, text, asker_id=person), text))
        id, question = chance.choice(asked)  # which grows in the middle
        article_id = f"{chance.random()} {question}"[:200]
        records.ledger.complete(id, result(question + question, quote(article_id)), NOW)
        records.turns.add(Turn(n % 3, person, text, text, text, (text,), NOW))
    assert on_disk(records, SECRET)
    records.privacy.forget(ASKER)
    assert not on_disk(records, SECRET) and on_disk(records, "other")


def test_what_is_the_servers_stays_without_the_person(records: ServerRecords) -> None:
    records.golden.add("Golden?", "yes", by=ASKER, now=NOW)
    build = records.builds.start("add", by=ASKER, channel_id=CHANNEL, now=NOW)
    assert records.privacy.forget(ASKER).removed == Kept(0, 0, 0, 0, 1, 1)
    assert [one.added_by for one in records.golden.list()] == [None]
    assert records.builds.by_id(build.id) == dataclasses.replace(build, started_by=None)


def test_votes_of_others_go_with_the_answer_and_their_answers_keep_theirs(
    records: ServerRecords,
) -> None:
    mine, theirs = answered(records), answered(records, asker_id=OTHER)
    for id in (mine, theirs):
        records.feedback.vote(id, OTHER, "up", now=NOW, reason="Good.")
        records.feedback.vote(id, ASKER, "down", now=NOW, reason=SECRET)
    assert records.privacy.forget(ASKER).removed == Kept(1, 0, 0, 2, 0, 0)
    assert [vote.user_id for vote in records.feedback.of(theirs)] == [OTHER]
    assert records.feedback.of(mine) == []


def test_the_messages_to_take_down_are_those_others_see(records: ServerRecords) -> None:
    ask(records)  # never shown
    ask(records, message_id=MESSAGE, private=True)
    ask(records, message_id=MESSAGE + 1, thread_id=THREAD)
    assert records.privacy.forget(ASKER).messages == (Message(THREAD, MESSAGE + 1),)


def test_what_is_too_old_is_purged_without_a_trace(records: ServerRecords) -> None:
    fill(records, ASKER, SECRET, 20)
    records.golden.add("Golden?", "yes", by=ASKER, now=NOW)
    new = answered(records, "A newer one?", now=later(days=5))
    assert records.privacy.purge(NOW) == NOTHING  # what is as old as that is kept
    assert on_disk(records, SECRET)
    assert records.privacy.purge(later(seconds=1)) == Kept(20, 20, 20, 20, 0, 0)
    assert not on_disk(records, SECRET)
    assert [found.id for found in records.ledger.since(NOW)] == [new]
    assert len(records.golden.list()) == 1
    assert records.damage() == []


def test_nothing_of_what_people_ask_is_logged(
    records: ServerRecords, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        fill(records, ASKER, SECRET, 2)
        records.privacy.purge(later(days=1))
        records.privacy.forget(ASKER)
    assert SECRET not in caplog.text


def test_people_ask_while_another_is_forgotten(records: ServerRecords) -> None:
    at_once(
        lambda: fill(records, ASKER, SECRET, 15),
        lambda: fill(records, OTHER, "other", 15),
        lambda: [records.privacy.forget(4711) for _ in range(5)],
    )
    records.privacy.forget(ASKER)
    assert not on_disk(records, SECRET)
    assert records.privacy.kept_about(OTHER) == Kept(15, 15, 15, 15, 0, 0)
