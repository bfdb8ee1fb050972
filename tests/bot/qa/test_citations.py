"""Links that open a page at the quote."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qa.citations import is_web_url, quote_link, text_fragment_link

PAGE = "https://news.example/2022/raid"
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def directive(link: str) -> str:
    return urlsplit(link).fragment.removeprefix(":~:text=")


def test_a_short_quote_is_given_whole() -> None:
    link = text_fragment_link(PAGE, "The raid was in Atme.")
    assert link == f"{PAGE}#:~:text=The%20raid%20was%20in%20Atme."


def test_a_long_quote_is_given_by_its_first_and_last_words() -> None:
    words = [f"word{n}" for n in range(40)]
    start, end = directive(text_fragment_link(PAGE, " ".join(words))).split(",")
    assert unquote(start) == "word0 word1 word2 word3 word4"
    assert unquote(end) == "word35 word36 word37 word38 word39"


def test_a_quote_over_a_line_break_is_given_by_its_ends() -> None:
    """A browser does not match one piece of text across two blocks of a page."""
    assert unquote(directive(text_fragment_link(PAGE, "A headline\nThe text."))) == (
        "A headline,The text."
    )


def test_what_has_a_meaning_in_a_directive_is_encoded() -> None:
    link = text_fragment_link(PAGE, "a-b, c & d # e")
    assert directive(link) == "a%2Db%2C%20c%20%26%20d%20%23%20e"


def test_a_fragment_of_the_url_is_kept() -> None:
    assert text_fragment_link(f"{PAGE}#top", "Yes.") == f"{PAGE}#top:~:text=Yes."
    assert text_fragment_link(f"{PAGE}#:~:text=old", "Yes.") == f"{PAGE}#:~:text=Yes."


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/b",
        "//a.b",
        "https://",
        "https:///x",
        "https://a b",
        "https://a.example/\n",
        "http://[::1",
        "https://<x>",
    ],
)
def test_nothing_but_web_addresses_is_linked(url: str) -> None:
    assert not is_web_url(url)
    assert text_fragment_link(url, "Yes.") == ""


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/paper.pdf", "https://news.example/paper.pdf#page=3"),
        ("https://news.example/PAPER.PDF?v=1", "https://news.example/PAPER.PDF?v=1#page=3"),
        ("https://news.example/paper.pdf#zoom=50", "https://news.example/paper.pdf#page=3"),
    ],
)
def test_a_pdf_is_opened_at_the_page(url: str, link: str) -> None:
    assert quote_link(url, "Yes.", 3) == link
    assert quote_link(url, "Yes.") == text_fragment_link(url, "Yes."), "its pages are not known"


@pytest.mark.parametrize(
    "url", [PAGE, f"{PAGE}?file=a.pdf", f"{PAGE}#a.pdf", "https://a.pdf", "https://a.pdf/"]
)
def test_a_paged_article_elsewhere_is_opened_at_the_quote(url: str) -> None:
    assert quote_link(url, "Yes.", 3) == text_fragment_link(url, "Yes.")


@pytest.mark.parametrize(
    "url", ["", "file:///a.pdf", "/a.pdf", "https://a b/c.pdf", "http://[/a.pdf"]
)
def test_no_page_of_what_is_no_web_address(url: str) -> None:
    assert quote_link(url, "Yes.", 3) == ""


@given(text)
def test_any_quote_gives_an_unreserved_directive(quote: str) -> None:
    link = text_fragment_link(PAGE, quote)
    assert link.startswith(PAGE)
    assert link.isascii()
    assert not set(link[len(PAGE) :]) & set(" \n<>\"'()[]{}|\\^`*@!$;=&") - set("=")
    if quote.split():
        start, _, end = directive(link).partition(",")
        assert quote.split()[0].startswith(unquote(start).split()[0])
        assert quote.split()[-1].endswith(unquote(end or start).split()[-1])
