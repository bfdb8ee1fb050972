"""Login, refusal, reconnect and end of the client."""

from __future__ import annotations

import asyncio
import os
import signal

import discord
import pytest
from answers import answer, said
from fake_discord import FakeDiscord
from fake_gateway import PRIVILEGED
from fake_payloads import BOT_ID
from pydantic import SecretStr
from scripted import ScriptedPipeline

from bot import client
from bot.client import DatelineBot, redirected, run_bot
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings


def with_token(settings: DiscordSettings, token: str) -> DiscordSettings:
    return settings.model_copy(update={"discord_token": SecretStr(token)})


@pytest.mark.usefixtures("bot")
async def test_reconnect_resumes_and_misses_nothing(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = answer()
    await fake.ask_to_reconnect()
    await fake.say(f"<@{BOT_ID}> asked while it was away")
    (reply,) = await fake.replies()
    assert "Muluk Saray" in said(reply)
    assert (fake.identifies, fake.resumes) == (1, 1)
    assert len(fake.requested("PUT", "/commands")) == 1, "no new sync on a reconnect"


@pytest.mark.usefixtures("bot")
async def test_invalid_session_identifies_again(
    fake: FakeDiscord, pipeline: ScriptedPipeline
) -> None:
    pipeline.script = answer()
    await fake.invalidate_session()
    await fake.connected()
    await fake.answered(await fake.invoke("ask", question="Still there?"))
    assert (fake.identifies, fake.resumes) == (2, 0)
    assert len(fake.requested("PUT", "/commands")) == 1


@pytest.mark.usefixtures("bot")
async def test_warm_up(pipeline: ScriptedPipeline, caplog: pytest.LogCaptureFixture) -> None:
    assert await asyncio.to_thread(pipeline.warmed_up.wait, 10)


async def test_commands_that_cannot_be_registered(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    fake.refuse_next("PUT", "/commands", status=403, code=50001)
    running = asyncio.create_task(run_bot(settings, servers))
    await fake.connected()
    await fake.say(f"<@{BOT_ID}> Still there?")
    await fake.replies()
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0
    assert "could not be registered" in caplog.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signals_end_it(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry, number: int
) -> None:
    running = asyncio.create_task(run_bot(settings, servers))
    await fake.connected()
    os.kill(os.getpid(), number)
    assert await running == 0


async def test_signal_while_it_cannot_connect(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> None:
    """It waits ever longer between attempts; a signal does not wait with it."""
    nowhere = settings.model_copy(update={"discord_gateway": "ws://127.0.0.1:1/gateway"})
    running = asyncio.create_task(run_bot(nowhere, servers))
    await fake.until(lambda: fake.requested("PUT", "/commands") != [])
    os.kill(os.getpid(), signal.SIGTERM)
    assert await running == 0


async def test_wrong_token(
    settings: DiscordSettings, servers: ServerRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = with_token(settings, "wrong.token")
    assert await run_bot(wrong, servers) == 1
    assert capsys.readouterr().err == client.REFUSED_LOGIN + "\n"


async def test_token_refused_by_the_gateway(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Such as a token that was reset between the login and the gateway."""
    fake.gateway_token = "new"
    assert await run_bot(settings, servers) == 1
    assert capsys.readouterr().err == client.REFUSED_LOGIN + "\n"


async def test_refused_intents(
    fake: FakeDiscord,
    settings: DiscordSettings,
    servers: ServerRegistry,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake.refuse_intents = PRIVILEGED | discord.Intents(guilds=True).value
    assert await run_bot(settings, servers) == 1
    assert capsys.readouterr().err == client.REFUSED_INTENTS + "\n"


async def test_no_privileged_intents(fake: FakeDiscord, bot: DatelineBot) -> None:
    assert not fake.intents & PRIVILEGED
    assert not bot.intents.message_content


async def test_discord_out_of_reach(
    servers: ServerRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = DiscordSettings(
        discord_token=SecretStr("a.b.c"), discord_api="http://127.0.0.1:1/api/v10"
    )
    assert await run_bot(nowhere, servers) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Discord cannot be reached: ")


async def test_missing_token(servers: ServerRegistry, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run_bot(DiscordSettings(), servers) == 1
    assert capsys.readouterr().err == client.MISSING_LOGIN + "\n"


def test_redirection_is_undone() -> None:
    before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    there = DiscordSettings(discord_api="http://h/api/", discord_gateway="ws://h/")
    with redirected(there):
        assert discord.http.Route.BASE == "http://h/api"
        assert str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY) == "ws://h/"
    assert before == (discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)
