"""Rate limits, errors and broken connections, on REST and on the gateway: nothing is lost, nothing
comes twice.

What Discord makes impossible to know is an event that it sends into a session which it then
forgets, and a followup that was carried out although the bot was told otherwise: webhooks take no
nonce. Only the end of an answer that is too long for one message, where embeds are not allowed, is
sent as a followup; it may come twice rather than not at all.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from answers import answer, article, said
from fake_discord import FakeDiscord
from fake_faults import Fault
from fake_interactions import Interaction
from fake_load import Ask, all_answered, answers, fire, report
from fake_payloads import BOT_ID, CHANNEL_ID
from roomy_bot import answers_to, echoed, is_echo, roomy_bot
from scripted import Gate, ScriptedPipeline

from bot.cogs import progress
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings

ME = f"<@{BOT_ID}>"
KINDS = ("429", "500", "502", "dropped", "500 after", "502 after", "dropped after")


@pytest.fixture(autouse=True)
def _patient(
    fake: FakeDiscord, pipeline: ScriptedPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.ack_window_s = fake.wait_s = 120  # how fast this machine is, is not the question here
    monkeypatch.setattr(progress, "FIRST_S", 120.0)
    pipeline.script = echoed


def strike_next(fake: FakeDiscord, kind: str, method: str, part: str) -> Fault:
    what, _, after = kind.partition(" ")
    carried_out = after == "after"
    if what == "dropped":
        return fake.drop_next(method, part, carried_out=carried_out)
    wait = 0.01 if what == "429" else None
    return fake.refuse_next(
        method, part, status=int(what), retry_after=wait, carried_out=carried_out
    )


def replies_to(fake: FakeDiscord, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The bot's answers in the channel to one message."""
    return [
        message
        for message in fake.messages.values()
        if is_echo(message)
        and str(message.get("message_reference", {}).get("message_id")) == asked["id"]
    ]


@pytest.mark.parametrize(
    ("method", "part"), [("POST", "/callback"), ("PATCH", "@original")], ids=["callback", "edit"]
)
async def test_a_command(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
    method: str,
    part: str,
) -> None:
    fired: list[Interaction] = []
    async with roomy_bot(fake, settings, servers):
        for kind in KINDS:
            fault = strike_next(fake, kind, method, part)
            fired.append(await fake.invoke("ask", question=f"What of {kind}?"))
            await fake.until(lambda fault=fault: fault.struck)
        await all_answered(fake, fired, is_answer=is_echo)
    for kind, asked in zip(KINDS, fired, strict=True):
        assert answers(fake, asked, answers_to(f"What of {kind}?")) == 1, kind
    assert report(fake, fired).answered_twice == ()
    assert sorted(pipeline.asked) == sorted(f"What of {kind}?" for kind in KINDS)


@pytest.mark.parametrize("part", ["/messages", "/typing"])
async def test_a_mention(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
    part: str,
) -> None:
    asked = []
    async with roomy_bot(fake, settings, servers):
        for kind in KINDS:
            fault = strike_next(fake, kind, "POST", part)
            asked.append(await fake.say(f"{ME} What of {kind}?"))
            await fake.until(lambda fault=fault: fault.struck)
        await fake.until(lambda: all(replies_to(fake, one) for one in asked))
    for kind, message in zip(KINDS, asked, strict=True):
        replies = replies_to(fake, message)
        assert len(replies) == 1 and answers_to(f"What of {kind}?")(replies[0]), kind
    assert len(pipeline.asked) == len(KINDS)


async def test_a_fault_in_every_fourth_request(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
) -> None:
    async with roomy_bot(fake, settings, servers):
        fake.faults.at_random(seed=5, rate=0.25, kinds=KINDS)
        said = [await fake.say(f"{ME} Who is number {n}?") for n in range(10)]
        asks = [Ask("ask", {"question": f"What is number {n}?"}) for n in range(20)]
        fired = await fire(fake, asks)
        await all_answered(fake, fired, is_answer=is_echo)
        await fake.until(lambda: all(replies_to(fake, one) for one in said))
    assert len({kind for kind, _, _ in fake.faults.by_chance}) > 3
    assert [answers(fake, one, is_echo) for one in fired] == [1] * len(fired)
    assert [len(replies_to(fake, one)) for one in said] == [1] * len(said)
    assert len(pipeline.asked) == len(fired) + len(said)


async def test_discord_limits_the_rate(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> None:
    fake.limit_rate("POST", "/messages", requests=2, per_s=0.2)
    async with roomy_bot(fake, settings, servers):
        said = [await fake.say(f"{ME} Who is number {n}?") for n in range(8)]
        await fake.until(lambda: all(replies_to(fake, one) for one in said))
    assert [len(replies_to(fake, one)) for one in said] == [1] * len(said)


async def test_a_dozen_resumes_while_questions_come(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
) -> None:
    fired: list[Interaction] = []
    said = []
    async with roomy_bot(fake, settings, servers):
        shaking = asyncio.create_task(fake.shake_gateway(seed=7, times=12))
        while not shaking.done():
            n = len(fired)
            fired.append(await fake.invoke("ask", question=f"What is number {n}?"))
            said.append(await fake.say(f"{ME} Who is number {n}?"))
            before = fake.resumes
            await fake.until(lambda before=before: fake.resumes > before or shaking.done())
        await shaking
        await all_answered(fake, fired, is_answer=is_echo)
        await fake.until(lambda: all(replies_to(fake, one) for one in said))
    assert (fake.identifies, fake.resumes) == (1, 12)
    assert [answers(fake, one, is_echo) for one in fired] == [1] * len(fired)
    assert [len(replies_to(fake, one)) for one in said] == [1] * len(said)
    assert len(pipeline.asked) == len(fired) + len(said)


async def test_the_session_is_gone_while_answers_are_under_way(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
) -> None:
    """Interactions and channels outlive a session of the gateway."""
    pipeline.script = gate = Gate(answer())
    async with roomy_bot(fake, settings, servers):
        asked = await fake.invoke("ask", question="Which village?")
        mentioned = await fake.say(f"{ME} Which village?")
        await fake.until(lambda: asked.callback_type and fake.requested("POST", "/typing"))
        await fake.invalidate_session()
        await fake.connected()
        gate.opened.set()
        assert "Muluk Saray" in said(await fake.answered(asked))
        await fake.replies(2)
    assert (fake.identifies, fake.resumes) == (2, 0)
    replied = [m for m in fake.messages.values() if "message_reference" in m]
    assert [str(m["message_reference"]["message_id"]) for m in replied] == [mentioned["id"]]
    assert len(asked.own_messages) == 1


@pytest.mark.parametrize("carried_out", [False, True])
async def test_the_end_of_a_long_answer_is_not_lost(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    pipeline: ScriptedPipeline,
    carried_out: bool,
) -> None:
    words = " ".join(f"word{n}" for n in range(600))
    pipeline.script = answer(words, of=article(words), quote=words)
    async with roomy_bot(fake, settings, servers):
        await fake.deny(CHANNEL_ID, BOT_ID, "embed_links")
        dropped = fake.drop_next("POST", "/webhooks/", carried_out=carried_out)
        asked = await fake.invoke("ask", question="Everything?")
        await fake.until(lambda: dropped.struck and len(asked.said) > 1 + carried_out)
    first, *ends = (fake.messages[id] for id in asked.said)
    assert "word0 " in first["content"] and "Confidence" in ends[-1]["content"]
    assert len(ends) >= 1 + carried_out, "there twice if the first attempt was carried out"
