"""`kill -9` in the middle of a rebuild, and what the next start makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from answers import buttons, said
from fake_discord import FakeDiscord
from fake_payloads import GUILD_ID, OWNER_ID
from killed_bot import START_S, killed_at_the_end
from scripted_bot import STALLED

from bot.servers.asking import utc_now
from bot.servers.folders import RECORDS_FILE, server_folder
from bot.servers.records import ServerRecords
from bot.servers.records.builds import BuildRecord
from index.archive import Archive
from index.catalog import GENERATIONS_FOLDER

Message = dict[str, Any]

pytestmark = pytest.mark.usefixtures("with_articles")


@pytest.fixture
def home(tmp_path: Path, fake: FakeDiscord) -> Path:
    fake.ack_window_s = fake.wait_s = START_S
    return tmp_path / "home"


@pytest.fixture
async def records(home: Path) -> AsyncIterator[ServerRecords]:
    """Of the bot's one server, with a golden question, so that builds ask it."""
    with ServerRecords(server_folder(home, GUILD_ID) / RECORDS_FILE) as opened:
        opened.golden.add("Which village?", "Muluk Saray", by=OWNER_ID, now=utc_now())
        yield opened


async def rebuild(fake: FakeDiscord) -> Message:
    """The message of a rebuild, which has just begun."""
    return await fake.answered(await fake.invoke("index rebuild"))


async def when(comes: Callable[[], object]) -> None:
    """For what another process does, which tells nobody."""
    async with asyncio.timeout(START_S):
        while not comes():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def stalled(home: Path) -> None:
    await when((home / STALLED).exists)
    (home / STALLED).unlink()


def newest(records: ServerRecords) -> BuildRecord:
    (record,) = records.builds.newest()
    return record


async def press(fake: FakeDiscord, message: Message, label: str) -> None:
    await fake.press(int(message["id"]), buttons(message)[label])


async def require_serving(fake: FakeDiscord, home: Path, *, generations: int) -> None:
    """The archive is whole and answers from the last of so many generations."""
    found = await fake.answered(await fake.invoke("articles search", words="village raid"))
    assert "US admits raid" in said(found)
    with Archive.open(server_folder(home, GUILD_ID)) as archive:
        assert archive.verify() == []
        staged, known = archive.staged(), archive.generations()
        published = [one.id for one in known if one != staged]
        assert len(published) == generations and archive.generation_id() == published[-1]
        directories = list((archive.folder / GENERATIONS_FOLDER).iterdir())
        assert len(directories) == len(known), "nothing is left of builds that died"


async def rebuilt_and_published(fake: FakeDiscord) -> None:
    message = await rebuild(fake)
    await fake.until(lambda: message["components"])
    await press(fake, message, "Publish")
    await fake.until(lambda: "is published" in said(message))


@pytest.mark.parametrize("moment", ["embedding", "staging"])
async def test_before_it_is_staged(
    fake: FakeDiscord, home: Path, records: ServerRecords, moment: str
) -> None:
    async with killed_at_the_end(fake, home, moment=moment):
        message = await rebuild(fake)
        await stalled(home)
    if moment == "staging":  # and somebody deletes the message
        await fake.remove_message(int(message["id"]))
    async with killed_at_the_end(fake, home):
        await fake.until(lambda: any("was interrupted" in said(m) for m in fake.messages.values()))
        (told,) = (one for one in fake.messages.values() if "was interrupted" in said(one))
        assert (told == message) is (moment == "embedding") and told["components"] == []
        assert newest(records).state == "interrupted"
        await require_serving(fake, home, generations=1)
        await rebuilt_and_published(fake)
        await require_serving(fake, home, generations=2)


async def test_after_it_is_staged(fake: FakeDiscord, home: Path, records: ServerRecords) -> None:
    async with killed_at_the_end(fake, home, moment="asking"):
        message = await rebuild(fake)
        await stalled(home)
    async with killed_at_the_end(fake, home):  # it goes on
        await fake.until(lambda: "waits to be published" in said(message))
        assert "Golden questions" in said(message)
        hold = fake.hold_next("PATCH", "@original", times=1000)
        await press(fake, message, "Discard")
        await hold.entered.wait()  # and nobody sees that it is discarded
    fake.faults.stop()
    async with killed_at_the_end(fake, home):
        await fake.until(lambda: "is discarded" in said(message))
        assert newest(records).state == "discarded" and message["components"] == []
        await require_serving(fake, home, generations=1)
        await rebuilt_and_published(fake)
        await require_serving(fake, home, generations=2)


async def test_before_anybody_saw_its_preview_or_its_publication(
    fake: FakeDiscord, home: Path, records: ServerRecords
) -> None:
    async with killed_at_the_end(fake, home):
        message = await rebuild(fake)
        fake.hold_next("PATCH", "@original", times=1000)
        await when(lambda: newest(records).state == "previewed")
    fake.faults.stop()
    assert message["components"] == []
    async with killed_at_the_end(fake, home, moment="published"):
        await fake.until(lambda: message["components"])
        await require_serving(fake, home, generations=1)
        await press(fake, message, "Publish")
        await stalled(home)  # it serves, which is not written down
        assert newest(records).state == "previewed"
    async with killed_at_the_end(fake, home):
        await fake.until(lambda: "is published" in said(message))
        assert newest(records).state == "published" and message["components"] == []
        await require_serving(fake, home, generations=2)
        await rebuilt_and_published(fake)
        await require_serving(fake, home, generations=3)
