"""What follows a build: watches that are answered, and answers that are corrected."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from server_samples import (
    ASKER,
    CHANNEL,
    MESSAGE,
    NOW,
    OTHER_SERVER,
    QUESTION,
    SERVER,
    Clock,
    article,
    give,
    mayor,
)

from bot.desk import AnswerDesk, DeskClosedError
from bot.servers import aftermath as aftermath_module
from bot.servers.aftermath import MESSAGE_GONE, Aftermath, Corrected, Found, Unposted
from bot.servers.checked import CHECKED_FILE
from bot.servers.corrections import ANSWERED_NOW, CHANGED, GONE, OTHERWISE
from bot.servers.records import ledger as ledger_module
from bot.servers.records.settings import ServerSettings
from bot.servers.registry import OpenServer, ServerRegistry

NOTHING_KNOWN = article("weather", "It rained in Velmora all day.")


def made(servers: ServerRegistry, desk: AnswerDesk, clock: Clock) -> Aftermath:
    async def settings(id: int) -> ServerSettings:
        return servers.server(id).records.settings.load()

    return Aftermath(servers=servers, desk=desk, settings=settings, clock=clock)


@pytest.fixture
def aftermath(servers: ServerRegistry, desk: AnswerDesk, clock: Clock) -> Aftermath:
    return made(servers, desk, clock)


async def all_of(aftermath: Aftermath, id: int = SERVER) -> list[Found | Corrected]:
    return [one async for one in aftermath.of(id)]


async def one_correction(aftermath: Aftermath) -> Corrected:
    (one,) = await all_of(aftermath)
    assert isinstance(one, Corrected)
    return one


def watch(server: OpenServer, question: str = QUESTION, **values: object) -> int:
    return server.records.watches.add(
        question,
        asker_id=ASKER,
        channel_id=CHANNEL,
        now=NOW,
        expires_at=NOW + dt.timedelta(days=30),
        generation=server.archive.generation_id(),
        **values,  # type: ignore[arg-type]
    ).id


# -- noticing ----------------------------------------------------------------------------


async def test_a_build_is_noticed_once(aftermath: Aftermath, server: OpenServer) -> None:
    assert await aftermath.changed([SERVER]) == [], "an empty archive has no generation"
    server.archive.index([mayor("Ana Brenn")])
    assert await aftermath.changed([SERVER]) == [SERVER]
    assert await all_of(aftermath) == []
    assert await aftermath.changed([SERVER]) == []


async def test_it_is_remembered_over_a_restart(
    aftermath: Aftermath,
    server: OpenServer,
    servers: ServerRegistry,
    desk: AnswerDesk,
    clock: Clock,
) -> None:
    server.archive.index([mayor("Ana Brenn")])
    await all_of(aftermath)
    assert await made(servers, desk, clock).changed([SERVER]) == []
    server.archive.index([NOTHING_KNOWN])
    assert await made(servers, desk, clock).changed([SERVER]) == [SERVER]
    (server.records.file.parent / CHECKED_FILE).write_text("damaged")
    assert await made(servers, desk, clock).changed([SERVER]) == [SERVER]


async def test_a_rollback_is_noticed(aftermath: Aftermath, server: OpenServer) -> None:
    first = server.archive.index([mayor("Ana Brenn")]).generation
    server.archive.index([NOTHING_KNOWN])
    await all_of(aftermath)
    assert first is not None
    server.archive.roll_back(first)
    assert await aftermath.changed([SERVER]) == [SERVER]


async def test_what_a_build_names_is_news_once(aftermath: Aftermath) -> None:
    aftermath.published(SERVER)
    aftermath.published(SERVER)
    aftermath.published(OTHER_SERVER)
    assert await aftermath.news(60) == {SERVER, OTHER_SERVER}
    assert await aftermath.news(0) == set()


# -- watches -----------------------------------------------------------------------------


async def test_a_watch_is_answered_when_the_articles_do(
    aftermath: Aftermath, server: OpenServer
) -> None:
    server.archive.index([NOTHING_KNOWN])
    id = watch(server)
    server.archive.index([article("other", "A cow was sold in Velmora.")])
    assert await all_of(aftermath) == []
    kept = server.records.watches.by_id(id)
    assert kept is not None and kept.searched_generation == server.archive.generation_id()

    server.archive.index([mayor("Ana Brenn")])
    (found,) = await all_of(aftermath)
    assert isinstance(found, Found)
    assert (found.watch.id, found.given.answer.answer) == (id, "Ana Brenn")
    assert (found.given.request.place, found.given.request.asker.id) == (CHANNEL, ASKER)
    given = server.records.ledger.by_id(found.given.id)
    assert given is not None and (given.state, given.answer) == ("answered", "Ana Brenn")
    assert given.quotes[0].article_id == "mayor", "its buttons work like any answer's"

    server.archive.index([article("third", "Snow fell.")])
    assert await all_of(aftermath) == [], "once"


async def test_a_watch_for_a_source_that_is_not_there_goes_on(
    aftermath: Aftermath, server: OpenServer
) -> None:
    server.archive.index([mayor("Ana Brenn")])
    id = watch(server, filters={"sources": ["Nowhere Post"]})
    server.archive.index([NOTHING_KNOWN])
    assert await all_of(aftermath) == []
    kept = server.records.watches.by_id(id)
    assert kept is not None and kept.state == "active"


async def test_an_ended_watch_is_not_asked(
    aftermath: Aftermath, server: OpenServer, clock: Clock
) -> None:
    server.archive.index([NOTHING_KNOWN])
    watch(server)
    clock.pass_(days=31)
    server.archive.index([mayor("Ana Brenn")])
    assert await all_of(aftermath) == []


# -- corrections -------------------------------------------------------------------------


async def test_an_abstention_that_is_answered_now(
    aftermath: Aftermath, server: OpenServer, clock: Clock
) -> None:
    server.archive.index([NOTHING_KNOWN])
    id = give(server)
    clock.pass_(days=3)
    server.archive.index([mayor("Ana Brenn")])
    corrected = await one_correction(aftermath)
    assert (corrected.before.id, corrected.before.message_id) == (id, MESSAGE)
    assert (corrected.note, corrected.at) == (ANSWERED_NOW, NOW + dt.timedelta(days=3))
    given = server.records.ledger.by_id(id)
    assert given is not None
    assert (given.state, given.answer) == ("corrected", "Ana Brenn")
    assert given.generation == server.archive.generation_id()
    assert [(one.note, one.answer) for one in given.corrections] == [(ANSWERED_NOW, "")]
    assert await all_of(aftermath) == [], "once"


async def test_another_answer_that_is_surer(aftermath: Aftermath, server: OpenServer) -> None:
    server.archive.index([mayor("Ana Brenn")])
    id = give(server)
    server.archive.index([mayor("Bo Carrow", 0.9, id="election")])
    corrected = await one_correction(aftermath)
    assert corrected.answer.answer == "Bo Carrow"
    assert corrected.note == f"{OTHERWISE} Until then, the answer was: Ana Brenn"
    given = server.records.ledger.by_id(id)
    assert given is not None and given.quotes[0].article_id == "election"


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("Bo Carrow", 0.55),  # another, hardly surer
        ("President Ana Brenn", 0.9),  # the same by the reader's rule
    ],
)
async def test_what_stands_is_left(
    aftermath: Aftermath, server: OpenServer, name: str, sure: float
) -> None:
    server.archive.index([mayor("Ana Brenn")])
    id = give(server)
    server.archive.index([mayor(name, sure, id="election")])
    assert await all_of(aftermath) == []
    given = server.records.ledger.by_id(id)
    assert given is not None and (given.state, given.answer) == ("answered", "Ana Brenn")


async def test_a_quoted_article_is_removed(aftermath: Aftermath, server: OpenServer) -> None:
    server.archive.index([mayor("Ana Brenn"), NOTHING_KNOWN])
    give(server)
    server.archive.remove(["mayor"])
    corrected = await one_correction(aftermath)
    assert not corrected.answer.answered
    assert corrected.note == GONE, "what the article said is not repeated"


async def test_the_last_article_is_removed(aftermath: Aftermath, server: OpenServer) -> None:
    server.archive.index([mayor("Ana Brenn")])
    give(server)
    server.archive.remove(["mayor"])
    assert (await one_correction(aftermath)).note == GONE


async def test_the_source_is_gone_with_its_articles(
    aftermath: Aftermath, server: OpenServer
) -> None:
    server.archive.index([mayor("Ana Brenn"), article("weather", "Rain.", source="Herald")])
    give(server, filters={"sources": ["Gazette"]})
    server.archive.remove(["mayor"])
    assert (await one_correction(aftermath)).note == GONE


async def test_a_quoted_article_is_changed(aftermath: Aftermath, server: OpenServer) -> None:
    server.archive.index([mayor("Ana Brenn")])
    id = give(server)
    server.archive.index([mayor("Bo Carrow")])
    corrected = await one_correction(aftermath)
    assert corrected.answer.answer == "Bo Carrow", "though it is no surer"
    assert corrected.note == f"{CHANGED} Until then, the answer was: Ana Brenn"
    given = server.records.ledger.by_id(id)
    assert given is not None and given.quotes[0].revision == 2


async def test_a_change_elsewhere_in_the_article_is_none(
    aftermath: Aftermath, server: OpenServer
) -> None:
    first = mayor("Ana Brenn")
    server.archive.index([first])
    give(server)
    server.archive.index([article("mayor", f"Updated. {first.text}")])
    assert await all_of(aftermath) == []


async def test_private_unposted_and_old_answers_are_left(
    aftermath: Aftermath, server: OpenServer, clock: Clock
) -> None:
    server.archive.index([NOTHING_KNOWN])
    give(server, private=True)
    give(server, message=None)
    give(server, message=MESSAGE_GONE)
    give(server, now=NOW - dt.timedelta(days=31))
    server.archive.index([mayor("Ana Brenn")])
    assert await all_of(aftermath) == []


async def test_a_server_may_want_no_corrections(aftermath: Aftermath, server: OpenServer) -> None:
    server.records.settings.update({"corrections_days": 0})
    server.archive.index([NOTHING_KNOWN])
    give(server)
    server.archive.index([mayor("Ana Brenn")])
    assert await all_of(aftermath) == []


async def test_the_newest_come_first_and_not_all(
    aftermath: Aftermath, server: OpenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aftermath_module, "MOST_CHECKED", 2)
    server.archive.index([NOTHING_KNOWN])
    ids = [give(server, message=MESSAGE + n) for n in range(3)]
    server.archive.index([mayor("Ana Brenn")])
    corrected = [one.before.id for one in await all_of(aftermath) if isinstance(one, Corrected)]
    assert corrected == [ids[2], ids[1]]


async def test_of_the_older_ones_those_whose_quotes_changed_come_too(
    aftermath: Aftermath, server: OpenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aftermath_module, "MOST_CHECKED", 1)
    monkeypatch.setattr(ledger_module.Ledger.since, "__kwdefaults__", {"before": None, "most": 2})
    server.archive.index([mayor("Ana Brenn")])
    old = [give(server, message=MESSAGE + n) for n in range(3)]
    server.archive.index([article("mayor", "Updated."), NOTHING_KNOWN])
    new = [give(server, message=MESSAGE + n) for n in (3, 4)]
    server.archive.index([mayor("Bo Carrow", id="election"), article("mayor", "Updated.")])
    corrected = [one.before.id for one in await all_of(aftermath) if isinstance(one, Corrected)]
    assert corrected == [new[1], *reversed(old)], "the other abstention waits for its turn"


async def left_of(aftermath: Aftermath) -> list[Unposted | Corrected]:
    return [one async for one in aftermath.left(SERVER)]


async def test_what_was_recorded_and_not_shown_is_left(
    aftermath: Aftermath, server: OpenServer
) -> None:
    server.archive.index([NOTHING_KNOWN])
    id = give(server)
    watch(server, asking_message_id=77)
    server.archive.index([mayor("Ana Brenn")])
    found, corrected = await all_of(aftermath)
    assert isinstance(found, Found) and isinstance(corrected, Corrected)
    unposted, shown = await left_of(aftermath)
    assert isinstance(unposted, Unposted) and isinstance(shown, Corrected)
    assert unposted.given.answer.answer == "Ana Brenn"
    assert unposted.given.request == dataclasses.replace(
        found.given.request, asked_as=QUESTION, message=77
    )
    assert (shown.note, shown.at) == (corrected.note, corrected.at)
    assert (shown.before.id, shown.answer.answer) == (id, "Ana Brenn")
    server.records.ledger.mark_message(found.given.id, channel_id=CHANNEL, message_id=MESSAGE + 1)
    assert await aftermath.shown(SERVER, id)
    assert await left_of(aftermath) == []


async def test_who_is_forgotten_is_not_corrected(aftermath: Aftermath, server: OpenServer) -> None:
    server.archive.index([NOTHING_KNOWN])
    give(server, message=1)
    give(server, message=2)
    server.archive.index([mayor("Ana Brenn")])
    edited = []
    async for one in aftermath.of(SERVER):
        edited.append(one)
        server.records.privacy.forget(ASKER)
    assert len(edited) == 1


async def test_what_was_cut_off_goes_on_where_it_was(
    aftermath: Aftermath,
    server: OpenServer,
    servers: ServerRegistry,
    desk: AnswerDesk,
    clock: Clock,
) -> None:
    server.archive.index([NOTHING_KNOWN])
    ids = [give(server, message=MESSAGE + n) for n in range(2)]
    server.archive.index([mayor("Ana Brenn")])
    async for one in aftermath.of(SERVER):
        assert isinstance(one, Corrected) and one.before.id == ids[1]
        break
    again = made(servers, desk, clock)
    assert await again.changed([SERVER]) == [SERVER]
    assert (await one_correction(again)).before.id == ids[0]


async def test_a_closed_desk_leaves_it_for_later(
    aftermath: Aftermath, server: OpenServer, desk: AnswerDesk
) -> None:
    server.archive.index([NOTHING_KNOWN])
    give(server)
    server.archive.index([mayor("Ana Brenn")])
    desk.close()
    with pytest.raises(DeskClosedError):
        await all_of(aftermath)
    assert await aftermath.changed([SERVER]) == [SERVER]


async def test_servers_are_kept_apart(
    aftermath: Aftermath, server: OpenServer, servers: ServerRegistry
) -> None:
    other = servers.server(OTHER_SERVER)
    for one in (server, other):
        one.archive.index([NOTHING_KNOWN])
        give(one)
    other.archive.index([mayor("Ana Brenn")])
    assert await all_of(aftermath, SERVER) == []
    assert len(await all_of(aftermath, OTHER_SERVER)) == 1


async def test_a_damaged_archive_is_not_asked_each_minute(
    aftermath: Aftermath, server: OpenServer
) -> None:
    server.archive.index([NOTHING_KNOWN])
    watch(server)
    server.archive.index([mayor("Ana Brenn")])
    for file in (server.archive.folder / "generations").rglob("*"):
        if file.is_file():
            file.write_bytes(b"damaged")
    assert await all_of(aftermath) == []
    assert await aftermath.changed([SERVER]) == []
    assert not (server.records.file.parent / CHECKED_FILE).exists(), "the next start tries again"
