"""What the ledger has and Discord does not: posted and shown by the next start, and only once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from answers import abstention, answer, article, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID
from scripted import ScriptedPipeline, started

from bot.client import DatelineBot
from bot.cogs import delivery
from bot.cogs.aftermath import AftermathCog
from bot.cogs.interrupted import SORRY
from bot.servers.asking import utc_now
from bot.servers.checked import mark_checked
from bot.servers.keeping import result_of
from bot.servers.registry import OpenServer, ServerRegistry
from bot.settings import DiscordSettings
from bot.ui.privacy_card import REMOVED

pytestmark = pytest.mark.usefixtures("with_articles")

ME = f"<@{BOT_ID}>"
QUESTION = "Which village was raided?"


@pytest.fixture
def server(servers: ServerRegistry) -> OpenServer:
    """Nothing is left to be looked through but what a test puts into the ledger."""
    server = servers.server(GUILD_ID)
    generation = server.archive.generation_id()
    assert generation is not None
    mark_checked(server.records.file.parent, generation)
    return server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PAUSES_S", (0.0, 0.0, 0.0))


def result(server: OpenServer) -> Any:
    return result_of(answer(), server.archive, server.archive.generation_id())


async def finish(bot: DatelineBot) -> None:
    cog = bot.get_cog("AftermathCog")
    assert isinstance(cog, AftermathCog)
    await cog.finish(GUILD_ID)


def replied_to(message: dict[str, Any]) -> str | None:
    reference = message.get("message_reference")
    return str(reference["message_id"]) if reference else None


# -- corrections -------------------------------------------------------------------------


def corrected(server: OpenServer, message: int) -> int:
    """An abstention whose correction is in the ledger and nowhere else."""
    ledger = server.records.ledger
    now = utc_now()
    id = ledger.begin(QUESTION, asker_id=OWNER_ID, channel_id=CHANNEL_ID, now=now)
    ledger.complete(id, result_of(abstention(), server.archive, 1), now)
    ledger.mark_message(id, channel_id=CHANNEL_ID, message_id=message)
    assert ledger.correct(id, "The articles answer this now.", result(server), now)
    return id


async def test_a_correction_that_a_crash_cut_off_is_shown(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry, server: OpenServer
) -> None:
    message = fake.earlier("No answer found.")
    corrected(server, int(message["id"]))
    async with started(fake, settings, servers):
        await fake.until(lambda: "Muluk Saray" in said(message))
        assert "The articles answer this now" in said(message)
        await fake.until(lambda: server.records.ledger.to_show() == [])


async def test_a_correction_that_discord_did_not_take_is_shown_later(
    fake: FakeDiscord, bot: DatelineBot, server: OpenServer
) -> None:
    message = fake.earlier("No answer found.")
    id = corrected(server, int(message["id"]))
    fake.drop_next("PATCH", "/messages/", times=4)
    await finish(bot)
    assert message["content"] == "No answer found."
    assert [one.id for one in server.records.ledger.to_show()] == [id]
    await finish(bot)
    assert "Muluk Saray" in said(message)
    edits = len(fake.sent)
    await finish(bot)
    assert len(fake.sent) == edits, "once"


async def test_a_correction_that_discord_refuses_is_given_up(
    fake: FakeDiscord, bot: DatelineBot, server: OpenServer
) -> None:
    message = fake.earlier("No answer found.")
    corrected(server, int(message["id"]))
    fake.refuse_next("PATCH", "/messages/", status=403)
    await finish(bot)
    assert server.records.ledger.to_show() == []


async def test_who_is_forgotten_over_an_edit_is_not_shown(
    fake: FakeDiscord, bot: DatelineBot, server: OpenServer
) -> None:
    message = fake.earlier("No answer found.")
    corrected(server, int(message["id"]))
    hold = fake.hold_next("PATCH", "/messages/")
    ended = bot.loop.create_task(finish(bot))
    await hold.entered.wait()
    server.records.privacy.forget(OWNER_ID)
    hold.released.set()
    await ended
    assert said(message) == REMOVED


# -- watches -----------------------------------------------------------------------------


def found(server: OpenServer, asking: int | None = None) -> int:
    """A watch whose answer is in the ledger and nowhere else."""
    now = utc_now()
    watch = server.records.watches.add(
        QUESTION,
        asker_id=OWNER_ID,
        channel_id=CHANNEL_ID,
        now=now,
        expires_at=now + dt.timedelta(days=1),
        asking_message_id=asking,
    )
    id = server.records.ledger.answer_watch(watch, result(server), 1, now)
    assert id is not None
    return id


def message_of(server: OpenServer, id: int) -> int | None:
    given = server.records.ledger.by_id(id)
    return given.message_id if given else None


async def test_a_watched_answer_that_a_crash_cut_off_is_posted_once(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry, server: OpenServer
) -> None:
    asked = await fake.say("Which village?")
    id = found(server, int(asked["id"]))
    async with started(fake, settings, servers):
        posted = await fake.until(lambda: message_of(server, id))
    async with started(fake, settings, servers):
        # What the ledger left is looked into before this is answered.
        await fake.answered(await fake.invoke("watches"))
    (one,) = (one for one in fake.messages.values() if f"<@{OWNER_ID}>" in one["content"])
    assert int(one["id"]) == posted
    assert "Muluk Saray" in said(one) and replied_to(one) == asked["id"]
    assert fake.pinged == [f"<@{OWNER_ID}>"]
    fake.pinged.clear()  # the only one who may be


async def test_a_watched_answer_that_stands_already_is_not_posted_again(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry, server: OpenServer
) -> None:
    id = found(server)
    why = {"type": 2, "style": 2, "label": "Why", "custom_id": f"dateline:why:{id}"}
    before = fake.earlier("**Muluk Saray**", components=[{"type": 1, "components": [why]}])
    async with started(fake, settings, servers):
        assert await fake.until(lambda: message_of(server, id)) == int(before["id"])
    assert fake.sent == []


async def test_a_watched_answer_that_discord_did_not_take_is_posted_later(
    fake: FakeDiscord, bot: DatelineBot, server: OpenServer
) -> None:
    id = found(server)
    fake.drop_next("POST", "/messages", times=4)
    await finish(bot)
    assert message_of(server, id) is None
    await finish(bot)
    assert message_of(server, id)
    fake.pinged.clear()


# -- replies -----------------------------------------------------------------------------


async def test_an_interrupted_mention_is_answered_as_a_reply(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    server: OpenServer,
    pipeline: ScriptedPipeline,
) -> None:
    pipeline.script = RuntimeError("the process dies here")
    async with started(fake, settings, servers):
        asked = await fake.say(f"{ME} {QUESTION}")
        await fake.replies(1)
    kept = server.records.ledger.by_id(1)
    assert kept is not None and kept.asking_message_id == int(asked["id"])
    ids = [
        server.records.ledger.begin(
            QUESTION,
            asker_id=OWNER_ID,
            channel_id=CHANNEL_ID,
            asking_message_id=message,
            now=utc_now() - dt.timedelta(minutes=1),
        )
        for message in (int(asked["id"]), 5)
    ]
    pipeline.script = answer()
    async with started(fake, settings, servers):
        await fake.until(lambda: all(message_of(server, id) for id in ids))
    late, gone = (fake.messages[message_of(server, id) or 0] for id in ids)
    assert late["content"] == SORRY and replied_to(late) == asked["id"]
    assert gone["content"] == SORRY and replied_to(gone) is None, "its message was deleted"


async def test_the_watch_below_an_answer_to_a_mention_replies_to_it(
    fake: FakeDiscord, bot: DatelineBot, server: OpenServer, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = abstention(article())
    asked = await fake.say(f"{ME} {QUESTION}")
    (reply,) = await fake.replies(1)
    await bot.services.replies.finished(timeout_s=30)
    pressed = await fake.press(int(reply["id"]), buttons(reply)["Watch this question"])
    await fake.answered(pressed)
    (watch,) = server.records.watches.due(utc_now())
    assert watch.asking_message_id == int(asked["id"])


async def test_where_the_bot_may_not_reply_it_still_answers(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> None:
    assert bot.user
    pipeline.script = answer()
    fake.refuse_next("POST", "/messages", status=403, code=160002)
    await fake.say(f"{ME} {QUESTION}")
    (reply,) = await fake.replies(1)
    assert "Muluk Saray" in said(reply) and replied_to(reply) is None
