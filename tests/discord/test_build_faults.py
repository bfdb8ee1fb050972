"""Builds over a connection to Discord that breaks: shown where they were, and decided once."""

from __future__ import annotations

import pytest
from answers import buttons, said
from fake_discord import FakeDiscord
from fake_payloads import GUILD_ID

from bot.cogs import delivery
from bot.servers import build_refusals as why
from bot.servers.registry import ServerRegistry
from bot.servers.running_builds import uploads_folder

TEXT = b"Lyon opens a bridge\n\nThe bridge of Lyon was opened by the mayor on Monday."


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PAUSES_S", "QUICK_S"):
        monkeypatch.setattr(delivery, name, (0.0, 0.0, 0.0))


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("carried_out", [False, True])
async def test_every_request_of_a_build_breaks_off_once(
    fake: FakeDiscord, servers: ServerRegistry, carried_out: bool
) -> None:
    fake.wait_s = 120  # the first build loads the model
    broken = [
        fake.drop_next("POST", "/callback", carried_out=carried_out),
        fake.drop_next("GET", "@original", carried_out=carried_out),
        fake.drop_next("PATCH", "@original", carried_out=carried_out, times=2),
    ]
    added = await fake.invoke("articles add", file1=fake.upload("bridge.txt", TEXT))
    message = await fake.answered(added, lambda one: bool(one["components"]))
    assert [one.struck for one in broken] == [1, 1, 2]

    broken = [
        fake.drop_next("POST", "/callback", carried_out=carried_out),
        fake.drop_next("PATCH", "@original", carried_out=carried_out),
    ]
    await fake.press(int(message["id"]), buttons(message)["Publish"])
    await fake.until(lambda: "is published" in said(message))
    assert [one.struck for one in broken] == [1, 1]
    archive = servers.server(GUILD_ID).archive
    assert [one.title for one in archive.articles()] == ["Lyon opens a bridge"]
    assert len(archive.generations()) == 1

    fake.drop_next("POST", "/callback", carried_out=carried_out)
    back = await fake.answered(await fake.invoke("index rollback"))
    assert "no earlier generation" in said(back)
    assert sum("no earlier generation" in said(one) for one in fake.messages.values()) == 1


@pytest.mark.usefixtures("bot")
async def test_a_build_whose_progress_cannot_be_shown_goes_on(
    fake: FakeDiscord, servers: ServerRegistry
) -> None:
    fake.wait_s = 120
    refused = fake.refuse_next("PATCH", "@original", status=400, code=50035)
    added = await fake.invoke("articles add", file1=fake.upload("bridge.txt", TEXT))
    message = await fake.answered(added, lambda one: bool(one["components"]))
    assert refused.struck == 1 and "waits to be published" in said(message)
    assert servers.server(GUILD_ID).archive.staged() is not None


@pytest.mark.usefixtures("bot")
async def test_a_file_that_discord_does_not_give(
    fake: FakeDiscord, servers: ServerRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = fake.upload("bridge.txt", TEXT)
    monkeypatch.setattr(fake, "files", {})
    added = await fake.invoke("articles add", file1=file)
    message = await fake.answered(added, lambda one: "failed" in said(one))
    assert why.UNREADABLE in said(message) and message["components"] == []
    (record,) = servers.server(GUILD_ID).records.builds.newest()
    assert record.state == "failed"
    assert not list(uploads_folder(servers.server(GUILD_ID)).glob("*"))
