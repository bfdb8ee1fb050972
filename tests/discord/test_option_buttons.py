"""A follow-up that could mean two things: asked back with buttons, pressed by its asker."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answer, buttons, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline, started

from bot.client import DatelineBot
from bot.servers.records.offers import Offer
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from bot.ui import notices
from bot.ui.privacy_card import REMOVED

ME = f"<@{BOT_ID}>"
FIRST = "Did Abu Ibrahim Al Quraishi know Abu Bakr Al Baghdadi?"
OPTIONS = [
    "and where was Abu Ibrahim Al Quraishi killed?",
    "and where was Abu Bakr Al Baghdadi killed?",
]


def offer_of(servers: ServerRegistry) -> Offer:
    offer = servers.server(GUILD_ID).records.offers.by_id(1)
    assert offer is not None
    return offer


async def asked_back(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> dict[str, Any]:
    pipeline.script = lambda question: answer("Muluk Saray", question=question)
    await fake.say(f"{ME} {FIRST}")
    (first,) = await fake.replies(1)
    await bot.services.replies.finished(timeout_s=30)
    await fake.say("and where was he killed?", reply_to=int(first["id"]))
    _, second = await fake.replies(2)
    await bot.services.replies.finished(timeout_s=30)
    assert sorted(buttons(second)) == sorted(OPTIONS)
    assert pipeline.asked == [FIRST]
    return second


async def test_the_pressed_one_is_asked_and_shown_as_understood(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, servers: ServerRegistry
) -> None:
    message = await asked_back(fake, bot, pipeline)
    assert "he" in message["content"] and message["message_reference"]
    assert all(option not in id for option, id in buttons(message).items())
    option, id = next(iter(buttons(message).items()))
    await fake.press(int(message["id"]), id)
    await fake.until(lambda: "Muluk Saray" in said(message))
    await bot.services.replies.finished(timeout_s=30)
    assert pipeline.asked == [FIRST, option]
    assert f"Searching: {option}" in said(message).replace("\\", "")
    assert "I can't tell" not in said(message)
    assert option not in buttons(message) and "Why" in buttons(message)
    given = servers.server(GUILD_ID).records.ledger.by_message(int(message["id"]))
    assert given is not None
    assert (given.question, given.asked_as) == ("and where was he killed?", option)
    assert str(given.asking_message_id) == str(message["message_reference"]["message_id"])


async def test_others_are_told_so(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> None:
    message = await asked_back(fake, bot, pipeline)
    for id in buttons(message).values():
        pressed = await fake.press(int(message["id"]), id, user=STRANGER_ID)
        assert said(await fake.answered(pressed)) == notices.ONLY_THE_ASKER
        assert pressed.ephemeral
    assert pipeline.asked == [FIRST]


async def test_after_a_restart(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
) -> None:
    async with started(fake, settings, servers) as bot:
        message = await asked_back(fake, bot, pipeline)
    async with started(fake, settings, servers):
        *_, id = buttons(message).values()
        await fake.press(int(message["id"]), id)
        await fake.until(lambda: "Muluk Saray" in said(message))
    assert pipeline.asked == [FIRST, offer_of(servers).options[1]]


async def test_it_is_asked_once(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, servers: ServerRegistry
) -> None:
    message = await asked_back(fake, bot, pipeline)
    one, other = buttons(message).values()
    assert servers.server(GUILD_ID).records.offers.choose(1, 0), "an earlier press"
    pressed = await fake.press(int(message["id"]), other)
    assert said(await fake.answered(pressed)) == notices.CHOSEN_BEFORE
    assert one and pipeline.asked == [FIRST]


async def test_what_fails_can_be_pressed_again(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, servers: ServerRegistry
) -> None:
    message = await asked_back(fake, bot, pipeline)
    before = message["content"]
    pipeline.script = RuntimeError("no answer")
    id, _ = buttons(message).values()
    pressed = await fake.press(int(message["id"]), id)
    await fake.until(lambda: pressed.own_messages)
    (notice,) = pressed.own_messages
    assert said(fake.messages[notice]) == notices.SOMETHING_WENT_WRONG
    assert message["content"] == before and offer_of(servers).chosen is None
    pipeline.script = answer()
    await fake.press(int(message["id"]), id)
    await fake.until(lambda: "Muluk Saray" in said(message))


@pytest.mark.parametrize("part", ["/callback", "@original"])
async def test_over_a_connection_that_breaks(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, part: str
) -> None:
    message = await asked_back(fake, bot, pipeline)
    fake.ack_window_s = 120
    fake.drop_next("*", part, carried_out=True)
    id, _ = buttons(message).values()
    await fake.press(int(message["id"]), id)
    await fake.until(lambda: "Muluk Saray" in said(message))
    await bot.services.replies.finished(timeout_s=30)
    assert len(pipeline.asked) == 2
    assert "Why" in buttons(message)


async def test_another_server_learns_nothing(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> None:
    message = await asked_back(fake, bot, pipeline)
    other = await fake.new_guild("Elsewhere")
    id, _ = buttons(message).values()
    pressed = await fake.press(
        int(message["id"]),
        id,
        guild_id=str(other.id),
        channel_id=str(fake.general(other)),
    )
    assert said(await fake.answered(pressed)) == notices.OFFER_NOT_KEPT
    assert pipeline.asked == [FIRST]


async def test_who_is_forgotten_leaves_no_options(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline, servers: ServerRegistry
) -> None:
    message = await asked_back(fake, bot, pipeline)
    begun = await fake.answered(await fake.invoke("forget me", user=OWNER_ID))
    (id,) = buttons(begun).values()
    await fake.press(int(begun["id"]), id)
    await fake.until(lambda: said(message) == REMOVED)
    assert message["components"] == []
    assert servers.server(GUILD_ID).records.offers.by_id(1) is None
