"""Articles, links and pages for the tests of the reading room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import lxml.html
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bot.room.article import RoomArticle
from bot.room.signing import LinkSigner, RoomLink
from index.article import Article
from index.catalog import Revision

KEY = bytes(range(32))
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
GUILD, OTHER_GUILD = 81384788765712384, 81384788765712385

SNIPPETS = [
    "</p></div></mark>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--",
    "-->", "]]>", "<![CDATA[", "</style>", "</title>", "&amp;", "&#x202e;", "&lt", "&", '"', "'",
    "{{ 7 }}", "{% raw %}", "\x00", "\x1b[31m", "\x7f", "\x9b", "\r", "\r\n", "\n", "\n\n",
    "\n \n\t\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\u202e", "\u202d", "\u2066",
    "\u2069", "\u200f", "\u200b", "\u00ad", "\ufeff", "\u0301", "\u0301" * 30, "\u0e49" * 30,
    "\U000e0041", "\ufe0f", "\u3164", "\ufdd0", "\uffff", "\u05e9\u05dc\u05d5\u05dd", "\u8a9e",
    "\u3000", "\u00a0", "word ", "One sentence. ", "\U0001f468\u200d\U0001f469",
]  # fmt: skip
# How long an example takes says something of the machine and nothing of the page.
unhurried = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
# No lone surrogates: an article cannot hold them.
anything = st.lists(
    st.one_of(st.sampled_from(SNIPPETS), st.text(st.characters(codec="utf-8"), max_size=10)),
    max_size=20,
).map("".join)
texts = anything.map(lambda text: text if text.strip() else text + "x")


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text, and start and end of a passage of it."""
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


def article(text: str = "One. Two.\n\nThree.", **values: object) -> Article:
    fields = {
        "id": "a-1",
        "title": "A bridge opens",
        "date": dt.date(2022, 10, 6),
        "source": "The Daily Example",
        "url": "https://news.example/bridge",
        "text": text,
    }
    return Article(**{**fields, **values})  # type: ignore[arg-type]


def room_article(text: str = "One. Two.\n\nThree.", **values: object) -> RoomArticle:
    return RoomArticle(article(text, **values), revision=1)


def revision(number: int, *, serving: bool = False) -> Revision:
    return Revision(
        number=number,
        title="A bridge opens",
        date=None,
        stored_at="2026-02-01T08:00:00+00:00",
        content_hash=str(number),
        serving=serving,
    )


def link(start: int = 0, end: int = 0, **values: object) -> RoomLink:
    expires = NOW + dt.timedelta(days=30)
    return replace(RoomLink(GUILD, "a-1", 1, expires, start, end), **values)  # type: ignore[arg-type]


def signer() -> LinkSigner:
    return LinkSigner(KEY)


def no_citations(shown: RoomArticle, start: int, end: int) -> Mapping[str, str]:
    return {}


def parsed(html: str) -> lxml.html.HtmlElement:
    # As bytes: what a browser is sent.
    return lxml.html.document_fromstring(
        html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    )


def one(page: lxml.html.HtmlElement, path: str) -> lxml.html.HtmlElement:
    (found,) = page.xpath(path)
    return found
