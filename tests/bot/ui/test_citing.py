"""Citations in four styles, read back by parsers of those styles."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pybtex.database import Entry, parse_string
from test_render_properties import articles, storable

from bot.ui.bibtex import escape_tex
from bot.ui.citing import STYLES, citation_styles, escape_markdown
from bot.ui.people import initialed
from bot.ui.visible import inline, lines
from index.article import Article

ACCESSED = dt.date(2022, 11, 23)
QUOTE = "The bridge cost “20 million” pounds."
BRIDGE = Article(
    id="bridge",
    title="Bridge opens",
    date=dt.date(2022, 10, 6),
    source="The Daily Example",
    url="https://news.example/bridge",
    text=QUOTE,
    authors=("Andriy Melnychuk", "Jean-Paul van der Berg"),
)
NAMELESS = dataclasses.replace(BRIDGE, title="", date=None, source="", url="", authors=())


def cited(article: Article, quote: str = QUOTE, **options: object) -> dict[str, str]:
    return citation_styles(article, quote, accessed=ACCESSED, **options)  # type: ignore[arg-type]


def test_markdown() -> None:
    assert cited(BRIDGE)["markdown"].split("\n") == [
        "> The bridge cost “20 million” pounds.",
        ">",
        "> — Andriy Melnychuk, Jean-Paul van der Berg, "
        "[Bridge opens](<https://news.example/bridge>), *The Daily Example*, "
        "6 October 2022, accessed 23 November 2022",
    ]


def test_plain_text() -> None:
    assert cited(BRIDGE, page=2)["plain"].split("\n") == [
        "“The bridge cost \u201820 million\u2019 pounds.”",
        "— Andriy Melnychuk, Jean-Paul van der Berg, “Bridge opens”, The Daily Example, "
        "6 October 2022, page 2, https://news.example/bridge (accessed 23 November 2022)",
    ]


def test_apa() -> None:
    assert cited(BRIDGE, page=2)["apa"].split("\n") == [
        "“The bridge cost \u201820 million\u2019 pounds” (Melnychuk & van der Berg, 2022, p. 2).",
        "",
        "Melnychuk, A., & van der Berg, J.-P. (2022, October 6). Bridge opens. "
        "The Daily Example. https://news.example/bridge",
    ]


def test_apa_without_an_author_puts_the_title_first() -> None:
    of = dataclasses.replace(BRIDGE, authors=(), title="Who pays?")
    assert cited(of)["apa"].endswith(
        "(“Who pays?,” 2022).\n\n"
        "Who pays? (2022, October 6). The Daily Example. https://news.example/bridge"
    )


def test_apa_without_a_date_says_so_and_when_it_was_read() -> None:
    of = dataclasses.replace(BRIDGE, date=None, authors=("The Daily Example",))
    assert cited(of)["apa"].endswith(
        "(The Daily Example, n.d.).\n\nThe Daily Example. (n.d.). Bridge opens. "
        "Retrieved November 23, 2022, from https://news.example/bridge"
    )


def test_apa_sets_a_long_quotation_without_marks() -> None:
    shown = cited(BRIDGE, "word " * 39 + "“end.”")["apa"]
    assert shown.startswith("word word") and "“end.” (Melnychuk & van der Berg, 2022)\n" in shown


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "A0, N."),
        (3, "A0, N., A1, N., & A2, N."),
        (20, "A18, N., & A19, N."),
        (21, "A18, N., . . . A20, N."),
    ],
)
def test_apa_lists_authors(count: int, listed: str) -> None:
    of = dataclasses.replace(BRIDGE, authors=tuple(f"A{n}, Nora" for n in range(count)))
    shown = cited(of)["apa"]
    assert f"{listed} (2022, October 6)." in shown
    assert ("A0 et al., 2022" in shown) == (count > 2)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Andriy Melnychuk", "Melnychuk, A."),
        ("Melnychuk, Andriy", "Melnychuk, A."),
        ("Martin Luther King Jr.", "King, M. L., Jr."),
        ("Martin Luther King, Jr.", "King, M. L., Jr."),
        ("Simone de Beauvoir", "de Beauvoir, S."),
        ("Van Morrison", "Morrison, V."),
        ("Reuters", "Reuters"),
        ("The Associated Press", "The Associated Press"),
        ("BBC News", "BBC News"),
        ("山田太郎", "山田太郎"),
        (",", ","),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert initialed(name) == shown


def test_bibtex() -> None:
    assert cited(BRIDGE)["bibtex"].split("\n") == [
        "@article{melnychuk2022bridge,",
        "  author = {{Melnychuk}, Andriy and {van der Berg}, Jean-Paul},",
        "  title = {{Bridge opens}},",
        "  journal = {The Daily Example},",
        "  year = {2022},",
        "  month = oct,",
        "  day = {6},",
        "  url = {https://news.example/bridge},",
        "  urldate = {2022-11-23},",
        "  annote = {The bridge cost “20 million” pounds.},",
        "}",
    ]


def test_an_article_without_anything() -> None:
    assert cited(NAMELESS) == {
        "markdown": "> The bridge cost “20 million” pounds.\n>\n> — Untitled article, no date",
        "plain": "“The bridge cost \u201820 million\u2019 pounds.”\n— Untitled article, no date",
        "apa": "“The bridge cost \u201820 million\u2019 pounds” ([News article], n.d.).\n\n"
        "[News article]. (n.d.).",
        "bibtex": "@misc{article,\n  annote = {The bridge cost “20 million” pounds.},\n}",
    }


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://e.example/", "https://a@b.example/"])
def test_only_web_addresses_are_named(url: str) -> None:
    shown = "".join(cited(BRIDGE, link=url).values())
    assert "https:" not in shown and "javascript" not in shown and "accessed" not in shown


@settings(max_examples=50, deadline=None)
@given(storable)
def test_escaped_markdown_is_read_as_it_was(text: str) -> None:
    plain = lines(text)
    shown = "\n".join(f"> {line}" for line in escape_markdown(plain).split("\n"))
    tokens = MarkdownIt().parse(shown)
    kinds = {token.type for token in walked(tokens)}
    assert kinds <= {
        "blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close",
        "inline", "text", "text_special", "softbreak",
    }  # fmt: skip
    read = "".join(
        "\n" if token.type in ("softbreak", "paragraph_close") else token.content
        for token in walked(tokens)
        if token.type != "inline"
    )
    assert re.sub(r"\s+", " ", read).strip() == re.sub(r"\s+", " ", plain).strip()


def walked(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *walked(token.children or []))]


@settings(max_examples=50, deadline=None)
@given(articles(), storable)
def test_bibtex_is_read_as_it_was(article: Article, quote: str) -> None:
    entry = bibtex(cited(article, quote)["bibtex"])
    assert untex(entry.fields.get("title", "{}")[1:-1]) == spaced(article.title)
    assert untex(entry.fields.get("journal", "")) == spaced(article.source)
    assert untex(entry.fields.get("annote", "")) == spaced(quote)


@settings(max_examples=50, deadline=None)
@given(st.lists(storable.filter(lambda name: inline(name) != ""), min_size=1, max_size=4))
def test_as_many_authors_are_read_as_there_are(names: list[str]) -> None:
    of = dataclasses.replace(BRIDGE, authors=tuple(names))
    assert len(bibtex(cited(of)["bibtex"]).persons["author"]) == len(names)


@settings(max_examples=50, deadline=None)
@given(articles(), storable)
def test_nothing_hidden_is_in_any_style(article: Article, quote: str) -> None:
    styles = cited(article, quote)
    assert tuple(styles) == STYLES
    for text in styles.values():
        assert not set(text) & set("\x00\x1b\u202e\u2066\u200b\ufeff")


def bibtex(text: str) -> Entry:
    (entry,) = parse_string(text, "bibtex").entries.values()
    return entry


def untex(text: str) -> str:
    """What TeX prints, of the commands that there are."""
    signs = {f"\\text{name}{{}}": sign for name, sign in [
        ("braceleft", "{"), ("braceright", "}"), ("asciicircum", "^"), ("asciitilde", "~"),
        ("asciigrave", "`"), ("less", "<"), ("greater", ">"), ("bar", "|"), ("backslash", "\\"),
    ]}  # fmt: skip
    names = "|".join(map(re.escape, signs))
    found = re.sub(rf"{names}|\\([$&#%_])|{{}}", lambda one: signs.get(one[0], one[1] or ""), text)
    return spaced(found)


def spaced(text: str) -> str:
    return " ".join(inline(text).split())


def test_tex_joins_nothing() -> None:
    assert escape_tex("a--b---c ''d'' ,,e") == "a-{}-b-{}-{}-c '{}'d'{}' ,{},e"
