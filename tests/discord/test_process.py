"""The bot as its own process: `python -m bot` against a Discord on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, TOKEN

from bot import client
from bot.ui import notices

ROOT = Path(__file__).parents[2]
START_S = 120
"""Seconds for a process to start: it may import torch on a busy machine."""

pytest.importorskip("bot.qa.factory", reason="the answering pipeline is not there yet")


@contextlib.asynccontextmanager
async def process(home: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A running bot with only these settings; killed if the test leaves it running."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DATELINE_")}
    environment |= {"DATELINE_" + name.upper(): value for name, value in settings.items()}
    environment |= {"PYTHONPATH": str(ROOT), "DATELINE_HOME": str(home)}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=home,  # no .env of whoever runs the tests
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()


async def ended(child: asyncio.subprocess.Process) -> tuple[int, str]:
    """Exit status and everything it said, without the token in it."""
    async with asyncio.timeout(START_S):
        out, err = await child.communicate()
    said = (out + err).decode()
    assert TOKEN not in said
    assert child.returncode is not None
    return child.returncode, said


async def test_serves_until_sigterm(fake: FakeDiscord, tmp_path: Path) -> None:
    there = {"discord_api": fake.http, "discord_gateway": fake.ws}
    fake.wait_s = START_S
    async with process(tmp_path, discord_token=TOKEN, **there) as child:
        await fake.connected()
        asked = await fake.invoke("ask", question="Is there an index?")
        assert (await fake.answered(asked))["content"] == notices.NO_INDEX
        await fake.say(f"<@{BOT_ID}> And now?")
        await fake.replies(2)
        child.send_signal(signal.SIGTERM)
        status, said = await ended(child)
    assert status == 0, said
    assert "Traceback" not in said


async def test_wrong_token(fake: FakeDiscord, tmp_path: Path) -> None:
    there = {"discord_api": fake.http, "discord_gateway": fake.ws}
    async with process(tmp_path, discord_token="wrong.token", **there) as child:
        status, said = await ended(child)
    assert status == 1
    assert said.splitlines()[-1] == client.REFUSED_LOGIN
    assert "Traceback" not in said
    assert "wrong.token" not in said


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, client.MISSING_LOGIN),
        ({"discord_token": "  "}, client.MISSING_LOGIN),
        ({"discord_token": "Bot " + TOKEN}, client.MALFORMED_LOGIN),
        ({"discord_token": "tökèn"}, client.MALFORMED_LOGIN),
    ],
)
async def test_no_usable_token(tmp_path: Path, settings: dict[str, str], line: str) -> None:
    async with process(tmp_path, **settings) as child:
        assert await ended(child) == (1, line + "\n")


async def test_wrong_setting(tmp_path: Path) -> None:
    async with process(tmp_path, discord_token=TOKEN, discord_api="ftp://x") as child:
        status, said = await ended(child)
    assert status == 1
    assert "DATELINE_DISCORD_API" in said
    assert len(said.splitlines()) == 1
