"""Builds from Discord over the end of a process: whole, found again, and decided once."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from server_building import (
    BRIDGE,
    FERRY,
    HARBOUR,
    KEEPER,
    NOW,
    WAIT_S,
    FirstSentence,
    added,
    begin,
    finished,
    new_process,
    titles,
)

from bot.servers import build_refusals as why
from bot.servers.building import Building
from bot.servers.material import Material
from bot.servers.registry import ServerRegistry
from bot.servers.running_builds import uploads_folder
from index.article import Article
from index.catalog import GENERATIONS_FOLDER


async def test_a_running_build_is_interrupted(building: Building, servers: ServerRegistry) -> None:
    build = await begin(building)  # and the process is killed
    after = new_process(servers)
    recovered = await after.recover(HARBOUR)
    (view,) = recovered.views
    assert (view.record.id, view.record.state) == (build.record.id, "interrupted")
    assert view.summary.reason == why.INTERRUPTED
    assert (await after.recover(HARBOUR)).views == (), "once a process"
    assert (await added(after, FERRY)).waits
    after.close()
    await after.closed()


async def test_what_is_begun_at_once_is_not_taken_for_what_was_left(
    building: Building, servers: ServerRegistry
) -> None:
    old = await begin(building)  # and the process is killed
    after = new_process(servers)
    new, recovered = await asyncio.gather(begin(after), after.recover(HARBOUR))
    assert [one.record.id for one in recovered.views] == [old.record.id]
    assert (await after.give_up(new, why.FAILED)).record.state == "failed"
    after.close()
    await after.closed()


async def test_what_an_interrupted_build_left_is_deleted(
    building: Building, servers: ServerRegistry
) -> None:
    assert (await added(building, FERRY, publish_now=True)).record.state == "published"
    build = await begin(building)
    generations = build.server.archive.folder / GENERATIONS_FOLDER
    half_written = generations / "half-written"
    for folder in (half_written, uploads_folder(build.server) / "files"):
        folder.mkdir(parents=True)
    after = new_process(servers)
    await after.recover(HARBOUR)
    assert not half_written.exists() and not uploads_folder(build.server).exists()
    assert len(list(generations.iterdir())) == 1 and titles(servers) == ["Ferry stops"]
    after.close()
    await after.closed()


async def test_how_the_last_build_ended_is_told_again(
    building: Building, servers: ServerRegistry
) -> None:
    """As nobody knows whether its message says so."""
    for text in (FERRY, BRIDGE):
        last = await added(building, text, publish_now=True)
    after = new_process(servers)
    recovered = await after.recover(HARBOUR)
    assert recovered.views == () and len(recovered.ended) == 2
    assert recovered.ended[0].record == last.record
    after.close()
    await after.closed()


async def test_a_preview_waits_over_a_restart(building: Building, servers: ServerRegistry) -> None:
    view = await added(building, FERRY)
    after = new_process(servers)
    (found,) = (await after.recover(HARBOUR)).views
    assert (found.record, found.summary) == (view.record, view.summary)
    assert found.staged is not None and view.staged is not None
    assert found.staged.added == view.staged.added
    assert (await after.publish(HARBOUR, view.record.id)).record.state == "published"
    assert titles(servers) == ["Ferry stops"]
    after.close()
    await after.closed()


async def test_what_was_built_but_not_yet_previewed_goes_on(
    building: Building, servers: ServerRegistry, reader: FirstSentence
) -> None:
    servers.server(HARBOUR).records.golden.add("Which ferry?", "Lindholm", by=KEEPER, now=NOW)
    reader.opened.clear()
    build = await begin(building)
    building.add(build, Material((build.keep(1, "ferry.txt", FERRY.encode()),)))
    assert await asyncio.to_thread(reader.entered.wait, WAIT_S)
    assert build.step.stage == "asking"
    building.close()
    reader.opened.set()
    view = await finished(build)
    await building.closed()
    assert view.record.state in ("running", "previewed")
    after = new_process(servers)
    recovered = await after.recover(HARBOUR)
    if view.record.state == "running":
        assert view.summary.reason == why.GOES_ON
        (going_on,) = recovered.going_on
        view = await finished(going_on)
    assert (view.waits, view.record.id, view.summary.added) == (True, build.record.id, 1)
    assert [one.right_after for one in view.summary.golden] == [True]
    assert (await after.publish(HARBOUR, view.record.id)).record.state == "published"
    after.close()
    await after.closed()


@pytest.mark.parametrize("published", [True, False])
async def test_a_decision_that_was_not_written_down(
    building: Building, servers: ServerRegistry, published: bool
) -> None:
    """As after a crash between the archive and the record, or a decision at the command line."""
    view = await added(building, FERRY)
    archive = servers.server(HARBOUR).archive
    assert view.record.staged_generation is not None
    if published:
        archive.publish_staged(view.record.staged_generation)
    else:
        archive.discard_staged(view.record.staged_generation)
    after = new_process(servers)
    (found,) = (await after.recover(HARBOUR)).views
    assert found.record.state == ("published" if published else "discarded")
    assert servers.server(HARBOUR).records.builds.unfinished() == []
    after.close()
    await after.closed()


async def test_another_build_of_the_same_number_is_not_taken_for_it(
    building: Building, servers: ServerRegistry
) -> None:
    view = await added(building, FERRY)
    server = servers.server(HARBOUR)
    record = server.records.builds.by_id(view.record.id)
    assert record is not None
    older = dataclasses.replace(view.summary, built_at="2001-01-01T00:00:00+00:00")
    server.records._file.change("UPDATE build SET state = 'running'")
    server.records.builds.preview(record.id, record.staged_generation, older.to_json())
    assert (await building.publish(HARBOUR, record.id)).record.state == "discarded"
    assert titles(servers) == []
    assert server.archive.staged() is not None


async def test_a_build_of_the_command_line_is_left_alone(
    building: Building, servers: ServerRegistry
) -> None:
    archive = servers.server(HARBOUR).archive
    build = await begin(building)
    staged = archive.stage([_article(FERRY)])
    building.add(build, Material((build.keep(1, "bridge.txt", BRIDGE.encode()),)))
    view = await finished(build)
    assert (view.record.state, view.summary.reason) == ("failed", why.WAITS_ELSEWHERE)
    assert staged.generation is not None
    archive.publish_staged(staged.generation)
    assert titles(servers) == ["Ferry stops"]


def _article(text: str) -> Article:
    return Article(id="own", title="Ferry stops", date=None, source="", url="", text=text)
