"""Feeds and sitemaps as bytes, hostile ones among them."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import LoadError
from index.loaders import feed, sitemap
from index.loaders.document import Document
from index.loaders.feed import Feed, is_feed, read_feed
from index.loaders.fields import MAX_AUTHORS
from index.loaders.sitemap import Sitemap, is_sitemap, read_sitemap


def document(data: bytes) -> Document:
    return Document("feed", "here", "here", partial(io.BytesIO, data))


def parsed(text: str | bytes, **options: int) -> Feed:
    found = read_feed(document(text.encode() if isinstance(text, str) else text), **options)  # type: ignore[arg-type]
    assert isinstance(found, Feed), found
    return found


def rss(inner: str, before: str = "") -> str:
    return f'{before}<rss version="2.0"><channel><title>Gazette</title>{inner}</channel></rss>'


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    ["<rss>", "<feed xmlns='x'>", "<rdf:RDF >", "\ufeff<?xml version='1.0'?>\n<rss version='2.0'>",
     "<!-- a --><!-- b --><rss>", "<?xml version='1.0'?><?xml-stylesheet href='a'?><feed>"],
)  # fmt: skip
def test_feeds_are_told_by_how_they_begin(head: str) -> None:
    assert is_feed(head.encode())
    assert not is_sitemap(head.encode())


@pytest.mark.parametrize(
    "head", ["", "<html><rss>", "rss", "<rssx>", "<!--" * 500, "<!-- -->" * 200]
)
def test_others_are_not(head: str) -> None:
    assert not is_feed(head.encode())
    assert not is_sitemap(head.encode())


def test_an_entry_in_full() -> None:
    (entry,) = parsed(
        rss(
            "<item><title>The &lt;b&gt;bridge&lt;/b&gt;\n opens</title><link>https://x.example/a</link>"
            "<guid>g</guid><pubDate>Thu, 06 Oct 2022 23:30:00 +0000</pubDate>"
            "<category>Town</category><category>Town</category><category>Roads</category>"
            "<description>Short.</description></item>"
        )
    ).entries
    assert (entry.id, entry.link, entry.title) == ("g", "https://x.example/a", "The bridge opens")
    assert entry.date == dt.date(2022, 10, 6)
    assert entry.tags == ("Town", "Roads")
    assert entry.content == "Short."


def test_the_authors_of_an_entry_are_names() -> None:
    def authors(text: str) -> tuple[str, ...]:
        head = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        item = f"<item><link>/a</link>{text}</item>"
        return parsed(f"{head}{item}</channel></rss>").entries[0].authors

    assert authors("<author>jane@x.example (Jane Doe)</author>") == ("Jane Doe",)
    assert authors("<author>Doe (Gazette) &lt;jane@x.example&gt;</author>") == ("Doe (Gazette)",)
    assert authors("<author>news@x.example</author>") == authors("") == ()
    creators = "<dc:creator>Doe,\n Jane</dc:creator><dc:creator>&lt;b&gt;Roe&lt;/b&gt;</dc:creator>"
    assert authors(creators) == ("Doe, Jane", "Roe")
    many = "".join(f"<dc:creator>Author {n}</dc:creator>" for n in range(MAX_AUTHORS + 1))
    assert authors(many) == tuple(f"Author {n}" for n in range(MAX_AUTHORS))


def test_the_authors_of_an_atom_entry() -> None:
    authors = "<author><name>Jane Doe</name><email>j@x.example</email></author>"
    (entry,) = parsed(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><entry><id>x</id>'
        f'<link href="/a"/>{authors}<author><name>Roe</name></author></entry></feed>'
    ).entries
    assert entry.authors == ("Jane Doe", "Roe")


def test_the_version_changes_with_the_entry_only() -> None:
    def version(text: str) -> str:
        return parsed(rss(f"<item><link>/a</link>{text}</item>")).entries[0].version

    assert version("<title>A</title>") == version("<title>A</title>")
    assert version("<title>A</title>") != version("<title>B</title>")
    assert version("<description>A</description>") != version("<description>B</description>")


def test_entries_without_anything_to_read_are_passed_over() -> None:
    assert parsed(rss("<item><title>A</title></item><item/>")).entries == ()


def test_entries_are_bounded() -> None:
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(1000))
    assert len(parsed(rss(items)).entries) == feed.MAX_ENTRIES
    assert len(parsed(rss(items), most=3).entries) == 3


def test_an_entity_bomb_stays_small() -> None:
    found = parsed(rss("<item><title>x&a9;</title><link>/a</link></item>", BILLION))
    assert len(found.title) < 100 and len(found.entries[0].title) < 100


def test_outer_entities_are_not_read(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret"
    with open(secret, "w") as file:  # noqa: PTH123
        file.write("hunter2")
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    found = parsed(rss("<item><title>x&x;</title><link>/a</link></item>", head))
    assert "hunter2" not in repr(found)


def test_the_bytes_of_a_feed_are_never_a_file_name_or_an_address(tmp_path: object) -> None:
    path = f"{tmp_path}/feed.xml"
    with open(path, "w") as file:  # noqa: PTH123
        file.write(rss("<item><title>local</title><link>/a</link></item>"))
    for name in (path, "http://127.0.0.1:9/feed"):
        found = read_feed(document(name.encode()))
        assert isinstance(found, LoadError) or found.entries == ()


@pytest.mark.parametrize("piece", ["<b/>", "&lt;b/&gt;", "&#60;b/>", "<!-- -->"])
def test_a_feed_of_nothing_but_elements_is_refused_at_once(piece: str) -> None:
    data = rss(f"<item><description>{piece * (feed.MAX_ELEMENTS + 1)}</description></item>")
    found = read_feed(document(data.encode()))
    assert isinstance(found, LoadError) and "elements" in str(found)


def test_a_feed_too_long_is_refused() -> None:
    found = read_feed(document(rss("x" * feed.MAX_BYTES).encode()))
    assert isinstance(found, LoadError) and "larger than 4 MB" in str(found)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_a_feed_or_an_error(data: bytes, within: bool) -> None:
    data = b'<rss version="2.0"><channel><item>' + data if within else data
    assert isinstance(read_feed(document(data)), Feed | LoadError)
    assert isinstance(read_sitemap(document(data)), Sitemap | LoadError)
    assert is_feed(data) in (True, False) and is_sitemap(data) in (True, False)


def urlset(inner: str, name: str = "urlset") -> bytes:
    return f'<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{name}>'.encode()


def test_pages_of_a_sitemap_the_last_changed_first() -> None:
    data = urlset(
        "<url><loc> https://x.example/old </loc><lastmod>2020-01-01</lastmod></url><!-- c -->"
        "<url><loc>https://x.example/new</loc><lastmod>2022-10-06</lastmod></url>"
        "<url><loc>https://x.example/new</loc></url><url/>"
    )
    expected = Sitemap(pages=("https://x.example/new", "https://x.example/old"))
    assert read_sitemap(document(data)) == expected
    assert read_sitemap(document(gzip.compress(data))) == expected
    assert is_sitemap(data) and is_sitemap(gzip.compress(data))


def test_an_index_of_sitemaps() -> None:
    data = urlset("<sitemap><loc>https://x.example/s.xml</loc></sitemap>", "sitemapindex")
    assert read_sitemap(document(data)) == Sitemap(sitemaps=("https://x.example/s.xml",))


def test_sitemaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_URLS", 3)
    found = read_sitemap(document(urlset("".join(f"<url><loc>/{n}</loc></url>" for n in range(9)))))
    assert isinstance(found, Sitemap) and len(found.pages) == 3


@pytest.mark.parametrize(
    "data",
    [
        BILLION.replace("DOCTYPE rss", "DOCTYPE urlset").encode() + urlset("&a9;"),
        gzip.compress(bytes(60 * 1024 * 1024)),
        gzip.compress(urlset(""))[:-12],
        b"\x1f\x8bnonsense",
        urlset("")[:-5],
        b"",
    ],
    ids=["entities", "gzip bomb", "gzip cut off", "no gzip", "cut off", "empty"],
)
def test_broken_and_hostile_sitemaps_are_errors(data: bytes) -> None:
    assert isinstance(read_sitemap(document(data)), LoadError)
