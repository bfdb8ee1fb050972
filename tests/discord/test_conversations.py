"""Replies, follow-ups, threads, the message menu and direct messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from answers import answer, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline, started

from bot.client import DatelineBot
from bot.cogs.ask import NOTHING_TO_CHECK
from bot.qa.answer import Answer
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from bot.ui import notices

ME = f"<@{BOT_ID}>"
CLAIM = "The raid in Muluk Saray killed 12 people on Thursday."


async def first_reply(fake: FakeDiscord, bot: DatelineBot) -> dict[str, Any]:
    """The first answer, when the bot has also written down where it stands."""
    (reply,) = await fake.replies()
    await bot.services.replies.finished(timeout_s=30)
    return reply


def killed(question: str) -> Answer:
    return answer("Muluk Saray", question=question)


@pytest.mark.usefixtures("bot")
class TestClaims:
    async def test_the_menu_of_a_message(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        pipeline.script = killed
        claim = await fake.say(f"BREAKING: {CLAIM} @everyone")
        checked = await fake.use_on(int(claim["id"]), "Check against articles")
        assert "Muluk Saray" in said(await fake.answered(checked))
        assert pipeline.asked == [CLAIM]

    async def test_nothing_to_check(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        claim = await fake.say("lol ok")
        checked = await fake.use_on(int(claim["id"]), "Check against articles")
        assert said(await fake.answered(checked)) == NOTHING_TO_CHECK
        assert checked.ephemeral
        assert pipeline.asked == []

    async def test_a_reply_that_asks_whether_it_is_true(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        """Where Discord shows the bot the message that is replied to."""
        fake.shows_replied_to = True
        pipeline.script = killed
        claim = await fake.say(CLAIM, author=STRANGER_ID)
        await fake.say(f"{ME} is this true?", reply_to=int(claim["id"]))
        await fake.replies()
        assert pipeline.asked == [CLAIM]

    async def test_a_message_that_discord_does_not_show(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        claim = await fake.say(CLAIM, author=STRANGER_ID)
        await fake.say(f"{ME} is this true?", reply_to=int(claim["id"]))
        (reply,) = await fake.replies()
        assert said(reply) == notices.CANNOT_SEE
        assert pipeline.asked == []


@pytest.mark.usefixtures("bot")
class TestFollowUps:
    async def test_a_reply_to_an_answer(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
    ) -> None:
        pipeline.script = killed
        await fake.say(f"{ME} Where was Al Quraishi killed?")
        first = await first_reply(fake, bot)
        await fake.say("and when was he born?", reply_to=int(first["id"]))
        _, second = await fake.replies(2)
        assert pipeline.asked[1] == "And when was Al Quraishi born?"
        assert "Searching: And when was Al Quraishi born?" in said(second).replace("\\", "")

    async def test_it_asks_back_instead_of_guessing(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
    ) -> None:
        pipeline.script = killed
        await fake.say(f"{ME} Did Abu Ibrahim Al Quraishi know Abu Bakr Al Baghdadi?")
        first = await first_reply(fake, bot)
        await fake.say("and where was he killed?", reply_to=int(first["id"]))
        _, second = await fake.replies(2)
        assert said(second).startswith("I can't tell")
        assert len(pipeline.asked) == 1

    async def test_thanks_are_no_question(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
    ) -> None:
        pipeline.script = killed
        await fake.say(f"{ME} Where was Al Quraishi killed?")
        first = await first_reply(fake, bot)
        await fake.say("thanks!", reply_to=int(first["id"]))
        await fake.say(f"{ME} Who is next?")
        await fake.replies(2)
        assert len(pipeline.asked) == 2


async def test_in_a_thread_all_is_heard_with_the_privileged_intent(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
) -> None:
    pipeline.script = killed
    fake.refuse_intents = 0
    everything = settings.model_copy(update={"message_content": True})
    async with started(fake, everything, servers):
        message = await fake.answered(
            await fake.invoke("ask", question="Where was Al Quraishi killed?")
        )
        below = buttons(message)["Continue in a thread"]
        await fake.answered(await fake.press(int(message["id"]), below))
        (thread,) = (int(id) for id, one in fake.channels.items() if one["type"] == 11)
        await fake.say("and when was he born?", channel=thread)
        await fake.until(lambda: len(pipeline.asked) == 2)
        await fake.say("and who succeeded him?", channel=thread)
        await fake.until(lambda: len(pipeline.asked) == 3)
    assert pipeline.asked[1:] == [
        "And when was Al Quraishi born?",
        "And who succeeded Al Quraishi?",
    ]


async def test_answers_in_threads_where_the_server_wants_them(
    fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot, servers: ServerRegistry
) -> None:
    servers.server(GUILD_ID).records.settings.update({"answer_style": "thread"})
    pipeline.script = killed
    await fake.say(f"{ME} Where was Al Quraishi killed?")
    (reply,) = await fake.replies()
    thread = fake.channels[int(reply["channel_id"])]
    assert (thread["type"], thread["name"]) == (11, "Where was Al Quraishi killed?")
    assert bot.user


class TestDirectMessages:
    @pytest.fixture
    async def direct(
        self, fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
    ) -> AsyncIterator[None]:
        chosen = settings.model_copy(update={"direct_messages": GUILD_ID})
        async with started(fake, chosen, servers):
            yield

    @pytest.mark.usefixtures("direct")
    async def test_members_of_the_chosen_server_are_answered(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        pipeline.script = killed
        await fake.say_privately("Where was Al Quraishi killed?")
        (reply,) = await fake.replies()
        assert "Muluk Saray" in said(reply)
        await fake.say_privately("and when was he born?")
        await fake.replies(2)
        assert pipeline.asked[1] == "And when was Al Quraishi born?"

    @pytest.mark.usefixtures("direct")
    async def test_others_are_not(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        outsider = fake.new_user("outsider")
        await fake.say_privately("Where was Al Quraishi killed?", author=outsider)
        (reply,) = await fake.replies()
        assert said(reply) == notices.NO_DIRECT_MESSAGES
        assert pipeline.asked == []

    @pytest.mark.usefixtures("bot")
    async def test_not_at_all_unless_the_operator_allows_them(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        pipeline.script = killed
        await fake.say_privately("Where was Al Quraishi killed?", author=OWNER_ID)
        await fake.say(f"{ME} Who is next?")
        await fake.replies()
        assert pipeline.asked == ["Who is next?"]
