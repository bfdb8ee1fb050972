"""`/forget me` and what names a person's questions outside the records: threads and options."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answer, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import Gate, ScriptedPipeline

from bot.client import DatelineBot
from bot.cogs.threads import UNNAMED
from bot.servers.registry import ServerRegistry
from bot.ui.privacy_card import REMOVED

pytestmark = pytest.mark.usefixtures("with_articles")

SECRET = "Where was Al Quraishi killed?"


@pytest.fixture(autouse=True)
def _answers(bot: DatelineBot, pipeline: ScriptedPipeline) -> None:
    assert bot.user
    pipeline.script = answer()


async def forget(fake: FakeDiscord, user: int) -> dict[str, Any]:
    """The bot's message about it, once it says that something was removed."""
    message = await fake.answered(await fake.invoke("forget me", user=user))
    (id,) = buttons(message).values()
    await fake.press(int(message["id"]), id, user=user)
    await fake.until(lambda: "Removed: " in message["content"])
    return message


async def thread_below_an_answer(fake: FakeDiscord, *, asker: int, opener: int) -> dict[str, Any]:
    message = await fake.answered(await fake.invoke("ask", question=SECRET, user=asker))
    below = buttons(message)["Continue in a thread"]
    await fake.answered(await fake.press(int(message["id"]), below, user=opener))
    return fake.channels[int(message["id"])]


@pytest.mark.parametrize("archived", [False, True])
async def test_threads_lose_the_question_that_names_them(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry, archived: bool
) -> None:
    """Those below answers, whoever opened them, and those that answers stand in."""
    below = await thread_below_an_answer(fake, asker=STRANGER_ID, opener=OWNER_ID)
    servers.server(GUILD_ID).records.settings.update({"answer_style": "thread"})
    bot.services.asking.settings_changed(GUILD_ID)
    said = await fake.say(f"<@{BOT_ID}> {SECRET}", author=STRANGER_ID)
    own = await fake.until(lambda: fake.channels.get(int(said["id"])))
    await bot.services.replies.finished(timeout_s=30)
    others = await thread_below_an_answer(fake, asker=OWNER_ID, opener=STRANGER_ID)
    assert below["name"] == own["name"] == others["name"] == SECRET
    for thread in (below, own):
        thread["thread_metadata"]["archived"] = archived
    await forget(fake, STRANGER_ID)
    await fake.until(lambda: below["name"] == own["name"] == UNNAMED)
    await bot.services.replies.finished(timeout_s=30)
    assert below["thread_metadata"]["archived"] is own["thread_metadata"]["archived"] is archived
    assert others["name"] == SECRET
    turns = servers.server(GUILD_ID).records.turns.recent(int(below["id"]))
    assert turns == [], "nor does what is said there know the question"


async def test_it_says_which_threads_keep_it_and_goes_on(
    fake: FakeDiscord, bot: DatelineBot
) -> None:
    first = await thread_below_an_answer(fake, asker=STRANGER_ID, opener=STRANGER_ID)
    second = await thread_below_an_answer(fake, asker=STRANGER_ID, opener=STRANGER_ID)
    fake.refuse_next("PATCH", f"/channels/{first['id']}", status=403, code=50013)
    message = await forget(fake, STRANGER_ID)
    await fake.until(lambda: f"<#{first['id']}>" in message["content"])
    await bot.services.replies.finished(timeout_s=30)
    assert f"<#{second['id']}>" not in message["content"]
    assert (first["name"], second["name"]) == (SECRET, UNNAMED)
    assert SECRET not in said(fake.messages[int(second["id"])])


async def test_threads_of_others_are_left(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry
) -> None:
    theirs = fake.add_thread(fake.new_id(), "Gossip", CHANNEL_ID)
    theirs["owner_id"] = str(OWNER_ID)
    records = servers.server(GUILD_ID).records
    records.threads.add(int(theirs["id"]), asker_id=STRANGER_ID, now=bot.services.clock())
    records.threads.add(5, asker_id=STRANGER_ID, now=bot.services.clock())
    message = await forget(fake, STRANGER_ID)
    await bot.services.replies.finished(timeout_s=30)
    assert theirs["name"] == "Gossip"
    assert "<#" not in message["content"]


@pytest.mark.parametrize("mention", [False, True])
async def test_an_answer_on_its_way_is_taken_back(
    fake: FakeDiscord,
    bot: DatelineBot,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
    mention: bool,
) -> None:
    gate = Gate(answer())
    pipeline.script = gate
    if mention:
        await fake.say(f"<@{BOT_ID}> {SECRET}", author=STRANGER_ID)
    else:
        await fake.invoke("ask", question=SECRET, user=STRANGER_ID)
    await gate.entered()
    servers.server(GUILD_ID).records.privacy.forget(STRANGER_ID)
    gate.opened.set()
    (message,) = await fake.replies(1)
    await bot.services.replies.finished(timeout_s=30)
    assert said(message) == REMOVED
    assert (message["embeds"], message["components"]) == ([], [])
