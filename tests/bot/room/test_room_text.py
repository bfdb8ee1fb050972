"""The text on the page is the text of the article, and the mark is the passage."""

from __future__ import annotations

import unicodedata

import lxml.html
import pytest
from hypothesis import given
from room_samples import parsed, passages, texts, unhurried

from bot.room.displaying import displayed
from bot.room.text import marked_text

DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def as_html(text: str, start: int, end: int) -> lxml.html.HtmlElement:
    page = parsed(f"<!DOCTYPE html><body><div>{marked_text(text, start, end)}</div></body>")
    (body,) = page.xpath("//body")
    assert len(body) == 1, "something in the text ended the element that holds it"
    return body[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain,\ttext\n\n<b>&amp;", "plain,\ttext\n\n<b>&amp;"),
        ("a\r\nb\rc\u2028d\x85e\vf", "a \nb\nc\nd\ne\nf"),
        ("\x1b[31mred\x00\x7f\x9b", "\u241b[31mred\u2400\u2421\ufffd"),
        ("\u202edesrever\u202c\u2066\u2069", "\ufffddesrever\ufffd\ufffd\ufffd"),
        ("\u05d0\u200f pay\u00adload\u200b", "\u05d0\u200f pay\u00adload\u200b"),
        ("\U000e0041\u3164\ufdd0\ufffe", "\ufffd" * 4),
        ("e" + "\u0301" * 5 + "e\u0301", "e" + "\u0301" * 3 + "\ufffd" * 2 + "e\u0301"),
        ("e" + "\u0301\u200d" * 5, "e" + "\u0301\u200d" * 3 + "\ufffd\u200d" * 2),
        ("\u0600\u0661", "\u0600\u0661"),
    ],
)
def test_displayed(text: str, shown: str) -> None:
    assert displayed(text) == shown


@unhurried
@given(texts)
def test_displayed_is_harmless_and_as_long(text: str) -> None:
    shown = displayed(text)
    assert len(shown) == len(text)
    assert not set(shown) & DIRECTIONS
    assert not {c for c in shown if unicodedata.category(c) == "Cc"} - {"\n", "\t"}
    assert displayed(shown) == shown


@unhurried
@given(passages())
def test_the_page_holds_the_text_and_marks_the_passage(passage: tuple[str, int, int]) -> None:
    text, start, end = passage
    block = as_html(text, start, end)
    shown = displayed(text)
    assert block.text_content() == shown
    assert {element.tag for element in block.iter()} <= {"div", "p", "mark"}

    marks = block.xpath(".//mark")
    # Every code point is in a mark or not; white space between paragraphs belongs to neither.
    flags: list[bool] = []
    between: list[bool] = []
    for words in block.xpath(".//text()"):
        parent = words.getparent()
        holder = parent.getparent() if words.is_tail else parent
        flags += [holder.tag == "mark"] * len(words)
        between += [holder.tag == "div"] * len(words)
    for position, (marked, is_between) in enumerate(zip(flags, between, strict=True)):
        if is_between:
            assert shown[position].isspace()
        else:
            assert marked == (start <= position < end)
    if marks:
        assert [mark.get("id") for mark in marks] == ["quote"] + [None] * (len(marks) - 1)
        assert (marks[0].get("class") or "").startswith("first")
        assert (marks[-1].get("class") or "").endswith("last")
    else:
        assert all(between[start:end])


def test_a_passage_in_one_paragraph_is_one_mark() -> None:
    text = "First.\n\nSecond <b>&amp; third</b>.\nFourth."
    start = text.index("<b>")
    block = as_html(text, start, start + 15)
    (mark,) = block.xpath(".//mark")
    assert mark.text_content() == "<b>&amp; third<"
    assert [p.text_content() for p in block.xpath("p")] == text.split("\n\n")
    assert {p.get("dir") for p in block.xpath("p")} == {"auto"}


def test_a_passage_over_paragraphs_is_marked_in_each() -> None:
    block = as_html("One two.\n\n\nThree.\n\nFour five.", 4, 24)
    assert [mark.text_content() for mark in block.xpath(".//mark")] == ["two.", "Three.", "Four "]
    assert [mark.get("class") for mark in block.xpath(".//mark")] == ["first", None, "last"]


@pytest.mark.parametrize(
    "text",
    [
        "<&\u202e\x00" * 75_000,
        "\n \n\t" * 75_000,
        "\n" + " " * 300_000,
        "a" + "\u0301" * 300_000,
    ],
    ids=["markup", "paragraphs", "spaces", "marks"],
)
def test_a_large_hostile_text_is_shown_whole(text: str) -> None:
    html = marked_text(text, 0, 1000)
    assert parsed(f"<body><div>{html}</div></body>").text_content() == displayed(text)
    assert len(html) < 10 * len(text)
