"""What `/ask` can be told beside the question, who may ask, and how often."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from answers import answer, said
from fake_discord import FakeDiscord
from fake_payloads import CHANNEL_ID, GUILD_ID, STRANGER_ID
from scripted import Gate, ScriptedPipeline, started

from bot.client import DatelineBot
from bot.cogs import progress
from bot.servers import permissions
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings
from bot.ui import notices
from index.filtering import SearchFilter


def set_up(servers: ServerRegistry, **changes: object) -> None:
    servers.server(GUILD_ID).records.settings.update(changes)


async def ask(fake: FakeDiscord, **options: Any) -> dict[str, Any]:
    return await fake.answered(await fake.invoke("ask", question="Which village?", **options))


@pytest.mark.usefixtures("bot")
class TestFilters:
    async def test_times_and_a_source(self, fake: FakeDiscord, pipeline: ScriptedPipeline) -> None:
        pipeline.script = answer()
        await ask(fake, since="2022-10", until="2023", source="Newswire")
        within = SearchFilter(dt.date(2022, 10, 1), dt.date(2023, 12, 31), ("Newswire",))
        assert pipeline.narrowed == [{"within": within}]

    @pytest.mark.parametrize(
        ("options", "told"),
        [
            ({"since": "soon"}, "'soon' is no day"),
            ({"until": "2022-02-30"}, "is no day"),
            ({"since": "2023", "until": "2022"}, "No day is both"),
        ],
    )
    async def test_times_that_are_none(
        self,
        fake: FakeDiscord,
        pipeline: ScriptedPipeline,
        options: dict[str, str],
        told: str,
    ) -> None:
        asked = await fake.invoke("ask", question="Which village?", **options)
        assert told in said(await fake.answered(asked))
        assert asked.ephemeral
        assert pipeline.asked == []


@pytest.mark.usefixtures("with_articles", "bot")
async def test_sources_are_offered(fake: FakeDiscord, servers: ServerRegistry) -> None:
    await asyncio.to_thread(servers.server(GUILD_ID).archive.names, "sources")  # opens the archive
    offered = await fake.complete("ask", "source", "wire", question="Which?")
    assert [(one["name"], one["value"]) for one in offered] == [("Newswire", "Newswire")]
    assert await fake.complete("ask", "source", "gazette", question="Which?") == []


@pytest.mark.usefixtures("with_articles", "bot")
async def test_no_source_of_another_server_is_offered(fake: FakeDiscord) -> None:
    other = fake.general(await fake.new_guild("Elsewhere"))
    assert await fake.complete("ask", "source", "", channel=other, question="Which?") == []


@pytest.mark.usefixtures("bot")
class TestPrivate:
    async def test_only_the_asker_sees_it(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline
    ) -> None:
        pipeline.script = answer()
        asked = await fake.invoke("ask", question="Which village?", private=True)
        message = await fake.answered(asked)
        assert asked.ephemeral
        assert message not in fake.seen_by(STRANGER_ID, CHANNEL_ID)

    async def test_by_default_where_the_server_wants_it(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        set_up(servers, private_by_default=True)
        pipeline.script = answer()
        asked = await fake.invoke("ask", question="Which village?")
        await fake.answered(asked)
        assert asked.ephemeral
        open_one = await fake.invoke("ask", question="Which village?", private=False)
        await fake.answered(open_one)
        assert not open_one.ephemeral


@pytest.mark.usefixtures("bot")
class TestWhoMay:
    async def test_roles(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        role = await fake.new_role("desk")
        set_up(servers, ask_roles=[role])
        pipeline.script = answer()
        refused = await fake.invoke("ask", question="Which village?", user=STRANGER_ID)
        assert said(await fake.answered(refused)) == permissions.MAY_NOT_ASK
        assert refused.ephemeral
        await fake.give_role(STRANGER_ID, role)
        assert "Muluk Saray" in said(await ask(fake, user=STRANGER_ID))

    async def test_channels(
        self, fake: FakeDiscord, pipeline: ScriptedPipeline, servers: ServerRegistry
    ) -> None:
        other = await fake.new_channel("news")
        set_up(servers, channels=[other])
        pipeline.script = answer()
        refused = await fake.invoke("ask", question="Which village?", user=STRANGER_ID)
        assert said(await fake.answered(refused)) == permissions.NOT_HERE
        assert "Muluk Saray" in said(await ask(fake, user=STRANGER_ID, channel=other))


async def test_too_often(
    fake: FakeDiscord,
    pipeline: ScriptedPipeline,
    settings: DiscordSettings,
    servers: ServerRegistry,
) -> None:
    pipeline.script = answer()
    slow = settings.model_copy(update={"rate_user": 2})
    async with started(fake, slow, servers):
        for _ in range(2):
            await ask(fake)
        refused = await fake.invoke("ask", question="Which village?")
        assert said(await fake.answered(refused)).startswith("That was a lot of questions.")
        assert refused.ephemeral
        assert "Muluk Saray" in said(await ask(fake, user=STRANGER_ID))


async def test_without_the_permission_to_embed(
    fake: FakeDiscord, pipeline: ScriptedPipeline, bot: DatelineBot
) -> None:
    """The same answer as text, with the same buttons."""
    pipeline.script = answer()
    await fake.deny(CHANNEL_ID, GUILD_ID, "embed_links")
    message = await ask(fake)
    assert message["embeds"] == []
    assert message["content"].startswith("-# Question: Which village?\n**Muluk Saray**")
    assert message["components"]
    assert bot.user


async def test_servers_do_not_share_archives(
    fake: FakeDiscord, servers: ServerRegistry, bot: DatelineBot
) -> None:
    one, other = servers.server(GUILD_ID), servers.server(GUILD_ID + 1)
    assert one.archive.folder != other.archive.folder
    assert one.records.file != other.records.file
    assert bot.user


@pytest.mark.parametrize("id", [0, -1, 2**64])
def test_what_is_no_server(servers: ServerRegistry, id: int) -> None:
    with pytest.raises(ValueError, match="no id of a Discord server"):
        servers.server(id)


@pytest.mark.usefixtures("bot")
async def test_a_long_question_says_what_is_going_on(
    fake: FakeDiscord, pipeline: ScriptedPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "FIRST_S", 0.0)
    pipeline.script = gate = Gate(answer())
    asked = await fake.invoke("ask", question="Which village?")
    assert said(await fake.answered(asked)) == notices.waiting(0)
    gate.opened.set()
    message = await fake.answered(asked, lambda one: bool(one["embeds"]))
    assert message["content"] == ""
    assert "Muluk Saray" in said(message)
