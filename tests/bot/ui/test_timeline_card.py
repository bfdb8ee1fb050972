"""Timelines as cards: what they say, that limits hold, and that nothing is alive."""

from __future__ import annotations

import dataclasses
import datetime as dt

import discord
import pytest
from card_reading import bold, bold_in_quotes, check_harmless, check_limits, links, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render_properties import citations, hostile, references

from bot.languages import LANGUAGES, Language, speaking
from bot.qa.answer import Citation
from bot.qa.timelines.event import DatedBy, Event, Precision, Timeline
from bot.ui.timeline_card import NO_EVENTS, page_count, timeline_page, when
from index.article import Article, ArticleReference

TEXT = "The Orlow dam broke on Tuesday. Two people died."
ARTICLE = Article("a", "Dam breaks", dt.date(2022, 5, 4), "Courier", "https://news.example/a", TEXT)
TUESDAY = Event(
    dt.date(2022, 5, 3), None, Precision.DAY, DatedBy.SENTENCE, Citation(1, ARTICLE, 0, 31, 23, 30),
    (ArticleReference("b", "", dt.date(2022, 5, 5), "Herald", ""),),
)  # fmt: skip
DEATHS = Event(
    dt.date(2022, 5, 4), None, Precision.DAY, DatedBy.ARTICLE, Citation(2, ARTICLE, 32, 48)
)
addresses = st.sampled_from(["", "https://room.example/", "javascript:alert(1)", "own"])


@st.composite
def events(draw: st.DrawFn, n: int) -> Event:
    first = draw(st.dates(max_value=dt.date(9999, 12, 30)))
    return Event(
        first,
        draw(st.none() | st.dates(min_value=first + dt.timedelta(days=1))),
        draw(st.sampled_from(Precision)),
        draw(st.sampled_from(DatedBy)),
        draw(citations(n)),
        tuple(draw(st.lists(references(), max_size=5))),
    )


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    count = draw(st.integers(0, 8))
    return Timeline(
        draw(hostile),
        tuple(draw(events(n)) for n in range(1, count + 1)),
        draw(st.integers(0, 10**6)),
        draw(st.integers(0, 10**6)),
    )


def card(timeline: Timeline, page: int = 1) -> discord.Embed:
    shown = timeline_page(timeline, page, link_of=lambda citation: citation.link)
    check_limits(shown)
    check_harmless(shown)
    return shown


def test_order_of_a_card() -> None:
    shown = card(Timeline("Orlow dam", (TUESDAY, DEATHS), left_out=2, undated=5))
    text = shown.description or ""
    assert plain(text).split("\n") == [
        "Timeline: Orlow dam",
        "",
        "3 May 2022",
        "The Orlow dam broke on Tuesday.",
        "[1] Dam breaks, Courier, 4 May 2022 · news.example",
        "Also in: Herald, 5 May 2022",
        "",
        "4 May 2022 · day of the article",
        "Two people died.",
        "[2] Dam breaks, Courier, 4 May 2022 · news.example",
    ]
    assert bold(text) == ["Timeline: Orlow dam", "3 May 2022", "4 May 2022"]
    assert bold_in_quotes(text) == [["Tuesday"], []]
    assert [address for _, address in links(text)] == [
        TUESDAY.citation.link,
        DEATHS.citation.link,
    ]
    assert shown.footer.text == "2 more events not shown"


def test_what_was_expected_is_told_from_what_came() -> None:
    expected = dataclasses.replace(TUESDAY, date=dt.date(2022, 5, 10))
    assert "10 May 2022 · as expected then" in plain(card(Timeline("dam", (expected,))).description)


@pytest.mark.parametrize(
    ("first", "last", "precision", "words", "iso"),
    [
        ("2022-05-03", None, "day", "3 May 2022", "2022-05-03"),
        ("2022-05-03", "2022-05-05", "day", "3 May 2022 to 5 May 2022", "2022-05-03 to 2022-05-05"),
        ("2022-05-01", "2022-05-31", "month", "May 2022", "2022-05"),
        ("2022-06-01", "2022-08-31", "month", "Jun 2022 to Aug 2022", "2022-06 to 2022-08"),
        ("2022-01-01", "2022-12-31", "year", "2022", "2022"),
    ],
)
def test_when(first: str, last: str | None, precision: str, words: str, iso: str) -> None:
    event = dataclasses.replace(
        TUESDAY,
        date=dt.date.fromisoformat(first),
        until=dt.date.fromisoformat(last) if last else None,
        precision=Precision(precision),
    )
    assert (when(event), event.when) == (words, iso)


def test_an_event_ends_after_it_began() -> None:
    with pytest.raises(ValueError, match="not after it began"):
        dataclasses.replace(TUESDAY, until=TUESDAY.date)


def test_no_events() -> None:
    shown = card(Timeline("Orlow dam", undated=1))
    assert plain(shown.description).endswith(NO_EVENTS)
    assert shown.footer.text == "1 sentence without a date"
    assert page_count(Timeline("x"), link_of=lambda _: "") == 1


@settings(max_examples=80, deadline=None)
@given(timeline=timelines(), address=addresses, lang=st.sampled_from(LANGUAGES))
def test_whatever_is_written(timeline: Timeline, address: str, lang: Language) -> None:
    def link_of(citation: Citation) -> str:
        return citation.link if address == "own" else address

    with speaking(lang):
        pages = page_count(timeline, link_of=link_of)
        quotes = 0
        for page in range(1, pages + 1):
            shown = timeline_page(timeline, page, link_of=link_of)
            check_limits(shown)
            check_harmless(shown)
            quotes += len(bold_in_quotes(shown.description or ""))
            for _, found in links(shown.description or ""):
                assert f" · {found.split('/')[2]}" in plain(shown.description or "")
        assert quotes == len(timeline.events), "every event stands on one page"
        beyond = timeline_page(timeline, pages + 5, link_of=link_of)
        assert beyond.description == shown.description
