"""Damaged settings of who may ask, over the wire: they let fewer people, never more."""

from __future__ import annotations

import sqlite3

import pytest
from answers import answer, said
from fake_discord import FakeDiscord
from fake_payloads import BOT_ID, CHANNEL_ID, GUILD_ID, OWNER_ID, STRANGER_ID
from scripted import ScriptedPipeline, started

from bot.cogs import server_settings
from bot.servers import permissions
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from bot.ui import settings_card

QUESTION = "Which village was raided?"


def damage(servers: ServerRegistry, name: str) -> None:
    file = servers.server(GUILD_ID).records.file
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, '[3, ')", (name,))
    connection.close()


@pytest.mark.parametrize("name", ["ask_roles", "manage_roles", "channels"])
async def test_only_those_with_manage_server_are_answered_and_told(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
    name: str,
) -> None:
    pipeline.script = answer()
    damage(servers, name)
    async with started(fake, settings, servers):
        refused = await fake.invoke("ask", question=QUESTION, user=STRANGER_ID)
        assert said(await fake.answered(refused)) == permissions.DAMAGED
        assert refused.ephemeral
        await fake.say(f"<@{BOT_ID}> {QUESTION}", author=STRANGER_ID)
        _, reply = await fake.replies(2)
        assert said(reply) == permissions.DAMAGED
        assert pipeline.asked == []

        asked = await fake.invoke("ask", question=QUESTION, user=OWNER_ID)
        await fake.until(lambda: len(asked.said) == 2)
        shown, notice = (fake.messages[id] for id in asked.said)
        assert "Muluk Saray" in said(shown)
        assert "damaged" in said(notice) and "`/settings " in said(notice)
        assert fake.only_for[int(notice["id"])] == OWNER_ID

        await fake.say(f"<@{BOT_ID}> {QUESTION}")
        *_, notice = await fake.replies(6)
        assert "`/settings " in said(notice)


async def test_setting_it_anew_mends_it(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
) -> None:
    pipeline.script = answer()
    damage(servers, "ask_roles")
    async with started(fake, settings, servers):
        await fake.answered(await fake.invoke("settings reset", what="who may ask"))
        asked = await fake.invoke("ask", question=QUESTION, user=STRANGER_ID)
        assert "Muluk Saray" in said(await fake.answered(asked))


async def test_nothing_is_taken_from_what_cannot_be_read(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> None:
    """With the last of an unreadable list taken away, everybody would be let."""
    damage(servers, "channels")
    async with started(fake, settings, servers):
        shown = await fake.invoke("settings show")
        assert settings_card.DAMAGED in said(await fake.answered(shown))
        there = {"change": "remove", "channel": CHANNEL_ID}
        removed = await fake.answered(await fake.invoke("settings channels", options=there))
        assert said(removed) == server_settings.DAMAGED
        asked = await fake.invoke("ask", question=QUESTION, user=STRANGER_ID)
        assert said(await fake.answered(asked)) == permissions.DAMAGED
