"""A bot with a scripted pipeline on SimCord."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import simcord

sys.path.append(str(Path(__file__).parents[1] / "discord"))  # its scripted pipeline serves here too

from answers import answer, article
from scripted import WAITING, WORKERS, ScriptedPipeline, ScriptedServers
from simcord_newsroom import SERVER, Newsroom, awaits_builds

from bot.client import Capacity, DatelineBot
from bot.servers.registry import ServerRegistry
from index.archive import Archive

SETTLED_S = 60.0
"""Longest wait for the bot to have nothing left to do."""


@pytest.fixture
def pipeline() -> ScriptedPipeline:
    scripted = ScriptedPipeline()
    scripted.script = answer()
    return scripted


@pytest.fixture
def servers(tmp_path: Path, pipeline: ScriptedPipeline) -> Iterator[ServerRegistry]:
    """The newsroom's archive holds the sample article of `answers`."""
    with Archive.open(tmp_path / "home" / "servers" / str(SERVER)) as archive:
        archive.index([article()])
    registry = ScriptedServers(tmp_path / "home", pipeline)
    yield registry
    registry.close()


@pytest.fixture
def new_bot(servers: ServerRegistry) -> Callable[[], DatelineBot]:
    """Makes a bot that keeps its records where the one before it did."""
    return lambda: DatelineBot(
        servers=servers, capacity=Capacity(workers=WORKERS, batch=1, waiting=WAITING)
    )


@pytest.fixture
async def env(new_bot: Callable[[], DatelineBot]) -> AsyncIterator[simcord.Env]:
    """A running SimCord; an error that the bot does not handle fails the test."""
    bot = new_bot()
    running = simcord.Env(bot, settle_timeout=SETTLED_S)
    awaits_builds(running, bot)
    await running.start()
    yield running
    await running.shutdown()
    running.raise_errors()


@pytest.fixture
async def newsroom(env: simcord.Env) -> Newsroom:
    owner = env.create_user("alice")
    guild = env.create_guild("Newsroom", id=SERVER, owner=owner)
    channel = guild.create_text_channel("general")
    alice, ben = (guild.add_member(one) for one in (owner, env.create_user("ben")))
    await env.settle()
    return Newsroom(env, guild, channel, alice, ben)
