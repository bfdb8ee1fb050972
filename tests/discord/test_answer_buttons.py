"""The buttons below an answer, over the wire."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from answers import abstention, answer, article, buttons, said
from fake_discord import FakeDiscord
from fake_interactions import Interaction
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline, started

from bot.client import DatelineBot
from bot.servers.asking import utc_now
from bot.servers.records.watches import MOST_WATCHES
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from bot.ui import notices

pytestmark = pytest.mark.usefixtures("with_articles")


async def asked(fake: FakeDiscord, pipeline: ScriptedPipeline) -> dict[str, Any]:
    pipeline.script = answer()
    return await fake.answered(await fake.invoke("ask", question="Which village was raided?"))


async def press(
    fake: FakeDiscord, message: dict[str, Any], label: str, *, user: int = OWNER_ID
) -> Interaction:
    return await fake.press(int(message["id"]), buttons(message)[label], user=user)


@pytest.mark.usefixtures("bot")
class TestPressed:
    async def test_what_is_there(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        below = buttons(await asked(fake, pipeline))
        assert list(below) == [
            *("Passages", "Why", "Cite", "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"),
            *("Watch this question", "Continue in a thread"),
        ]

    async def test_passages(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        message = await asked(fake, pipeline)
        pressed = await press(fake, message, "Passages", user=STRANGER_ID)
        shown = await fake.answered(pressed)
        assert pressed.ephemeral
        assert "**The raid was in the village of Muluk Saray.**" in said(shown)
        assert "Page 1 of 1" in said(shown)

    async def test_why(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        message = await asked(fake, pipeline)
        shown = said(await fake.answered(await press(fake, message, "Why")))
        assert "87%" in shown and "Which village was raided?" in shown
        assert "Generation\n1" in shown

    async def test_cite_and_post(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        message = await asked(fake, pipeline)
        card = await fake.answered(await press(fake, message, "Cite"))
        assert "@" in said(card) and "APA 7" in said(card)
        posted = await press(fake, card, "Post in the channel")
        shown = await fake.answered(posted)
        assert not posted.ephemeral
        assert "US admits raid" in said(shown)

    async def test_votes(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        message = await asked(fake, pipeline)
        up = await press(fake, message, "\N{THUMBS UP SIGN}")
        assert said(await fake.answered(up)) == notices.THANKS
        down = await press(fake, message, "\N{THUMBS DOWN SIGN}", user=STRANGER_ID)
        modal = await fake.modal_of(down)
        sent = await fake.submit(down, reason="It is another village.")
        assert modal["title"] == "What was wrong?"
        assert said(await fake.answered(sent)) == notices.THANKS
        votes = servers.server(GUILD_ID).records.feedback.of(1)
        assert {(one.user_id, one.choice, one.reason) for one in votes} == {
            (OWNER_ID, "up", ""),
            (STRANGER_ID, "down", "It is another village."),
        }

    async def test_watch(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        pipeline.script = abstention(article())
        message = await fake.answered(await fake.invoke("ask", question="Who won the cup?"))
        pressed = await press(fake, message, "Watch this question", user=STRANGER_ID)
        assert "/watches" in said(await fake.answered(pressed))
        (watch,) = servers.server(GUILD_ID).records.watches.due(now := utc_now())
        assert (watch.question, watch.asker_id) == ("Who won the cup?", STRANGER_ID)
        assert watch.channel_id == CHANNEL_ID and watch.expires_at > now

    async def test_one_watch_too_many_is_told(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        watches, now = servers.server(GUILD_ID).records.watches, utc_now()
        for n in range(MOST_WATCHES):
            watches.add(
                f"Who won cup {n}?",
                asker_id=STRANGER_ID,
                channel_id=CHANNEL_ID,
                now=now,
                expires_at=now + dt.timedelta(days=1),
            )
        pipeline.script = abstention(article())
        message = await fake.answered(await fake.invoke("ask", question="Who won the cup?"))
        pressed = await press(fake, message, "Watch this question", user=STRANGER_ID)
        told = said(await fake.answered(pressed))
        assert f"{MOST_WATCHES} questions" in told and "/watches" in told

    async def test_thread(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        message = await asked(fake, pipeline)
        pressed = await press(fake, message, "Continue in a thread")
        shown = said(await fake.answered(pressed))
        (thread,) = (one for one in fake.channels.values() if one["type"] == 11)
        assert shown == f"<#{thread['id']}>"
        assert thread["name"] == "Which village was raided?"
        pipeline.script = abstention()
        await fake.say(f"<@{BOT_ID}> and who lives there?", channel=int(thread["id"]))
        await fake.until(lambda: len(pipeline.asked) == 2)
        assert "Muluk Saray" in pipeline.asked[1]


async def test_after_a_restart(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
) -> None:
    async with started(fake, settings, servers):
        message = await asked(fake, pipeline)
    async with started(fake, settings, servers):
        pressed = await press(fake, message, "Passages")
        assert "Muluk Saray" in said(await fake.answered(pressed))


async def test_another_server_learns_nothing(
    fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
) -> None:
    message = await asked(fake, pipeline)
    other = await fake.new_guild("Elsewhere")
    pressed = await fake.press(
        int(message["id"]),
        buttons(message)["Passages"],
        guild_id=str(other.id),
        channel_id=str(fake.general(other)),
    )
    assert said(await fake.answered(pressed)) == notices.NOT_KEPT
    assert bot.user


async def test_removed_articles_are_gone_from_old_answers(
    fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot, servers: ServerRegistry
) -> None:
    message = await asked(fake, pipeline)
    servers.server(GUILD_ID).archive.remove(["a1"])
    pressed = await press(fake, message, "Passages")
    assert said(await fake.answered(pressed)) == notices.NO_LONGER_THERE
    assert bot.user
