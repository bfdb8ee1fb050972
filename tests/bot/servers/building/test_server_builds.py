"""Builds from Discord, on real archives: previewed, decided, bounded."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from server_building import (
    BRIDGE,
    FERRY,
    HARBOUR,
    KEEPER,
    NOW,
    QUARRY,
    added,
    begin,
    finished,
    new_process,
    titles,
)

from bot.servers import build_refusals as why
from bot.servers.build_refusals import BuildRefusedError, BuildWaitsError
from bot.servers.building import Building
from bot.servers.golden_answers import GoldenResult, is_right
from bot.servers.material import MOST_FILES, Material, Upload, plain_name, upload_document
from bot.servers.previews import BuildSummary
from bot.servers.registry import ServerRegistry
from bot.servers.running_builds import uploads_folder
from index.errors import ArticleNotFoundError


async def test_articles_are_previewed_and_then_published(
    building: Building, servers: ServerRegistry
) -> None:
    view = await added(building, FERRY, BRIDGE)
    assert (view.waits, view.summary.added, view.summary.failed) == (True, 2, 0)
    assert view.staged is not None
    assert sorted(one.title for one in view.staged.added) == ["Bridge opens", "Ferry stops"]
    assert titles(servers) == []
    done = await building.publish(HARBOUR, view.record.id)
    assert (done.record.state, done.summary.added) == ("published", 2)
    assert titles(servers) == ["Bridge opens", "Ferry stops"]
    assert not any(uploads_folder(servers.server(HARBOUR)).iterdir()), "no file is left behind"
    again = await building.discard(HARBOUR, view.record.id)
    assert again.record.state == "published", "who decides second sees what was decided"


async def test_discarded_articles_are_nowhere(building: Building, servers: ServerRegistry) -> None:
    view = await added(building, FERRY)
    done = await building.discard(HARBOUR, view.record.id)
    assert done.record.state == "discarded"
    assert titles(servers) == []
    assert servers.server(HARBOUR).archive.staged() is None


async def test_publishing_at_once(servers: ServerRegistry) -> None:
    told: list[int] = []
    building = new_process(servers, changed=told.append)
    try:
        view = await added(building, FERRY, publish_now=True)
        assert view.record.state == "published"
        assert told == [HARBOUR]
        assert titles(servers) == ["Ferry stops"]
    finally:
        building.close()
        await building.closed()


async def test_what_is_there_already_needs_no_decision(building: Building) -> None:
    await added(building, FERRY, publish_now=True)
    view = await added(building, FERRY)
    assert (view.record.state, view.summary.unchanged, view.summary.added) == ("discarded", 1, 0)


async def test_a_file_that_cannot_be_read_is_named_as_its_sender_named_it(
    building: Building, servers: ServerRegistry
) -> None:
    build = await begin(building)
    bad = build.keep(1, "../../etc/broken.pdf", b"%PDF-1.4 nothing")
    building.add(build, Material((bad,)))
    view = await finished(build)
    assert (view.record.state, view.summary.reason) == ("failed", why.NOTHING_READ)
    (failure,) = view.summary.failures
    assert failure.startswith("broken.pdf")
    assert str(servers.server(HARBOUR).archive.folder) not in failure


async def test_a_page_on_this_very_machine_is_not_fetched(building: Building) -> None:
    build = await begin(building)
    building.add(build, Material(url="http://127.0.0.1:9/private"))
    view = await finished(build)
    assert view.record.state == "failed"
    assert "127.0.0.1" in view.summary.failures[0]


async def test_removal_and_rebuild(building: Building, servers: ServerRegistry) -> None:
    await added(building, FERRY, BRIDGE, publish_now=True)
    archive = servers.server(HARBOUR).archive
    (ferry,) = [one.id for one in archive.articles() if one.title == "Ferry stops"]
    build = await begin(building, "remove")
    building.remove(build, [ferry])
    view = await finished(build)
    assert (view.waits, view.summary.removed) == (True, 1)
    await building.publish(HARBOUR, view.record.id)
    assert titles(servers) == ["Bridge opens"]
    with pytest.raises(ArticleNotFoundError):
        archive.article_revision(ferry, 1)
    build = await begin(building, "rebuild")
    building.rebuild(build)
    assert (await finished(build)).waits
    build_of_stranger = await begin(building, "remove", QUARRY)
    building.remove(build_of_stranger, ["bridge"])
    failed = await finished(build_of_stranger)
    assert (failed.record.state, failed.summary.reason) == ("failed", why.NO_SUCH_ARTICLE)


async def test_one_build_at_a_time_and_then_its_decision(
    building: Building, servers: ServerRegistry
) -> None:
    build = await begin(building)
    with pytest.raises(BuildRefusedError, match="under way"):
        await begin(building)
    with pytest.raises(BuildRefusedError, match="under way"):
        await building.roll_back(HARBOUR)
    with pytest.raises(BuildRefusedError, match="still under way"):
        await building.publish(HARBOUR, build.record.id)
    other = await begin(building, server=QUARRY)
    await building.give_up(other, why.UNREADABLE)
    building.add(build, Material((build.keep(1, "ferry.txt", FERRY.encode()),)))
    view = await finished(build)
    with pytest.raises(BuildWaitsError) as waits:
        await begin(building)
    assert waits.value.view.record.id == view.record.id
    assert waits.value.view.staged is not None
    with pytest.raises(BuildRefusedError, match="not on record"):
        await building.publish(QUARRY, view.record.id + 1)
    await building.discard(HARBOUR, view.record.id)
    await building.give_up(await begin(building), why.UNREADABLE)


async def test_a_bound_over_all_servers(servers: ServerRegistry) -> None:
    building = new_process(servers, most=1)
    build = await begin(building)
    with pytest.raises(BuildRefusedError, match="Too many builds"):
        await begin(building, server=QUARRY)
    await building.give_up(build, why.UNREADABLE)
    await building.give_up(await begin(building, server=QUARRY), why.UNREADABLE)
    building.close()
    with pytest.raises(BuildRefusedError, match="shutting down"):
        await begin(building)
    await building.closed()


async def test_two_press_at_once(building: Building) -> None:
    view = await added(building, FERRY)
    id = view.record.id
    states = await asyncio.gather(building.publish(HARBOUR, id), building.discard(HARBOUR, id))
    assert [one.record.state for one in states] == ["published", "published"]


async def test_going_back(building: Building, servers: ServerRegistry) -> None:
    with pytest.raises(BuildRefusedError, match="no earlier"):
        await building.roll_back(HARBOUR)
    await added(building, FERRY, publish_now=True)
    await added(building, BRIDGE, publish_now=True)
    back = await building.roll_back(HARBOUR)
    assert (back.left, back.serving, back.articles) == (2, 1, 1)
    assert titles(servers) == ["Ferry stops"]


async def test_what_was_built_on_something_else_is_not_published(
    building: Building, servers: ServerRegistry
) -> None:
    await added(building, FERRY, publish_now=True)
    await added(building, BRIDGE, publish_now=True)
    view = await added(building, "Title: Third one\n\nA third article about the lighthouse keeper.")
    await building.roll_back(HARBOUR)
    with pytest.raises(BuildRefusedError, match="earlier generation"):
        await building.publish(HARBOUR, view.record.id)
    assert (await building.discard(HARBOUR, view.record.id)).record.state == "discarded"
    assert titles(servers) == ["Ferry stops"]


# -- golden questions ------------------------------------------------------------------


async def test_golden_questions_are_asked_of_both(
    building: Building, servers: ServerRegistry
) -> None:
    golden = servers.server(HARBOUR).records.golden
    golden.add("Which ferry was cancelled?", "Lindholm", by=KEEPER, now=NOW)
    golden.add("Where did a bridge open?", "Marrow", by=KEEPER, now=NOW)
    golden.add("Who won the chess final?", "", by=KEEPER, now=NOW)
    first = await added(building, FERRY)
    assert [(one.before, one.right_before) for one in first.summary.golden] == [(None, False)] * 3
    assert [one.right_after for one in first.summary.golden] == [True, False, False]
    await building.publish(HARBOUR, first.record.id)
    second = await added(building, BRIDGE)
    ferry, bridge, _ = second.summary.golden
    assert (ferry.right_before, ferry.right_after, ferry.changed) == (True, True, False)
    assert (bridge.right_before, bridge.right_after, bridge.changed) == (False, True, True)
    assert "Marrow" in str(bridge.after)
    again = await building.view(HARBOUR, second.record.id)
    assert again.summary == second.summary, "the record holds all that is shown"
    done = await building.publish(HARBOUR, second.record.id)
    assert done.summary.golden == (), "answers are not kept longer than they are needed"


def test_what_is_right() -> None:
    assert is_right("in the Port of Lindholm, on Monday", "port of lindholm")
    assert not is_right("Lindholm", "Marrow")
    assert is_right("", "")
    assert not is_right("anything", "")
    assert not is_right(None, "")
    assert not is_right("", "Marrow")


# -- files from outside ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\u202etxt.exe", "a\ufffdtxt.exe"),
        ("/", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_of_files(name: str, shown: str) -> None:
    assert plain_name(name) == shown


async def test_no_name_becomes_a_path(building: Building, servers: ServerRegistry) -> None:
    build = await begin(building)
    kept = [build.keep(n, "../../escaped.txt", b"x") for n in range(MOST_FILES)]
    inside = uploads_folder(servers.server(HARBOUR))
    assert all(one.file.resolve().is_relative_to(inside.resolve()) for one in kept)
    with pytest.raises(ValueError, match="files"):
        build.keep(9, "one more", b"x")
    await building.give_up(build, why.UNREADABLE)
    assert not any(one.file.exists() for one in kept)


def test_a_file_sent_again_is_the_same_article_but_a_pasted_text_is_not() -> None:
    def origin(id: int, name: str) -> str:
        return upload_document(Upload(id, name, Path("1"))).origin

    assert origin(1, "report.txt") == origin(2, "report.txt")
    assert origin(1, "message.txt") != origin(2, "message.txt")


def test_a_summary_is_what_its_record_holds() -> None:
    golden = GoldenResult("Q?", "a", None, "", False, False)
    summary = BuildSummary(1, 2, 3, 4, 5, 6, ("x: empty",), "then", (golden,), "why")
    assert BuildSummary.from_json(summary.to_json()) == summary
    assert BuildSummary.from_json({}) == BuildSummary()
