"""A bot with room for many questions, and answers that say what they answer."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from answers import answer, said
from fake_discord import FakeDiscord
from fake_load import Ask
from fake_payloads import TOKEN, Payload

from bot.client import Capacity, DatelineBot, redirected
from bot.qa.answer import Answer
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings

ROOMY = Capacity(workers=2, batch=8, waiting=1024, per_server=1024)
UNLIMITED = {"rate_user": 10_000, "rate_channel": 10_000, "rate_server": 100_000}


@contextlib.asynccontextmanager
async def roomy_bot(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> AsyncIterator[DatelineBot]:
    """Connected; at the end closed, when nothing more can come twice."""
    unlimited = settings.model_copy(update=UNLIMITED)
    with redirected(unlimited):
        async with DatelineBot(servers=servers, settings=unlimited, capacity=ROOMY) as bot:
            running = asyncio.create_task(bot.start(TOKEN))
            connected = asyncio.create_task(fake.connected())
            await asyncio.wait({running, connected}, return_when=asyncio.FIRST_COMPLETED)
            assert connected.done(), running.exception()
            yield bot
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def echoed(question: str) -> Answer:
    """An answer that belongs to its question and to no other."""
    return answer(f"Answer to {question}", question=question)


def answers_to(question: str) -> Callable[[Payload], bool]:
    return lambda message: f"**Answer to {question}**" in said(message)


def is_echo(message: Payload) -> bool:
    return "**Answer to " in said(message)


def question_of(ask: Ask) -> str:
    return str(ask.options["question"])
