"""Cards in each language: within Discord's limits, nothing alive, and what they say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import discord
import pytest
from card_reading import check_harmless, check_limits
from discord_markdown import ALIVE, without_own_markup
from hypothesis import given, settings
from hypothesis import strategies as st
from test_card_properties import ROOM, TODAY, filters
from test_render_properties import answers, citations, hostile, references
from test_status_cards import FULL

from bot.languages import LANGUAGES, Language, _, speaking
from bot.qa.answer import Answer, Citation
from bot.servers.building import RolledBack
from bot.servers.corrections import ANSWERED_NOW, CHANGED, GONE, OTHERWISE, translated
from bot.servers.golden_answers import GoldenResult
from bot.servers.previews import BuildSummary, BuildView
from bot.servers.records.builds import BuildRecord, BuildState
from bot.servers.records.ledger import LedgerCounts
from bot.servers.records.privacy import Kept
from bot.servers.records.settings import ServerSettings
from bot.servers.running_builds import Step
from bot.ui import notices
from bot.ui.article_cards import list_card
from bot.ui.build_cards import build_card, card_text, progress_card, rolled_back_card
from bot.ui.buttons import Action, ButtonId, button
from bot.ui.cards import answer_card, confidence_word
from bot.ui.cite_card import cite_card
from bot.ui.dates import long_day, short_day
from bot.ui.limits import BUTTON_LABEL, MESSAGE, units
from bot.ui.numbers import count, decimal, percent
from bot.ui.passages import passage_page
from bot.ui.privacy_card import CONFIRM, forgotten, privacy_card
from bot.ui.render import render_answer, render_problem
from bot.ui.settings_card import settings_card
from bot.ui.status_card import Command, ServerStatus, help_card, status_card
from bot.ui.watch_list import NONE, watch_list
from bot.ui.why import why_card
from index.build_report import BuildReport
from index.filtering import EmptyRangeError, SearchFilter, UnknownNameError
from index.staged_build import StagedBuild

NOW = dt.datetime(2031, 5, 4, 12, 0, tzinfo=dt.UTC)
DAY = dt.date(2022, 10, 6)
LABELS = ("open the article", "open at the quote", "open at this passage")
counts = st.integers(0, 2**40)
languages = st.sampled_from([one for one in LANGUAGES if one != "en"])


def check(card: discord.Embed) -> None:
    check_limits(card)
    check_harmless(card)


@settings(max_examples=25, deadline=None)
@given(
    lang=languages,
    answer=answers(),
    asked_as=hostile,
    note=hostile,
    within=st.none() | filters,
    show=st.booleans(),
)
def test_any_answer(
    lang: Language,
    answer: Answer,
    asked_as: str,
    note: str,
    within: SearchFilter | None,
    show: bool,
) -> None:
    def link_of(citation: Citation) -> str:
        return ROOM

    with speaking(lang):
        check(
            answer_card(
                answer,
                link_of=link_of,
                today=TODAY,
                show_question=show,
                asked_as=asked_as,
                note=note,
                within=within,
            )
        )
        check(why_card(answer, asked_as=asked_as, within=within, as_of=TODAY, generation="1"))
        check(passage_page(answer.passages, 1, link_of=link_of, citations=answer.citations))
        messages = render_answer(answer, show_question=show)
        labels = "|".join(map(_, LABELS))
    assert 1 <= len(messages) <= 4
    for message in messages:
        assert units(message) <= MESSAGE
        english = re.sub(rf"\[(?:{labels})\]\(<", f"[{LABELS[0]}](<", message)
        assert ALIVE.search(without_own_markup(english)) is None, message


@settings(max_examples=20, deadline=None)
@given(lang=languages, citation=citations(1))
def test_any_citation(lang: Language, citation: Citation) -> None:
    with speaking(lang):
        card = cite_card(citation, accessed=TODAY, link=ROOM)
    check(card)


@settings(max_examples=40, deadline=None)
@given(
    lang=languages,
    state=st.sampled_from(["running", "previewed", "published", "discarded", "failed"]),
    numbers=st.tuples(*[counts] * 6),
    reason=hostile,
    words=hostile,
    some=st.lists(references(), max_size=20).map(tuple),
)
def test_any_build(
    lang: Language,
    state: BuildState,
    numbers: tuple[int, ...],
    reason: str,
    words: str,
    some: tuple,
) -> None:
    golden = (
        GoldenResult(words, words, None, words, True, False),
        GoldenResult(words, words, words, "", False, True),
        GoldenResult(words, words, words, "other", True, True),
    ) * 6
    summary = BuildSummary(*numbers, (words,) * 20, "now", golden, reason)
    record = BuildRecord(3, "add", state, 7, 70, 700, 1, 2, {}, NOW, NOW)
    staged = StagedBuild(2, 1, BuildReport(), added=some, changed=some, removed=some)
    with speaking(lang):
        card = build_card(BuildView(record, summary, staged))
        check(card)
        assert units(card_text(card)) <= MESSAGE
        check_limits(progress_card(3, "rebuild", Step("embedding", numbers[0], numbers[1])))
        check(rolled_back_card(RolledBack(2, 1, numbers[2], reason)))
        check(list_card("x", some, "y"))


@settings(max_examples=40, deadline=None)
@given(
    lang=languages,
    numbers=st.tuples(*[counts] * 8),
    roles=st.lists(st.integers(1, 2**63 - 1), max_size=250).map(tuple),
    private=st.booleans(),
    back=st.integers(0, 3650),
)
def test_any_server(
    lang: Language, numbers: tuple[int, ...], roles: tuple[int, ...], private: bool, back: int
) -> None:
    set_ = ServerSettings(
        ask_roles=roles,
        manage_roles=roles,
        channels=roles,
        private_by_default=private,
        corrections_days=back,
    )
    archive = dataclasses.replace(FULL, articles=numbers[0], passages=numbers[1])
    asked = LedgerCounts(*numbers[:6], 1.24)
    with speaking(lang):
        check_limits(settings_card(set_))
        check_limits(settings_card(set_.with_damage(("ask_roles", "manage_roles", "channels"))))
        kept = Kept(*numbers)
        check_limits(privacy_card(set_, kept))
        check(status_card(ServerStatus(archive, asked, numbers[2], numbers[3], "1")))
        assert units(forgotten(kept, 3, roles[:99])) <= MESSAGE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fixed_words_fit(lang: Language) -> None:
    with speaking(lang):
        for action in Action:
            label = button(ButtonId(action, 1)).label
            assert label is None or units(label) <= BUTTON_LABEL
        for one in (True, False):
            card, _view = watch_list([], everybody=one)
            check_limits(card)
        check(help_card([Command("/ask", "x"), Command("Check against articles", "", True)]))
    for name, text in vars(notices).items():
        assert not name.isupper() or not isinstance(text, str) or units(text) <= MESSAGE
    assert units(CONFIRM) <= MESSAGE and units(NONE) <= MESSAGE


# -- what they say -----------------------------------------------------------------------


def test_days_and_numbers() -> None:
    said = {}
    for lang in LANGUAGES:
        with speaking(lang):
            said[lang] = (
                short_day(DAY), long_day(DAY), count(1234567), decimal(1.25), percent(0.875)
            )  # fmt: skip
    assert said == {
        "en": ("6 Oct 2022", "6 October 2022", "1,234,567", "1.2", "88%"),
        "de": ("6. Okt. 2022", "6. Oktober 2022", "1.234.567", "1,2", "88\u00a0%"),
        "fr": ("6 oct. 2022", "6 octobre 2022", "1\u202f234\u202f567", "1,2", "88\u00a0%"),
        "es": ("6 oct 2022", "6 de octubre de 2022", "1.234.567", "1,2", "88\u00a0%"),
    }


def test_confidence_in_words() -> None:
    with speaking("de"):
        words = [confidence_word(one) for one in (0.9, 0.6, 0.1)]
    assert words == ["sicher", "wahrscheinlich", "unsicher"]


def test_a_correction_kept_in_english_is_told_in_the_servers_language() -> None:
    with speaking("fr"):
        assert translated(GONE) == "Un article cité ici n'est plus dans les archives."
        former = f"{CHANGED} Until then, the answer was: the {{note}} Until"
        assert translated(former) == (
            "Un article cité ici a été modifié. Jusque-là, la réponse était\u00a0: the {note} Until"
        )
        assert translated("Something from before.") == "Something from before."
    assert [translated(one) for one in (ANSWERED_NOW, OTHERWISE, former)] == [
        ANSWERED_NOW,
        OTHERWISE,
        former,
    ]


def test_filters_that_cannot_be() -> None:
    unknown = UnknownNameError("source", "Nwswire", ["Newswire"])
    none = UnknownNameError("article set", "x", [])
    with speaking("de"):
        assert render_problem(unknown) == (
            "In keinem Artikel\\: Quelle 'Nwswire'. Versuchen Sie 'Newswire'"
        )
        assert render_problem(none).startswith("In keinem Artikel\\: Sammlung 'x', und")
        assert "Vertauschen" in render_problem(EmptyRangeError(TODAY, DAY))
    for error in (unknown, none, EmptyRangeError(TODAY, DAY)):
        text = str(error)
        assert render_problem(error).replace("\\", "") == text[:1].upper() + text[1:]
