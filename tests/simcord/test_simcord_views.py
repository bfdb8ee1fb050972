"""The buttons below an answer, as people on SimCord see and press them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import simcord
from answers import answer, article, passage
from scripted import ScriptedPipeline
from simcord_newsroom import SERVER, Newsroom, ask, awaits_builds, buttons, press, response, words

from bot.client import DatelineBot
from bot.servers.registry import ServerRegistry
from bot.ui import notices

UP, DOWN = "\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"


async def test_an_answers_buttons(newsroom: Newsroom) -> None:
    message = await ask(newsroom.owner, newsroom.channel)
    assert not message.ephemeral
    assert list(buttons(message)) == [
        *("Passages", "Why", "Cite", UP, DOWN, "Watch this question", "Continue in a thread"),
    ]
    for label in ("Passages", "Why", "Cite"):
        shown = await press(newsroom.reader, message, label)
        assert shown.ephemeral
        assert words(shown)
    posted = await press(newsroom.reader, shown, "Post in the channel")
    assert not posted.ephemeral
    assert "US admits raid" in words(posted)


async def test_a_private_answer_is_for_its_asker(newsroom: Newsroom) -> None:
    message = await ask(newsroom.owner, newsroom.channel, private=True)
    assert message.ephemeral
    with pytest.raises(simcord.SetupError, match="not visible"):
        await press(newsroom.reader, message, "Why")
    assert "87%" in words(await press(newsroom.owner, message, "Why"))


async def test_pages(newsroom: Newsroom, pipeline: ScriptedPipeline) -> None:
    passages = tuple(passage(article(), id) for id in range(10))
    pipeline.script = dataclasses.replace(answer(), passages=passages)
    message = await ask(newsroom.owner, newsroom.channel)
    page = await press(newsroom.reader, message, "Passages")
    assert list(buttons(page)) == ["Next"]
    seen = [words(page)]
    while "Next" in buttons(page):
        page = await press(newsroom.reader, page, "Next")
        seen.append(words(page))
    assert [f"Page {n} of {len(seen)}" in text for n, text in enumerate(seen, 1)] == [True] * 5
    assert list(buttons(page)) == ["Previous"]


async def test_the_reason_of_a_vote(newsroom: Newsroom, servers: ServerRegistry) -> None:
    message = await ask(newsroom.owner, newsroom.channel)
    opened = await newsroom.reader.click(message, custom_id=buttons(message)[DOWN])
    assert opened.modal is not None and opened.modal["title"] == "What was wrong?"
    with pytest.raises(simcord.SetupError):
        await newsroom.reader.submit_modal(opened, {"reason": "x" * 501})
    sent = await newsroom.reader.submit_modal(opened, {"reason": "It is another village."})
    assert response(sent).content == notices.THANKS
    (vote,) = servers.server(SERVER).records.feedback.of(1)
    assert (vote.user_id, vote.choice) == (newsroom.reader.id, "down")
    assert vote.reason == "It is another village."


async def test_after_a_restart(
    newsroom: Newsroom, new_bot: Callable[[], DatelineBot], pipeline: ScriptedPipeline
) -> None:
    """Nothing of the first bot is left: what the buttons are for is in the ledger."""
    message = await ask(newsroom.owner, newsroom.channel)
    cite = await press(newsroom.owner, message, "Cite")
    bot = new_bot()
    awaits_builds(newsroom.env, bot)
    await newsroom.env.restart_bot(bot)
    assert bot.persistent_views == []
    assert "Muluk Saray" in words(await press(newsroom.reader, message, "Passages"))
    assert "87%" in words(await press(newsroom.reader, message, "Why"))
    assert "US admits raid" in words(await press(newsroom.owner, cite, "Post in the channel"))
    assert (await press(newsroom.owner, message, UP)).content == notices.THANKS
    watched = await press(newsroom.reader, message, "Watch this question")
    assert "/watches" in watched.content
    listed = response(await newsroom.reader.slash(newsroom.channel, "watches"))
    assert list(buttons(listed)) == ["Remove 1"]
    assert pipeline.asked == ["Which village was raided?"]
