"""The answer's words in a block quote: bold, and nothing else is changed by that."""

from __future__ import annotations

import unicodedata

import pytest
from discord_markdown import ALIVE, block_quote, bold_in_block_quote, unshield, without_own_markup
from hypothesis import given
from hypothesis import strategies as st
from test_render_properties import storable

from bot.ui.limits import units
from bot.ui.quotes import block_quote as rendered
from bot.ui.visible import lines

LIMIT = 900


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """A quote, and the place in it that stands in double brackets."""
    start, end = text.index("[["), text.index("]]") - 2
    return text.replace("[[", "").replace("]]", ""), (start, end)


@pytest.mark.parametrize(
    ("quote", "bold"),
    [
        ("It is [[Atme]].", ["Atme"]),
        ("[[Atme]]", ["Atme"]),
        ("In *[[*Atme*]]*, he said.", ["*Atme*"]),
        ("a\\[[\\b\\]]\\c", ["\\b\\"]),
        ("discord[[.gg/evil]] is", [".gg/evil"]),
        ("one\n[[- two\nthree]] four", ["- two", "three"]),
        ("one [[two\n\n\n\nthree]]", ["two", "three"]),
        ("one[[ two ]]three", ["two"]),
        ("caf[[e]]\u0301 x", ["e\u0301"]),
        ("\U0001f468[[\u200d\U0001f469 two]]", ["\U0001f468\u200d\U0001f469 two"]),
        ("x [[\u200b\u200b]] y", []),
        ("@everyone [[<@123> `x` ||y||]] # z", ["<@123> `x` ||y||"]),
        ("\x01[[a]]\x02", ["a"]),
        ("\ufdd0[[a]]", ["a"]),
    ],
)
def test_the_answers_words_are_bold(quote: str, bold: list[str]) -> None:
    text, place = marked(quote)
    message = rendered(text, LIMIT, place)
    assert bold_in_block_quote(message) == bold
    assert block_quote(message) == lines(text)
    assert ALIVE.search(without_own_markup(message)) is None


def test_a_shortened_quote_keeps_the_answer_bold() -> None:
    text, place = marked("It is [[Atme* town]]. " + "word " * 1000)
    message = rendered(text, LIMIT, place)
    assert units(message) <= LIMIT and message.endswith("word…")
    assert bold_in_block_quote(message) == ["Atme* town"]


def test_a_quote_too_long_begins_near_its_answer() -> None:
    text, place = marked("first " + "word " * 1000 + "in [[Atme* town]]. " + "last " * 1000)
    message = rendered(text, LIMIT, place)
    assert units(message) <= LIMIT
    assert message.startswith("> …word word") and message.endswith("last…")
    assert bold_in_block_quote(message) == ["Atme* town"]
    text, place = marked("line\n" * 200 + "in [[Atme]]\n" + "line\n" * 200)
    message = rendered(text, LIMIT, place)
    assert message.startswith("> …in **Atme**\n> line\n") and message.endswith("…")


def test_an_answer_longer_than_the_room_is_bold_as_far_as_it_is_shown() -> None:
    text, place = marked("It is [[" + "*word* " * 1000 + "]].")
    message = rendered(text, 300, place)
    assert units(message) <= 300
    (bold,) = bold_in_block_quote(message)
    assert bold.startswith("*word* *word*") and message.endswith("**…")
    text, place = marked("[[" + "a\n" * 5000 + "]]")
    assert units(rendered(text, 300, place)) <= 300


def test_an_answer_beyond_what_is_read_leaves_the_quote_as_it_is() -> None:
    text, place = marked("word " * 5000 + "[[Atme]]")
    assert rendered(text, LIMIT, place) == rendered(text, LIMIT)


@given(storable, st.integers(0, 500), st.integers(1, 100), st.integers(256, 1000))
def test_bold_changes_no_word_and_wakes_no_markup(
    quote: str, start: int, length: int, limit: int
) -> None:
    place = (min(start, len(quote)), min(start + length, len(quote)))
    message = rendered(quote, limit, place if place[0] < place[1] else None)
    assert units(message) <= limit
    assert ALIVE.search(without_own_markup(message)) is None
    shown = lines(block_quote(message))
    if not shown.startswith("…") and not shown.endswith("…"):
        assert ink(shown) == ink(unshield(lines(quote))) or shown == "\ufffd"


def ink(text: str) -> str:
    """`text` without accents and joiners: of a pile of them, how many are kept may differ."""
    kept = (character for character in text if unicodedata.category(character)[0] not in "MC")
    return "".join(kept).replace("\u25cc", "")
