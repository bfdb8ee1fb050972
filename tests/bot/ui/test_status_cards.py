"""Cards about the server and its people: within Discord's limits, harmless, and true."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from card_reading import check_harmless, check_limits, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render_properties import hostile

from bot.servers.records.ledger import LedgerCounts
from bot.servers.records.privacy import Kept
from bot.servers.records.settings import ServerSettings
from bot.servers.records.watches import Watch
from bot.ui.privacy_card import counted, forgotten, privacy_card
from bot.ui.settings_card import settings_card
from bot.ui.status_card import Command, ServerStatus, help_card, status_card
from bot.ui.watch_list import MOST_SHOWN, WatchButtonId, watch_list
from index.status import ArchiveStatus

NOW = dt.datetime(2023, 5, 17, 12, tzinfo=dt.UTC)
EMPTY = ArchiveStatus("/secret/home", None, 0, 0, None, None, None, None, 0, None, 0, 0)
FULL = dataclasses.replace(
    EMPTY,
    generation=12,
    articles=1234,
    passages=56_789,
    built_at="2023-05-16T23:05:00+00:00",
    build_seconds=12.34,
    staged=13,
)
QUIET = LedgerCounts(0, 0, 0, 0, 0, 0, None)

ids = st.integers(1, 2**63 - 1)
counts = st.integers(0, 2**63 - 1)
moments = st.datetimes(
    min_value=dt.datetime(2015, 1, 1),
    max_value=dt.datetime(9999, 1, 1),
    timezones=st.just(dt.UTC),
)


def fields(card: object) -> dict[str, str]:
    return {one["name"]: one["value"] for one in card.to_dict()["fields"]}  # type: ignore[attr-defined]


# -- status ------------------------------------------------------------------------------


def test_status_of_a_server_at_work() -> None:
    today = LedgerCounts(9, 5, 2, 1, 0, 2, 1.24)
    card = status_card(ServerStatus(FULL, today, 3, 4, "1.2.3"))
    check_limits(card)
    assert fields(card) == {
        "Generation": "12; 13 waits to be published",
        "Articles": "1,234",
        "Passages": "56,789",
        "Last build": "16 May 2023, 23:05 UTC, in 12 s",
        "Questions waiting": "4",
        "Median time to answer": "1.2 s",
        "Questions today": "9 asked\n5 answered\n2 without an answer in the articles\n"
        "2 being answered\n1 corrected since",
        "Questions watched": "3",
    }
    assert card.footer.text == "Dateline 1.2.3"
    assert "/secret" not in str(card.to_dict())


def test_status_of_an_empty_archive() -> None:
    card = status_card(ServerStatus(EMPTY, QUIET, 0, 0, "1.2.3"))
    check_limits(card)
    shown = fields(card)
    assert shown["Generation"] == "none: there are no articles yet"
    assert (shown["Last build"], shown["Questions today"]) == ("never", "0 asked")


@settings(max_examples=40, deadline=None)
@given(
    number=st.none() | counts,
    size=counts,
    built=st.none() | hostile | moments.map(dt.datetime.isoformat),
    seconds=st.none() | st.floats(0, 1e12),
    asked=counts,
    version=st.just("1.2.3.dev4+g0"),
)
def test_any_status(
    number: int | None,
    size: int,
    built: str | None,
    seconds: float | None,
    asked: int,
    version: str,
) -> None:
    archive = dataclasses.replace(
        EMPTY,
        generation=number,
        staged=number,
        articles=size,
        passages=size,
        built_at=built,
        build_seconds=seconds,
    )
    today = LedgerCounts(asked, asked, asked, asked, asked, asked, seconds)
    card = status_card(ServerStatus(archive, today, size, asked, version))
    check_limits(card)
    check_harmless(card)


# -- help --------------------------------------------------------------------------------


def test_help_names_commands_and_menus() -> None:
    card = help_card([Command("/ask", "Ask the articles."), Command("Check it", "", in_menu=True)])
    check_limits(card)
    text = plain(card.description or "")
    assert "/ask: Ask the articles." in text
    assert "Check it: in the menu of a message, below Apps" in text


@settings(max_examples=30, deadline=None)
@given(commands=st.lists(st.builds(Command, hostile, hostile, st.booleans()), max_size=60))
def test_any_help(commands: list[Command]) -> None:
    card = help_card(commands)
    check_limits(card)
    check_harmless(card)


# -- settings ----------------------------------------------------------------------------


def test_settings_as_they_are_at_first() -> None:
    card = settings_card(ServerSettings())
    check_limits(card)
    shown = fields(card)
    assert shown["Who may ask"] == "everybody"
    assert shown["Who manages"] == "people with the permission Manage Server"
    assert shown["Where questions are answered"] == "in all channels"
    assert shown["Kept for"].startswith("90 days")
    assert shown["Corrected"] == "answers of the last 30 days"


@settings(max_examples=30, deadline=None)
@given(
    roles=st.lists(ids, max_size=250),
    channels=st.lists(ids, max_size=500),
    style=st.sampled_from(["in place", "thread"]),
    private=st.booleans(),
    days=st.integers(1, 3650),
    back=st.integers(0, 3650),
)
def test_any_settings(
    roles: list[int], channels: list[int], style: str, private: bool, days: int, back: int
) -> None:
    set_ = ServerSettings.model_validate(
        {
            "ask_roles": roles,
            "manage_roles": roles,
            "channels": channels,
            "answer_style": style,
            "private_by_default": private,
            "retention_days": days,
            "corrections_days": back,
        }
    )
    card = settings_card(set_)
    check_limits(card)
    shown = fields(card)["Where questions are answered"]
    named = sum(f"<#{id}>" in shown for id in set_.channels)
    assert named == len(set_.channels) or f"{len(set_.channels) - named} more channel" in shown


# -- privacy -----------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(kept=st.builds(Kept, counts, counts, counts, counts, counts, counts))
def test_any_privacy(kept: Kept) -> None:
    check_limits(privacy_card(ServerSettings(), kept))
    assert len(forgotten(kept, kept.questions)) <= 2000


def test_counts_in_words() -> None:
    assert counted(Kept(0, 0, 0, 0, 0, 0)) == "nothing"
    assert counted(Kept(1, 1, 1, 1, 1, 1)) == (
        "1 question, 1 turn of conversations, 1 vote, 1 watch, 1 golden question with your id, "
        "1 build with your id"
    )
    assert counted(Kept(0, 0, 0, 0, 0, 0, offers=2, threads=1)) == (
        "2 questions asked back, 1 thread named after a question"
    )
    assert counted(Kept(2, 2, 2, 2, 2, 2)) == (
        "2 questions, 2 turns of conversations, 2 votes, 2 watches, "
        "2 golden questions with your id, 2 builds with your id"
    )


# -- watches -----------------------------------------------------------------------------

watches = st.builds(
    Watch,
    id=ids,
    state=st.just("active"),
    asker_id=ids,
    channel_id=ids,
    question=hostile,
    filters=st.just({}),
    created_at=moments,
    expires_at=moments,
    searched_generation=st.none(),
    answered_generation=st.none(),
)


@settings(max_examples=30, deadline=None)
@given(found=st.lists(watches, max_size=40, unique_by=lambda one: one.id), everybody=st.booleans())
async def test_any_watches(found: list[Watch], everybody: bool) -> None:
    card, view = watch_list(found, everybody=everybody)
    check_limits(card)
    ids_ = [getattr(item, "custom_id", "") for item in view.children]
    assert len(ids_) == min(len(found), MOST_SHOWN) and all(len(id) <= 100 for id in ids_)
    parsed = [WatchButtonId.parse(id) for id in ids_]
    assert parsed == [WatchButtonId(one.id, everybody) for one in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        assert f"{len(found) - MOST_SHOWN} more question" in (card.description or "")
    # Mentions of the bot's own are of channels and people; all else is literal.
    rest = card.description or ""
    for one in found:
        rest = rest.replace(f"<#{one.channel_id}>", "").replace(f"<@{one.asker_id}>", "")
    check_harmless(type(card)(description=rest or "-"))


@pytest.mark.parametrize(
    "text",
    ["", "dateline-watch:", "dateline-watch:0", "dateline-watch:1:everyone", "dateline:watch:1"],
)
def test_other_ids_are_no_watch_buttons(text: str) -> None:
    assert WatchButtonId.parse(text) is None
