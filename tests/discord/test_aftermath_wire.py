"""What the bot says and changes unasked: watches, corrections, and what a crash cut off."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from typing import Any

import pytest
from answers import abstention, answer, article, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline, started

from bot.client import DatelineBot
from bot.cogs.aftermath import AftermathCog
from bot.cogs.interrupted import SORRY
from bot.servers.aftermath import MESSAGE_GONE
from bot.servers.asking import utc_now
from bot.servers.keeping import result_of
from bot.servers.records import ServerRecords
from bot.servers.registry import OpenServer, ServerRegistry
from bot.settings import DiscordSettings
from index.article import Article

pytestmark = pytest.mark.usefixtures("with_articles")

QUESTION = "Which village was raided?"
NEWS = dataclasses.replace(article(), id="a2", title="More of the raid")


@pytest.fixture
def server(servers: ServerRegistry) -> OpenServer:
    return servers.server(GUILD_ID)


async def new_generation(server: OpenServer, *articles: Article) -> None:
    await asyncio.to_thread(server.archive.index, articles or [NEWS])


async def look_after(bot: DatelineBot) -> None:
    cog = bot.get_cog("AftermathCog")
    assert isinstance(cog, AftermathCog)
    await cog.look_after(GUILD_ID)


async def abstained(fake: FakeDiscord, pipeline: ScriptedPipeline, **how: Any) -> dict[str, Any]:
    pipeline.script = abstention(article())
    return await fake.answered(await fake.invoke("ask", question=QUESTION, **how))


async def test_a_watched_question_is_answered_to_its_asker(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, server: OpenServer
) -> None:
    message = await abstained(fake, pipeline, private=True)
    pressed = await fake.press(int(message["id"]), buttons(message)["Watch this question"])
    await fake.answered(pressed)
    pipeline.script = answer()
    await new_generation(server)
    await look_after(bot)
    (posted,) = (one for one in fake.messages.values() if f"<@{OWNER_ID}>" in one["content"])
    assert "Muluk Saray" in said(posted) and QUESTION in said(posted)
    assert posted["channel_id"] == str(CHANNEL_ID)
    assert fake.sent[-1]["allowed_mentions"]["users"] == [OWNER_ID]
    assert fake.pinged == [f"<@{OWNER_ID}>"]
    fake.pinged.clear()  # the only one who may be
    why = await fake.press(int(posted["id"]), buttons(posted)["Why"], user=STRANGER_ID)
    assert "87%" in said(await fake.answered(why)), "its buttons work"
    assert "No answer found" in said(message), "a private answer stays as it is"


async def test_an_answer_is_corrected_where_it_stands(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, server: OpenServer
) -> None:
    message = await abstained(fake, pipeline)
    pipeline.script = answer()
    await new_generation(server)
    await look_after(bot)
    today = utc_now()
    shown = said(fake.messages[int(message["id"])])
    assert "**Muluk Saray**" in shown
    assert f"Correction\n{today.day} {today:%b %Y}\\: The articles answer this now." in shown
    assert len(await fake.replies(1)) == 1, "edited, not said again"
    why = await fake.press(int(message["id"]), buttons(message)["Why"])
    assert "87%" in said(await fake.answered(why))


async def test_an_answer_in_an_archived_thread_is_corrected(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, server: OpenServer
) -> None:
    server.records.settings.update({"answer_style": "thread"})
    pipeline.script = abstention(article())
    await fake.say(f"<@{BOT_ID}> {QUESTION}")
    await fake.until(lambda: _message_of(server, 1))
    (thread,) = (one for one in fake.channels.values() if one["type"] == 11)
    thread["thread_metadata"]["archived"] = True
    pipeline.script = answer()
    await new_generation(server)
    await look_after(bot)
    (message,) = await fake.replies(1)
    assert message["channel_id"] == thread["id"]
    assert "Muluk Saray" in said(message)
    assert thread["thread_metadata"]["archived"], "as it was"


async def test_a_message_that_is_gone_is_marked(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, server: OpenServer
) -> None:
    message = await abstained(fake, pipeline)
    await fake.remove_message(int(message["id"]))
    pipeline.script = answer()
    await new_generation(server)
    await look_after(bot)
    given = server.records.ledger.by_id(1)
    assert given is not None
    assert (given.state, given.message_id) == ("corrected", MESSAGE_GONE)
    asked = len(pipeline.asked)
    await new_generation(server, dataclasses.replace(NEWS, id="a3"))
    await look_after(bot)
    assert len(pipeline.asked) == asked, "it is not asked again"


# -- interrupted -------------------------------------------------------------------------


def begin(records: ServerRecords, minutes_ago: float, **values: Any) -> int:
    return records.ledger.begin(
        QUESTION,
        asker_id=OWNER_ID,
        channel_id=CHANNEL_ID,
        now=utc_now() - dt.timedelta(minutes=minutes_ago),
        **values,
    )


async def test_an_interrupted_question_is_answered_late_and_once(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    server: OpenServer,
    pipeline: ScriptedPipeline,
) -> None:
    pipeline.script = answer()
    ledger = server.records.ledger
    late = begin(server.records, 2)
    old, private = begin(server.records, 20), begin(server.records, 1, private=True)
    async with started(fake, settings, servers):
        (posted,) = await fake.replies(1)
        assert posted["content"] == SORRY
        assert "Muluk Saray" in said(posted) and QUESTION in said(posted)
        await fake.until(lambda: _message_of(server, late) == int(posted["id"]))
    async with started(fake, settings, servers):
        # What the ledger left would have been looked into before this is answered.
        await fake.answered(await fake.invoke("ask", question="Anything else?"))
    assert [one["content"] for one in await fake.replies(2)].count(SORRY) == 1
    states = [given.state for id in (late, old, private) if (given := ledger.by_id(id))]
    assert states == ["answered", "interrupted", "interrupted"]


def _message_of(server: OpenServer, id: int) -> int | None:
    given = server.records.ledger.by_id(id)
    return given.message_id if given else None


@pytest.mark.parametrize("posted_before", [True, False])
async def test_an_answer_of_which_only_the_ledger_knows(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    server: OpenServer,
    pipeline: ScriptedPipeline,
    posted_before: bool,
) -> None:
    id = begin(server.records, 2)
    result = result_of(answer(), server.archive, server.archive.generation_id())
    server.records.ledger.complete(id, result, utc_now() - dt.timedelta(minutes=1))
    if posted_before:
        why = {"type": 2, "style": 2, "label": "Why", "custom_id": f"dateline:why:{id}"}
        row = {"type": 1, "components": [why]}
        before = fake.earlier("**Muluk Saray**", components=[row])
    async with started(fake, settings, servers):
        found = await fake.until(lambda: _message_of(server, id))
        (one,) = await fake.replies(1)
        assert found == int(one["id"])
        if posted_before:
            assert one is before
        else:
            assert one["content"] == SORRY and "Muluk Saray" in said(one)
    assert pipeline.asked == []
