"""The archive kept from Discord: added to, previewed, published, discarded, rolled back."""

from __future__ import annotations

from typing import Any

import pytest
from answers import buttons, said
from fake_discord import FakeDiscord
from fake_payloads import GUILD_ID, STRANGER_ID
from scripted import started

from bot.client import DatelineBot
from bot.servers import permissions
from bot.servers.registry import ServerRegistry
from bot.settings import DiscordSettings

BRIDGE = (
    b"Lyon opens a bridge\n\nThe bridge of Lyon was opened by the mayor on Monday. "
    b"Thousands of people came to see it and crossed the river on foot."
)
BUILT_S = 120
"""Seconds for a build: the first one loads the model."""


def decided(message: dict[str, Any]) -> bool:
    return bool(message["components"])


async def previewed(fake: FakeDiscord, **options: Any) -> dict[str, Any]:
    """The message of an addition that waits for a decision."""
    fake.wait_s = BUILT_S
    file = fake.upload("bridge.txt", BRIDGE)
    added = await fake.invoke("articles add", file1=file, **options)
    return await fake.answered(added, decided)


async def press(fake: FakeDiscord, message: dict[str, Any], label: str, **who: Any) -> Any:
    return await fake.press(int(message["id"]), buttons(message)[label], **who)


def articles(servers: ServerRegistry) -> list[str]:
    return [one.title for one in servers.server(GUILD_ID).archive.articles()]


async def test_added_articles_serve_once_they_are_published(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry
) -> None:
    message = await previewed(fake)
    assert "Lyon opens a bridge" in said(message)
    assert articles(servers) == []
    await press(fake, message, "Publish")
    await fake.until(lambda: not fake.messages[int(message["id"])]["components"])
    assert articles(servers) == ["Lyon opens a bridge"]
    assert bot.user


async def test_discarded_ones_never_do(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry
) -> None:
    message = await previewed(fake)
    await press(fake, message, "Discard")
    await fake.until(lambda: not fake.messages[int(message["id"])]["components"])
    assert articles(servers) == []
    assert servers.server(GUILD_ID).archive.staged() is None
    assert bot.user


async def test_the_decision_is_for_managers(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry
) -> None:
    message = await previewed(fake)
    pressed = await press(fake, message, "Publish", user=STRANGER_ID)
    assert said(await fake.answered(pressed)) == permissions.MAY_NOT_MANAGE
    assert articles(servers) == []
    assert bot.user


async def test_whoever_may_not_manage_adds_nothing(fake: FakeDiscord, bot: DatelineBot) -> None:
    file = fake.upload("bridge.txt", BRIDGE)
    added = await fake.invoke("articles add", file1=file, user=STRANGER_ID)
    assert said(await fake.answered(added)) == permissions.MAY_NOT_MANAGE
    assert added.ephemeral
    assert bot.user


async def test_the_buttons_work_after_a_restart(
    fake: FakeDiscord, settings: DiscordSettings, servers: ServerRegistry
) -> None:
    async with started(fake, settings, servers):
        message = await previewed(fake)
    async with started(fake, settings, servers):
        await press(fake, message, "Publish")
        await fake.until(lambda: articles(servers) != [])


async def test_published_at_once_and_rolled_back(
    fake: FakeDiscord, bot: DatelineBot, servers: ServerRegistry
) -> None:
    fake.wait_s = BUILT_S
    for number in (1, 2):
        file = fake.upload(f"{number}.txt", BRIDGE.replace(b"Lyon", b"Lyon %d" % number))
        await fake.invoke("articles add", file1=file, publish_now=True)
        await fake.until(lambda: len(articles(servers)) == number)  # noqa: B023 - awaited here
    await fake.answered(await fake.invoke("index rollback"))
    await fake.until(lambda: len(articles(servers)) == 1)
    assert bot.user


@pytest.mark.usefixtures("with_articles", "bot")
async def test_what_is_there_is_for_all_who_may_ask(fake: FakeDiscord) -> None:
    fake.wait_s = BUILT_S
    listed = await fake.invoke("articles list", user=STRANGER_ID)
    assert "US admits raid" in said(await fake.answered(listed))
    shown = await fake.invoke("articles show", user=STRANGER_ID, id="a1")
    assert "Newswire" in said(await fake.answered(shown))
    found = await fake.invoke("articles search", user=STRANGER_ID, words="village raid")
    assert "US admits raid" in said(await fake.answered(found))


@pytest.mark.usefixtures("bot")
async def test_golden_questions(fake: FakeDiscord) -> None:
    added = await fake.invoke("golden add", question="Which village?", answer="Muluk Saray")
    await fake.answered(added)
    listed = said(await fake.answered(await fake.invoke("golden list")))
    assert "Which village?" in listed and "Muluk Saray" in listed
