"""Questions in messages that mention the bot."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from answers import HOSTILE, answer, article, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, OTHER_BOT_ID
from scripted import ScriptedPipeline

from bot.cogs.conversation import addressed_question
from bot.ui import notices

ME = f"<@{BOT_ID}>"


@pytest.mark.usefixtures("bot")
class TestOnTheWire:
    async def test_only_the_intents_that_are_needed(self, fake: FakeDiscord) -> None:
        assert fake.intents == discord.Intents(guilds=True, guild_messages=True).value

    @pytest.mark.parametrize("text", [f"{ME} Which village?", f"Which village? <@!{BOT_ID}>"])
    async def test_answer_as_a_reply(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, text: str
    ) -> None:
        pipeline.script = answer()
        asked = await fake.say(text)
        (reply,) = await fake.replies()
        assert pipeline.asked == ["Which village?"]
        assert said(reply).startswith("**Muluk Saray**\n")
        reference = reply["message_reference"]
        assert str(reference["message_id"]) == asked["id"]
        assert reference["fail_if_not_exists"] is False
        assert [r.path for r in fake.requests[-2:]] == [
            f"/channels/{CHANNEL_ID}/typing",
            f"/channels/{CHANNEL_ID}/messages",
        ]

    async def test_mention_alone_gets_a_hint(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        await fake.say(f" {ME} ")
        (reply,) = await fake.replies()
        assert reply["content"] == notices.USAGE
        assert pipeline.asked == []

    async def test_too_long_is_told(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        await fake.say(f"{ME} " + "x" * 501)
        (reply,) = await fake.replies()
        assert reply["content"] == notices.QUESTION_TOO_LONG
        assert pipeline.asked == []

    @pytest.mark.parametrize(
        ("text", "fields"),
        [
            ("Which village?", {}),
            ("@everyone Which village?", {"mention_everyone": True}),
            (f"{ME} Which village?", {"author_is": OTHER_BOT_ID}),
            (f"{ME} Which village?", {"author_is": BOT_ID}),
            (f"{ME} Which village?", {"webhook_id": "9", "author_is": OTHER_BOT_ID}),
            (f"{ME} pinned a message", {"type": 6}),
        ],
    )
    async def test_what_is_not_asked_of_it(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, text: str, fields: dict[str, Any]
    ) -> None:
        author = {"author": fields.pop("author_is")} if "author_is" in fields else {}
        await fake.say(text, **author, **fields)
        await fake.say(f"{ME} Who is next?")  # events come in order: this one is seen after it
        await fake.until(lambda: fake.sent)
        assert pipeline.asked == ["Who is next?"]

    async def test_reply_that_only_pings(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        await fake.say(f"{ME} Who is first?")
        (mine,) = await fake.replies()
        await fake.say("thanks!", reply_to=int(mine["id"]))
        await fake.say(f"{ME} Who is next?", reply_to=int(mine["id"]))
        await fake.replies(2)
        assert pipeline.asked == ["Who is first?", "Who is next?"]

    async def test_hostile_article(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        pipeline.script = answer(HOSTILE, of=article(HOSTILE, title=HOSTILE), quote=HOSTILE)
        await fake.say(f"{ME} @everyone?")
        (reply, *_) = await fake.replies()
        assert "<@" not in said(reply)

    async def test_channel_it_may_not_write_in(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake.read_only.add(CHANNEL_ID)
        await fake.say(f"{ME} Anything?")
        await fake.until(lambda: fake.requested("POST", "/messages") != [])
        fake.read_only.clear()
        await fake.say(f"{ME} Who is next?")
        await fake.replies()
        assert "May not write" in caplog.text
        assert pipeline.asked == ["Anything?", "Who is next?"]

    async def test_refused_answer_is_not_silence(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake.refuse_next("POST", "/messages", status=400, code=50035)
        await fake.say(f"{ME} Anything?")
        (reply,) = await fake.replies()
        assert reply["content"] == notices.SOMETHING_WENT_WRONG
        assert "refused for a test" in caplog.text

    async def test_typing_that_fails_does_not_matter(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        pipeline.script = answer()
        fake.refuse_next("POST", "/typing", status=403, code=50013)
        await fake.say(f"{ME} Which village?")
        (reply,) = await fake.replies()
        assert "Muluk Saray" in said(reply)


@pytest.mark.parametrize(
    ("content", "question"),
    [
        ("<@1> why?", "why?"),
        ("why <@!1> though?", "why   though?"),
        ("<@1><@1>", ""),
        ("<@11> why?", None),
        ("<@&1> why?", None),
        ("@everyone why?", None),
        ("", None),
    ],
)
def test_addressed_question(content: str, question: str | None) -> None:
    assert addressed_question(content, 1) == question
