"""Builds, articles and golden questions as cards: what they say, limits, and nothing alive."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import get_args

import discord
import pytest
from card_reading import check_harmless, check_limits, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render_properties import articles, hostile, references

from bot.servers.build_refusals import WAITS
from bot.servers.building import RolledBack
from bot.servers.golden_answers import GoldenResult
from bot.servers.previews import BuildSummary, BuildView
from bot.servers.records.builds import BuildKind, BuildRecord, BuildState
from bot.servers.records.golden import GoldenQuestion
from bot.servers.running_builds import Step
from bot.ui.article_cards import article_card, golden_list_card, list_card
from bot.ui.build_buttons import BuildButtonId, build_button, decision_view
from bot.ui.build_cards import build_card, card_text, progress_card, rolled_back_card
from bot.ui.limits import MESSAGE, units
from index.article import Article, ArticleReference
from index.build_report import BuildReport
from index.staged_build import StagedBuild

NOW = dt.datetime(2031, 5, 4, 12, 0, tzinfo=dt.UTC)
FERRY = ArticleReference("ferry", "Ferry stops", dt.date(2031, 5, 1), "Harbour Post", "")


def view(
    state: BuildState = "previewed",
    summary: BuildSummary | None = None,
    staged: StagedBuild | None = None,
    kind: BuildKind = "add",
) -> BuildView:
    ended = None if state in ("running", "previewed") else NOW
    record = BuildRecord(3, kind, state, 7, 70, 700, 1, 2, {}, NOW, ended)
    return BuildView(record, summary or BuildSummary(), staged)


def text(built: BuildView) -> str:
    card = build_card(built)
    return "\n".join([plain(card.description or ""), *(plain(str(f.value)) for f in card.fields)])


def test_a_preview_says_what_publishing_would_do() -> None:
    golden = (
        GoldenResult("Where?", "Lindholm", "Lindholm", "Marrow", True, False),
        GoldenResult("When?", "Monday", None, "on Monday", False, True),
        GoldenResult("Who?", "", "", "", True, True),
    )
    summary = BuildSummary(1, 0, 4, 0, 1, 12, ("a.pdf: the file is empty",), "now", golden)
    said = text(view(summary=summary, staged=StagedBuild(2, 1, BuildReport(), added=(FERRY,))))
    for expected in (
        "Build 3 waits to be published",
        "1 added, 4 unchanged, 1 failed; 12 passages in all",
        "Ferry stops, Harbour Post, 1 May 2031",
        "a.pdf: the file is empty",
        "2 of 3 right now, 2 of 3 after publishing",
        "Worse: Where? “Lindholm” → “Marrow”",
        "Better: When? not asked → “on Monday”",
    ):
        assert expected in said
    assert said.index("Worse") < said.index("Better")
    assert "Who?" not in said, "what stays the same is counted only"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("published", "is published"),
        ("discarded", "is discarded"),
        ("interrupted", "was interrupted"),
        ("failed", "failed"),
    ],
)
def test_how_a_build_ended(state: BuildState, said: str) -> None:
    assert f"Build 3 {said}\n1 added" in text(view(state, BuildSummary(added=1)))


def test_a_build_with_nothing_to_do() -> None:
    built = view("discarded", BuildSummary(unchanged=2))
    record = dataclasses.replace(built.record, staged_generation=None)
    assert "changes nothing" in text(dataclasses.replace(built, record=record))


def test_a_card_as_text() -> None:
    summary = BuildSummary(1, 0, 0, 0, 1, 12, ("a.pdf: the file is empty",))
    card = build_card(
        view(summary=summary, staged=StagedBuild(2, 1, BuildReport(), added=(FERRY,)))
    )
    assert card_text(card).split("\n") == [
        "**Build 3 waits to be published**",
        "1 added, 1 failed; 12 passages in all",
        "Publish it, or discard it: nothing changes before.",
        "**Added (1)**",
        "- Ferry stops, Harbour Post, 1 May 2031",
        "**Failed (1)**",
        "- a\\.pdf\\: the file is empty",
    ]


def test_of_a_long_card_each_list_keeps_its_beginning() -> None:
    summary = BuildSummary(12, 12, 0, 12, 12, 12, ("the file is empty " * 11,) * 12)
    staged = StagedBuild(2, 1, BuildReport(), (FERRY,) * 12, (FERRY,) * 12, (FERRY,) * 12)
    said = card_text(build_card(view(summary=summary, staged=staged)))
    assert MESSAGE - 200 < units(said) <= MESSAGE
    added, failed = said.index("**Added"), said.index("**Failed")
    assert said[added:].startswith("**Added (12)**\n- Ferry") and said.endswith("\n…")
    assert said[failed:].startswith("**Failed (12)**\n- the file")


def test_progress() -> None:
    said = plain(progress_card(3, "rebuild", Step("embedding", 512, 2048)).description or "")
    assert said == "Rebuilding the index (build 3)\nEmbedding passages: 512 of 2,048 (25%)…"
    assert "Reading what was sent: 7…" in str(
        progress_card(3, "add", Step("fetching", 7)).description
    )


def test_ids_of_buttons() -> None:
    id = BuildButtonId("publish", 2**63 - 1)
    assert BuildButtonId.parse(id.text()) == id
    assert build_button(id).custom_id == "dateline-build:publish:9223372036854775807"
    ids = [getattr(item, "custom_id", "") for item in decision_view(4).children]
    assert ids == ["dateline-build:publish:4", "dateline-build:discard:4"]


@settings(deadline=None)
@given(st.text() | st.from_regex(r"dateline-build:[a-z]*:-?[0-9]*"))
def test_what_is_no_button(forged: str) -> None:
    parsed = BuildButtonId.parse(forged)
    assert parsed is None or parsed.text() == forged


counted = st.integers(0, 10**7)
results = st.builds(
    GoldenResult, hostile, hostile, st.none() | hostile, st.none() | hostile, st.booleans(),
    st.booleans(),
)  # fmt: skip
summaries = st.builds(
    BuildSummary,
    added=counted,
    changed=counted,
    unchanged=counted,
    removed=counted,
    failed=counted,
    passages=counted,
    failures=st.lists(hostile, max_size=4).map(lambda some: tuple(some * 5)),
    golden=st.lists(results, max_size=4).map(lambda some: tuple(some * 5)),
    reason=hostile,
)
listed = st.lists(references(), max_size=3).map(lambda some: tuple(some * 8))


@settings(max_examples=30, deadline=None)
@given(
    summary=summaries, added=listed, changed=listed, removed=listed,
    state=st.sampled_from(get_args(BuildState)),
)  # fmt: skip
def test_any_build(
    summary: BuildSummary,
    added: tuple[ArticleReference, ...],
    changed: tuple[ArticleReference, ...],
    removed: tuple[ArticleReference, ...],
    state: BuildState,
) -> None:
    staged = StagedBuild(2, 1, BuildReport(), added, changed, removed)
    card = build_card(view(state, summary, staged))
    check_limits(card)
    check_harmless(card)
    said = card_text(card, WAITS)
    assert units(said) <= MESSAGE
    headings = [f"\n**{one.name}**\n" for one in card.fields]
    assert [one for one in headings if one not in said] == []
    for heading in headings:  # our own words, with parentheses
        said = said.replace(heading, "\n")
    check_harmless(discord.Embed(description=said))
    assert said.startswith(f"{WAITS}\n{(card.description or '').splitlines()[0]}")


@settings(max_examples=30, deadline=None)
@given(article=articles(), some=listed, question=hostile, expected=hostile)
def test_any_article_and_golden_question(
    article: Article, some: tuple[ArticleReference, ...], question: str, expected: str
) -> None:
    golden = GoldenQuestion(10**15, question * 9, expected * 9, 1, NOW)
    for card in (
        article_card(article, 10**6),
        list_card("Articles", some[:10], "Page 1 of 1"),
        golden_list_card([golden] * 10, 1, 10),
    ):
        check_limits(card)
        check_harmless(card)


@settings(deadline=None)
@given(st.integers(0), st.integers(0), st.integers(0), st.text(max_size=40))
def test_any_progress_and_roll_back(done: int, total: int, articles: int, word: str) -> None:
    for kind in get_args(BuildKind):
        check_limits(progress_card(1, kind, Step(word, min(done, 10**9), min(total, 10**9))))
    card = rolled_back_card(RolledBack(2, 1, min(articles, 10**9), word))
    check_limits(card)
    check_harmless(card)
