"""A bot with a scripted pipeline, connected to a Discord on 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable

import pytest
from fake_discord import FakeDiscord
from fake_payloads import TOKEN
from pydantic import SecretStr

from bot.client import DatelineBot, redirected
from bot.qa.answer import Answer
from bot.settings import DiscordSettings
from index.errors import NoIndexError

WARM_UP = "Is everything loaded?"
WORKERS, WAITING = 2, 2


class ScriptedPipeline:
    """Answers as a test says: a value, an exception, or a function of the question."""

    def __init__(self) -> None:
        self.script: Answer | BaseException | Callable[[str], Answer] = NoIndexError("no index")
        self.asked: list[str] = []
        self.warmed_up = threading.Event()

    def ask(self, question: str, /) -> Answer:
        if question == WARM_UP:
            self.warmed_up.set()
            raise NoIndexError("no index")
        self.asked.append(question)
        if isinstance(self.script, BaseException):
            raise self.script
        return self.script if isinstance(self.script, Answer) else self.script(question)


class Gate:
    """Holds a worker thread inside the pipeline until the test opens it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, question: str) -> Answer:
        self.entered.set()
        assert self.opened.wait(30), "no test opened the gate"
        return self.answer


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A running server; at the end, nothing unknown was asked of it and nobody was pinged."""
    async with FakeDiscord().running() as server:
        yield server
    assert server.unhandled == []
    assert server.pinged == []
    for body in server.sent:
        assert body["allowed_mentions"]["parse"] == []
        assert not body["allowed_mentions"].get("replied_user")


@pytest.fixture
def pipeline() -> ScriptedPipeline:
    return ScriptedPipeline()


@pytest.fixture
def settings(fake: FakeDiscord) -> DiscordSettings:
    return DiscordSettings(
        discord_token=SecretStr(TOKEN), discord_api=fake.http, discord_gateway=fake.ws
    )


@pytest.fixture
async def bot(
    fake: FakeDiscord, settings: DiscordSettings, pipeline: ScriptedPipeline
) -> AsyncIterator[DatelineBot]:
    """The real client, logged in, synced and connected.

    Not waited for `on_ready`, which discord.py holds back for 2 seconds in case of more guilds:
    what a test sends comes after the guild on the same connection.
    """
    with redirected(settings):
        async with DatelineBot(pipeline=pipeline, workers=WORKERS, waiting=WAITING) as client:
            running = asyncio.create_task(client.start(TOKEN))
            connected = asyncio.create_task(fake.connected())
            await asyncio.wait({running, connected}, return_when=asyncio.FIRST_COMPLETED)
            assert connected.done(), running.exception()
            yield client
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
