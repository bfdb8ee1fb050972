"""A question asked back, whatever the options hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ui.limits import BUTTON_LABEL, CUSTOM_ID, MESSAGE, units
from bot.ui.options import (
    MOST_OPTIONS,
    OPTION_TEMPLATE,
    OptionButtonId,
    asked_back,
)

HOSTILE = "@everyone <@200> [bank](https://evil.example/) **b**\n# heading \u202edesrever\u200b"
texts = st.one_of(st.text(max_size=400), st.just(HOSTILE), st.just(HOSTILE * 60))


@settings(max_examples=40, deadline=None)
@given(missing=texts, options=st.lists(texts, max_size=9), offer=st.integers(1, 2**63 - 1))
async def test_any_options(missing: str, options: list[str], offer: int) -> None:
    text, view = asked_back(missing, options, offer)
    assert units(text) <= MESSAGE
    assert "<@200>" not in text and "](http" not in text
    items = list(view.children) if view else []
    assert len(items) == min(len(options), MOST_OPTIONS)
    for place, item in enumerate(items):
        assert 0 < units(item.label) <= BUTTON_LABEL  # type: ignore[attr-defined]
        custom_id = item.custom_id  # type: ignore[attr-defined]
        assert len(custom_id) <= CUSTOM_ID
        assert OptionButtonId.parse(custom_id) == OptionButtonId(offer, place)


async def test_long_options_are_read_in_the_text() -> None:
    long = "Where was the man killed who " + "led the group that " * 5 + "fought?"
    text, view = asked_back("\u201che\u201d", [long, "Who?"], 3)
    assert text.split("\n")[1:] == [f"1\\. {long}", "2\\. Who?"]
    assert view and [item.label for item in view.children] == ["1", "2"]  # type: ignore[attr-defined]


def test_without_options_there_is_nothing_to_press() -> None:
    text, view = asked_back("what it asks about", [], None)
    assert (text, view) == (
        "I can't tell what it asks about. Please ask the whole question.",
        None,
    )


@pytest.mark.parametrize(
    "other",
    ["dateline-option:0:1", "dateline-option:1:5", "dateline-option:1:1:x", "dateline:why:1", ""],
)
def test_other_ids_are_none(other: str) -> None:
    assert OptionButtonId.parse(other) is None
    assert re.fullmatch(OPTION_TEMPLATE, other) is None
