"""Pages: what they say, that hostile text stays text, and that they can be read."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from room_samples import (
    anything,
    article,
    link,
    one,
    parsed,
    passages,
    revision,
    room_article,
    signer,
    texts,
    unhurried,
)

import bot.room.page
from bot.room.article import RoomArticle
from bot.room.displaying import displayed
from bot.room.page import Pages
from bot.room.signing import RoomLink
from index.article import Article

STYLE = Path(bot.room.page.__file__).with_name("style.css").read_text("utf-8")
TAGS = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "strong", "main", "article",
    "h1", "ul", "li", "time", "bdi", "p", "div", "mark", "aside", "section", "details", "summary",
    "h2", "h3", "pre", "nav", "span", "footer", "ins", "del",
}  # fmt: skip
PAGES = Pages()


def href(link: RoomLink) -> str:
    return signer().token(link)


def test_a_page_says_where_its_text_is_from() -> None:
    shown = room_article("The bridge opened. It cost 20 million.", authors=("Ana Ruiz",))
    html = PAGES.article(shown, link(19, 38), citations={"APA": "Ruiz & Co"}, href=href)
    page = parsed(html)
    assert page.get("lang") == "en"
    assert one(page, "//title").text == one(page, "//h1").text == "A bridge opens"
    facts = one(page, "//ul[@class='facts']")
    assert facts.text_content().split("\n")[1:5:1] == [
        "6 October 2022", "The Daily Example", "Ana Ruiz", "Original at news.example",
    ]  # fmt: skip
    assert one(page, "//time[@datetime='2022-10-06']") is not None
    original = one(facts, ".//a")
    assert original.get("href") == "https://news.example/bridge"
    assert original.get("rel") == "noopener noreferrer nofollow"
    assert one(page, "//mark[@id='quote']").text_content() == "It cost 20 million."
    assert one(page, "//a[@class='skip']").get("href") == "#quote"
    assert one(page, "//pre").text_content() == "Ruiz & Co"
    assert "until 31 March 2026" in one(page, "//footer").text_content()
    for landmark in ("header", "main", "aside", "footer"):
        one(page, f"/html/body//{landmark}")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://user:pw@evil.example/", "", "//x"]
)
def test_other_addresses_are_no_links(url: str) -> None:
    page = parsed(PAGES.article(room_article(url=url), link(), citations={}, href=href))
    assert page.xpath("//a[@class='original']") == []


def test_links_on_a_page_keep_guild_article_and_expiry() -> None:
    revisions = (revision(1), revision(2), revision(3, serving=True))
    shown = RoomArticle(article(), 2, revisions, passages=((0, 4), (5, 9), (11, 17)))
    mine = link(0, 4, revision=2)
    page = parsed(PAGES.article(shown, mine, citations={}, href=href))
    links = [
        signer().read(a.get("href"), mine.expires.replace(year=2020))
        for a in page.xpath("//aside//a")
    ]
    passages = [replace(mine, start=5, end=9), replace(mine, start=11, end=17)]
    third, first = replace(link(), revision=3), replace(link(), revision=1)
    changes = [replace(third, against=2), replace(third, revision=2, against=1)]
    assert links == [*passages, third, changes[0], changes[1], first]
    assert "revision 3 has taken its place" in one(page, "//p[@class='notice']").text_content()
    assert len(page.xpath("//*[@aria-current='page']")) == 1


def test_an_article_that_was_removed_says_so() -> None:
    shown = RoomArticle(article(), 1, (revision(1),))
    page = parsed(PAGES.article(shown, link(), citations={}, href=href))
    assert "searched no more" in one(page, "//p[@class='notice']").text_content()
    assert page.xpath("//mark") == []


def test_changes_are_marked() -> None:
    old = RoomArticle(article("It cost 20 million. " + "All came. " * 199 + "All came."), 1)
    new = RoomArticle(
        article("It cost 25 million. " + "All came. " * 200 + "Some left.", title="A bridge"), 2
    )
    page = parsed(PAGES.changes(old, new, link(revision=2, against=1), href=href))
    block = one(page, "//*[@id='changes']")
    assert [e.text for e in block.xpath(".//del")] == ["20"]
    assert [e.text for e in block.xpath(".//ins")] == ["25", " Some left."]
    assert "words that did not change" in one(block, ".//summary").text_content()
    assert one(page, "//ul[@class='notice']").text_content().strip() == (
        "Title: A bridge opens A bridge"
    )
    same = parsed(PAGES.changes(old, replace(old, revision=2), link(against=1), href=href))
    assert one(same, "//*[@id='changes']").text_content() == "The text is the same."


def check(html: str) -> None:
    """Nothing but our own elements, none of which runs, sends or loads anything."""
    page = parsed(html)
    assert {element.tag for element in page.iter()} <= TAGS
    for element in page.iter():
        assert not [name for name in element.attrib if name.startswith(("on", "src", "style"))]
        target = element.get("href", "#")
        assert re.match(r"#|https?://|[\w-]+\Z", target), target
    assert one(page, "/html/head/style").text == STYLE
    assert not set(page.text_content()) & set("\u202d\u202e\u2066\u2067\u0000\u001b")


@unhurried
@given(passages(), anything, anything, anything)
def test_hostile_text_stays_text(
    passage: tuple[str, int, int], title: str, source: str, url: str
) -> None:
    text, start, end = passage
    shown = RoomArticle(
        Article("a-1", title, None, source, f"https://e.example/{url}", text, authors=(source,)),
        1,
        passages=((0, 1),),
    )
    html = PAGES.article(shown, link(start, end), citations={title: source}, href=href)
    check(html)
    assert one(parsed(html), "//div[@class='text']").text_content() == displayed(text)


@unhurried
@given(texts, texts, anything)
def test_hostile_changes_stay_text(old: str, new: str, title: str) -> None:
    check(
        PAGES.changes(
            RoomArticle(article(old), 1),
            RoomArticle(article(new, title=title), 2),
            link(against=1),
            href=href,
        )
    )


def test_the_policy_names_the_style_that_is_on_the_page() -> None:
    style = one(parsed(PAGES.message("Heading", "Text")), "//style").text
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == PAGES.style_source
    assert "url(" not in style
    assert "@import" not in style


SCHEMES = re.findall(r":root \{([^}]*--link[^}]*)\}", STYLE)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"), ("faint", "paper"), ("link", "paper"), ("mark-ink", "mark"),
        ("added-ink", "added"), ("removed-ink", "removed"), ("ink", "code"),
    ],
)  # fmt: skip
def test_contrast(scheme: str, ink: str, ground: str) -> None:
    """At least 4.5:1: WCAG 2.2, success criterion 1.4.3."""
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", scheme))
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_there_are_two_schemes() -> None:
    assert len(SCHEMES) == 2


def luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance"."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
