"""`/ask` over the wire: the real client against a Discord on 127.0.0.1."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging

import discord
import pytest
from answers import HOSTILE, QUOTE, abstention, answer, article, said
from fake_discord import FakeDiscord
from fake_payloads import LOADING
from scripted import WAITING, WORKERS, Gate, ScriptedPipeline

from bot.client import DatelineBot
from bot.ui import notices
from index.article import ArticleReference
from index.errors import CorruptIndexError, NoIndexError
from index.filtering import FilterError

pytestmark = pytest.mark.usefixtures("bot")


async def test_the_command_is_registered_once(fake: FakeDiscord) -> None:
    (command,) = (one for one in fake.commands if one["name"] == "ask")
    question, *others = command["options"]
    assert command["contexts"] == [0], "in guilds only"
    assert (question["name"], question["required"]) == ("question", True)
    assert (question["min_length"], question["max_length"]) == (1, 500)
    assert [one["name"] for one in others] == ["since", "until", "source", "private"]
    assert not any(one["required"] for one in others)
    assert len(fake.requested("PUT", "/commands")) == 1


async def test_answer_with_quote_source_and_link(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = answer()
    asked = await fake.invoke("ask", question="  Which village was raided?  ")
    message = await fake.answered(asked)
    assert pipeline.asked == ["Which village was raided?"]
    assert message["content"] == ""
    assert said(message).split("\n") == [
        "-# Question: Which village was raided?",
        "**Muluk Saray**",
        f"> {QUOTE}",
        "[\\[1\\] US admits raid, Newswire, 6 Oct 2022](<https://news.example/raid#:~:text="
        "The%20raid%20was%20in%20the%20village%20of%20Muluk%20Saray.>) · news\\.example",
        "Sure · as of 6 Oct 2022",
    ]


async def test_near_copies_are_named(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    copies = tuple(
        ArticleReference(f"c{n}", HOSTILE, dt.date(2022, 10, 7), source, "")
        for n, source in enumerate(["The Week", HOSTILE, "", "Post"])
    )
    told = answer()
    passages = tuple(dataclasses.replace(one, also_in=copies) for one in told.passages)
    pipeline.script = dataclasses.replace(told, passages=passages)
    message = await fake.answered(await fake.invoke("ask", question="Which village?"))
    *_, line, confidence = said(message).split("\n")
    assert line.startswith("-# Also in: The Week, 7 Oct 2022; ") and line.endswith(" and 1 more")
    assert "<@" not in line
    assert confidence.startswith("Sure")


async def test_acknowledged_before_the_answer_is_there(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    """The loop is free while the pipeline works: it acknowledges, and its heart beats."""
    pipeline.script = gate = Gate(answer())
    asked = await fake.invoke("ask", question="Slow?")
    await fake.until(lambda: asked.callback_type == 5)
    await gate.entered()
    beats = fake.heartbeats
    await fake.until(lambda: fake.heartbeats > beats)
    assert fake.messages[asked.original_id or 0]["flags"] & LOADING
    gate.opened.set()
    assert "Muluk Saray" in said(await fake.answered(asked))


async def test_too_late_for_the_acknowledgement(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.ack_window_s = -1
    pipeline.script = answer()
    await fake.invoke("ask", question="Late?")
    await fake.until(lambda: fake.requested("POST", "/callback") != [])
    fake.ack_window_s = 3
    in_time = await fake.invoke("ask", question="In time?")
    await fake.answered(in_time)
    assert pipeline.asked == ["In time?"]
    assert "too late" in caplog.text


async def test_no_answer_shows_the_closest_passages(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    many = [article(title=f"Title {n}") for n in range(5)]
    pipeline.script = abstention(*many)
    content = said(await fake.answered(await fake.invoke("ask", question="Cup?")))
    assert "**No answer found in the articles.**" in content
    assert "Closest, but no answer found:" in content
    assert "Title 0" in content and "Title 2" in content and "Title 3" not in content
    assert "6 Oct 2022" in content


async def test_no_index_says_what_to_run(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = NoIndexError("no generation in /home/secret")
    message = await fake.answered(await fake.invoke("ask", question="Anything?"))
    assert message["content"] == notices.NO_INDEX
    assert "/articles add" in message["content"]


async def test_a_filter_that_fits_nothing_is_told(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = FilterError("no article has the source '@everyone': try 'Gazette'")
    message = await fake.answered(await fake.invoke("ask", question="Anything?"))
    assert message["content"] == "No article has the source '\\@everyone'\\: try 'Gazette'"


@pytest.mark.parametrize(
    ("error", "notice"),
    [
        (CorruptIndexError("/srv/secret/path is damaged"), notices.NOT_SEARCHABLE),
        (RuntimeError("/srv/secret/path"), notices.SOMETHING_WENT_WRONG),
        (TimeoutError("/srv/secret/path"), notices.TOO_SLOW),
    ],
)
async def test_what_went_wrong_is_logged_and_not_shown(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    notice: str,
) -> None:
    pipeline.script = error
    message = await fake.answered(await fake.invoke("ask", question="Anything?"))
    assert message["content"] == notice
    assert "/srv/secret/path" in caplog.text


async def test_long_answer_is_cut_visibly(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    words = " ".join(f"word{n}" for n in range(600))
    pipeline.script = answer(words, of=article(words + QUOTE), quote=words)
    shown = said(await fake.answered(await fake.invoke("ask", question="Everything?")))
    assert "word0 " in shown and "word50 " in shown and "…" in shown
    assert "Sure" in shown


async def test_hostile_article(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    """`fake` fails the test if anybody was pinged."""
    evil = article(HOSTILE, title=HOSTILE, source=HOSTILE, url="javascript:alert(1)//@everyone")
    pipeline.script = answer(HOSTILE, of=evil, quote=HOSTILE, question=HOSTILE)
    message = await fake.answered(await fake.invoke("ask", question="@everyone <@200>"))
    assert "<@" not in said(message)
    assert "javascript" not in said(message)
    assert "\\@everyone" in said(message)
    assert message["mentions"] == []


@pytest.mark.parametrize("question", [" ", "\u200b\u202e", "\u3000"])
async def test_empty_question(fake: FakeDiscord, pipeline: ScriptedPipeline, question: str) -> None:
    asked = await fake.invoke("ask", question=question)
    assert (await fake.answered(asked))["content"] == notices.USAGE
    assert asked.ephemeral
    assert pipeline.asked == []


async def test_question_over_the_bound(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    """Discord's client keeps to `max_length`; whoever does not, is told."""
    asked = await fake.invoke("ask", question="x" * 501)
    assert (await fake.answered(asked))["content"] == notices.QUESTION_TOO_LONG
    assert pipeline.asked == []


async def test_lone_surrogate_in_a_question(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = lambda question: abstention(question=question)
    message = await fake.answered(await fake.invoke("ask", question="a\ud800b"))
    assert "No answer found" in said(message)
    assert pipeline.asked == ["a?b"]


async def test_rate_limit_is_waited_for(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = answer()
    fake.refuse_next("PATCH", "@original", status=429, retry_after=0.01)
    message = await fake.answered(await fake.invoke("ask", question="Which?"))
    assert "Muluk Saray" in said(message)
    assert len(fake.requested("PATCH", "@original")) == 2


async def test_refused_answer_is_not_silence(
    fake: FakeDiscord, pipeline: ScriptedPipeline, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline.script = answer()
    fake.refuse_next("PATCH", "@original", status=400, code=50035)
    message = await fake.answered(await fake.invoke("ask", question="Which?"))
    assert message["content"] == notices.SOMETHING_WENT_WRONG
    assert "refused for a test" in caplog.text


async def test_discord_that_refuses_everything(
    fake: FakeDiscord, pipeline: ScriptedPipeline, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline.script = answer()
    fake.refuse_next("PATCH", "@original", status=400, code=50035)
    fake.refuse_next("POST", "/webhooks/", status=400, code=50035)
    await fake.invoke("ask", question="Which?")
    await fake.until(lambda: fake.requested("POST", "/webhooks/") != [])
    await fake.answered(await fake.invoke("ask", question="And now?"))
    assert "refused the notice" in caplog.text


async def test_too_many_questions(fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
    pipeline.script = gate = Gate(answer())
    room = WORKERS + WAITING
    asked = [await fake.invoke("ask", question=f"{n}?") for n in range(room + 1)]
    refused = await fake.replies(1)
    assert [message["content"] for message in refused] == [notices.BUSY]
    gate.opened.set()
    contents = [said(await fake.answered(one)) for one in asked]
    assert sum("Muluk Saray" in content for content in contents) == room


async def test_closing_finishes_what_was_begun(
    fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
) -> None:
    pipeline.script = gate = Gate(answer())
    asked = [await fake.invoke("ask", question=f"{n}?") for n in range(WORKERS + 1)]
    await fake.until(lambda: all(one.callback_type for one in asked))
    await gate.entered(WORKERS)
    closing = asyncio.create_task(bot.close())
    waited = (await fake.replies(1))[0]
    assert waited["content"] == notices.SHUTTING_DOWN
    gate.opened.set()
    await closing
    contents = [said(fake.messages[one.original_id or 0]) for one in asked]
    assert sum("Muluk Saray" in content for content in contents) == WORKERS


async def test_an_outdated_command_is_told(
    fake: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    """A client may still show a command that the bot no longer has."""
    fake.commands.append({"id": "1", "name": "gone", "type": 1})
    asked = await fake.invoke("gone")
    assert (await fake.answered(asked))["content"] == notices.SOMETHING_WENT_WRONG
    assert any(record.levelno == logging.ERROR for record in caplog.records)


async def test_the_client_never_pings(bot: DatelineBot) -> None:
    assert bot.allowed_mentions is not None
    assert bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()
