"""Buttons over connections that break: every one brings what it is for."""

from __future__ import annotations

from typing import Any

import pytest
from answers import answer, buttons, said
from fake_discord import FakeDiscord
from fake_faults import Fault
from fake_payloads import GUILD_ID, OWNER_ID
from scripted import ScriptedPipeline

from bot.client import DatelineBot
from bot.servers.registry import ServerRegistry
from bot.ui import notices

pytestmark = pytest.mark.usefixtures("with_articles")

KINDS = ("dropped", "dropped after", "500", "500 after")


@pytest.fixture
async def message(
    fake: FakeDiscord, bot: DatelineBot, pipeline: ScriptedPipeline
) -> dict[str, Any]:
    assert bot.user
    fake.ack_window_s = 120  # how fast this machine is, is not the question here
    pipeline.script = answer()
    return await fake.answered(await fake.invoke("ask", question="Which village was raided?"))


def strike_next(fake: FakeDiscord, kind: str, method: str, part: str) -> Fault:
    what, _, after = kind.partition(" ")
    if what == "dropped":
        return fake.drop_next(method, part, carried_out=bool(after))
    return fake.refuse_next(method, part, status=int(what), carried_out=bool(after))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("label", "brings"),
    [
        ("Passages", "Page 1 of 1"),
        ("Why", "87%"),
        ("Cite", "APA 7"),
        ("\N{THUMBS UP SIGN}", notices.THANKS),
        ("Watch this question", "/watches"),
    ],
)
async def test_what_a_button_says(
    fake: FakeDiscord, message: dict[str, Any], kind: str, label: str, brings: str
) -> None:
    fault = strike_next(fake, kind, "POST", "/callback")
    pressed = await fake.press(int(message["id"]), buttons(message)[label])
    assert brings in said(await fake.answered(pressed))
    assert fault.struck and pressed.ephemeral
    assert len(pressed.own_messages) == 1, "once"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_citation_is_posted_once(
    fake: FakeDiscord, message: dict[str, Any], kind: str
) -> None:
    pressed = await fake.press(int(message["id"]), buttons(message)["Cite"])
    card = await fake.answered(pressed)
    strike_next(fake, kind, "POST", "/callback")
    posted = await fake.press(int(card["id"]), buttons(card)["Post in the channel"])
    assert "US admits raid" in said(await fake.answered(posted))
    assert len(posted.own_messages) == 1


@pytest.mark.parametrize("kind", ["dropped", "500"])
async def test_the_modal_of_a_vote(
    fake: FakeDiscord, message: dict[str, Any], servers: ServerRegistry, kind: str
) -> None:
    strike_next(fake, kind, "POST", "/callback")
    down = await fake.press(int(message["id"]), buttons(message)["\N{THUMBS DOWN SIGN}"])
    await fake.modal_of(down)
    strike_next(fake, kind, "POST", "/callback")
    sent = await fake.submit(down, reason="It is another village.")
    assert said(await fake.answered(sent)) == notices.THANKS
    (vote,) = servers.server(GUILD_ID).records.feedback.of(1)
    assert vote.reason == "It is another village."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", ["/callback", "/webhooks/"])
async def test_where_a_thread_was_opened_is_told(
    fake: FakeDiscord, message: dict[str, Any], kind: str, part: str
) -> None:
    fault = strike_next(fake, kind, "POST", part)
    pressed = await fake.press(int(message["id"]), buttons(message)["Continue in a thread"])
    await fake.until(lambda: fault.struck)
    assert said(await fake.answered(pressed)) == f"<#{message['id']}>"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refusal(
    fake: FakeDiscord, message: dict[str, Any], servers: ServerRegistry, kind: str
) -> None:
    servers.server(GUILD_ID).records.privacy.forget(OWNER_ID)
    strike_next(fake, kind, "POST", "/callback")
    refused = await fake.press(int(message["id"]), buttons(message)["Why"])
    assert said(await fake.answered(refused)) == notices.NOT_KEPT
