"""Articles from the web, given in Discord: fetched, previewed, published, and answering."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from answers import buttons, said
from fake_discord import FakeDiscord
from fake_interactions import Interaction
from fake_payloads import GUILD_ID, STRANGER_ID, TOKEN
from scripted import started
from web_server import SENTENCES, Reply, WebServer, web_server

from bot.client import DatelineBot
from bot.cogs.articles import MANY_LINKS, NOTHING_THERE
from bot.servers.permissions import MAY_NOT_MANAGE
from bot.servers.registry import ServerRegistry, open_servers
from bot.settings import Settings, load_settings

Message = dict[str, Any]

HTML = {"Content-Type": "text/html; charset=utf-8"}
FERRY = "The ferry to Lindholm was christened by Ingrid Solberg on Thursday."
QUARRY = "The quarry of Marrow was sold to the brothers Castellan for three million pounds."


def page(title: str, sentence: str, head: str = "") -> Reply:
    body = f"<h1>{title}</h1><p>{sentence}</p><p>{SENTENCES}</p>"
    head = f"<title>{title}</title>{head}"
    return Reply(
        f"<html><head>{head}</head><body><article>{body}</article></body></html>", 200, HTML
    )


@pytest.fixture
def site() -> Iterator[WebServer]:
    """A newspaper with two articles, and a feed that links to both."""
    with web_server() as server:
        facts = '<meta property="article:published_time" content="2022-05-01">'
        facts += '<meta property="og:site_name" content="Harbour Post">'
        server.pages["/ferry"] = page("Ferry named", FERRY, facts)
        server.pages["/quarry"] = page("Quarry sold", QUARRY)
        items = "".join(
            f"<item><title>{title}</title><link>{server.url}{path}</link><guid>{path}</guid></item>"
            for title, path in (("Ferry named", "/ferry"), ("Quarry sold", "/quarry"))
        )
        rss = f'<rss version="2.0"><channel><title>Harbour Post</title>{items}</channel></rss>'
        server.pages["/feed"] = Reply(rss, headers={"Content-Type": "application/rss+xml"})
        yield server


@pytest.fixture
def settings(fake: FakeDiscord, tmp_path: Path) -> Settings:
    return load_settings(
        home=tmp_path / "home",
        discord_token=TOKEN,
        discord_api=fake.http,
        discord_gateway=fake.ws,
        fetch_allow_loopback=True,
        fetch_delay=0,
    )


@pytest.fixture
def servers(settings: Settings) -> Iterator[ServerRegistry]:
    """The real ones: what is added is to be searched, read and cited."""
    with open_servers(settings) as opened:
        yield opened


@pytest.fixture
async def bot(
    fake: FakeDiscord, settings: Settings, servers: ServerRegistry
) -> AsyncIterator[DatelineBot]:
    fake.wait_s = 120  # the first build and the first question load the models
    async with started(fake, settings, servers) as client:
        yield client


async def published(fake: FakeDiscord, added: Interaction, *expected: str) -> None:
    """The preview says what is expected, and Publish is pressed."""
    message = await fake.answered(added, lambda one: bool(one["components"]))
    for text in expected:
        assert text in said(message)
    await fake.press(int(message["id"]), buttons(message)["Publish"])
    await fake.until(lambda: "is published" in said(message))


async def asked(fake: FakeDiscord, question: str) -> Message:
    """The answer, once it is there."""
    return await fake.answered(
        await fake.invoke("ask", question=question, user=STRANGER_ID),
        lambda one: bool(one["components"]),
    )


@pytest.mark.usefixtures("bot")
async def test_a_web_address(fake: FakeDiscord, site: WebServer) -> None:
    added = await fake.invoke("articles add", url=f"{site.url}/ferry")
    await published(fake, added, "1 added", "Ferry named, Harbour Post, 1 May 2022")
    answer = await asked(fake, "Who christened the ferry to Lindholm?")
    assert "**Ingrid Solberg**" in said(answer)
    assert f"{site.url}/ferry" in said(answer), "it links to the page"


@pytest.mark.usefixtures("bot")
async def test_a_feed(fake: FakeDiscord, site: WebServer, servers: ServerRegistry) -> None:
    added = await fake.invoke("articles add", feed=f"{site.url}/feed")
    await published(fake, added, "2 added", "Ferry named", "Quarry sold")
    assert "Castellan" in said(await asked(fake, "Who bought the quarry of Marrow?"))
    assert sorted(site.paths()) == ["/feed", "/ferry", "/quarry"]
    assert servers.server(GUILD_ID).archive.verify() == []


@pytest.mark.usefixtures("bot")
async def test_what_is_no_feed(fake: FakeDiscord, site: WebServer, servers: ServerRegistry) -> None:
    added = await fake.invoke("articles add", feed=f"{site.url}/ferry")
    message = await fake.answered(added, lambda one: "failed" in said(one))
    assert "there is no RSS or Atom feed" in said(message) and message["components"] == []
    assert list(servers.server(GUILD_ID).archive.articles()) == []


@pytest.mark.usefixtures("bot")
async def test_the_menu_of_a_message_with_a_link(fake: FakeDiscord, site: WebServer) -> None:
    text = f"Have you read this? (<{site.url}/quarry>)!"
    told = await fake.say(text, author=STRANGER_ID)
    forged = await fake.use_on(int(told["id"]), "Add to the archive", user=STRANGER_ID, forged=True)
    assert said(await fake.answered(forged)) == MAY_NOT_MANAGE and site.requests == []
    added = await fake.use_on(int(told["id"]), "Add to the archive")
    await published(fake, added, "1 added", "Quarry sold")
    assert "Castellan" in said(await asked(fake, "Who bought the quarry of Marrow?"))


@pytest.mark.usefixtures("bot")
async def test_the_menu_of_other_messages(fake: FakeDiscord, site: WebServer) -> None:
    for text, notice in (
        ("Have you read this?", NOTHING_THERE),
        (f"{site.url}/quarry or {site.url}/ferry?", MANY_LINKS),
    ):
        message = await fake.say(text, author=STRANGER_ID)
        used = await fake.use_on(int(message["id"]), "Add to the archive")
        assert said(await fake.answered(used)) == notice and used.ephemeral
    assert site.requests == []


async def test_addresses_of_the_bots_own_machine_are_not_fetched(
    fake: FakeDiscord, settings: Settings, servers: ServerRegistry, site: WebServer
) -> None:
    fake.wait_s = 120
    public = settings.model_copy(update={"fetch_allow_loopback": False})
    async with started(fake, public, servers):
        for kind in ("url", "feed"):
            added = await fake.invoke("articles add", options={kind: f"{site.url}/ferry"})
            message = await fake.answered(added, lambda one: "failed" in said(one))
            assert "this machine" in said(message)
    assert site.requests == []
