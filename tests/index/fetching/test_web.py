"""From a web address to articles: pages, files, feeds and sitemaps of a real server."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile

import pytest
from web_server import SENTENCES, Reply, WebServer, local_fetcher, page

from index.article import Article
from index.errors import LoadError
from index.fetching.web import load_url

RSS = {"Content-Type": "application/rss+xml"}
XML = {"Content-Type": "application/xml"}


def loaded(url: str, **options: object) -> tuple[list[Article], list[str]]:
    items = list(load_url(url, local_fetcher(**options)))  # type: ignore[arg-type]
    return (
        [item for item in items if isinstance(item, Article)],
        [str(item) for item in items if isinstance(item, LoadError)],
    )


def only(url: str) -> Article:
    (article,), errors = loaded(url)
    assert errors == []
    return article


def rss(*items: str, title: str = "The Gazette") -> str:
    return f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(link: str, title: str = "", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def sitemap(*addresses: str, kind: str = "urlset") -> str:
    inner = "url" if kind == "urlset" else "sitemap"
    entries = "".join(f"<{inner}><loc>{address}</loc></{inner}>" for address in addresses)
    return f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'


# -- one page -----------------------------------------------------------------------------


def test_a_page_is_known_by_its_address(site: WebServer) -> None:
    site.page("/news/bridge?id=7", "A new bridge")
    article = only(f"{site.url}/news/bridge?id=7#top")
    assert article.id == article.url == article.origin == f"{site.url}/news/bridge?id=7"
    assert article.title == "A new bridge"
    assert "works would begin in the spring" in article.text
    assert not article.id_from_file_name


def test_a_page_is_known_by_where_redirects_led(site: WebServer) -> None:
    site.pages["/short"] = Reply(status=301, headers={"Location": "/long"})
    site.page("/long", "A new bridge")
    assert only(f"{site.url}/short").id == f"{site.url}/long"


@pytest.mark.parametrize(
    ("canonical", "taken"),
    [
        ("{site}/news/bridge", True),
        ("https://elsewhere.example/news/bridge", False),
        ("{site}/", False),  # the front page, as on careless sites
        ("javascript:alert(1)", False),
        ("http://user:pass@127.0.0.1/x", False),
    ],
)
def test_the_canonical_address_counts_on_its_own_site(
    site: WebServer, canonical: str, taken: bool
) -> None:
    stated = canonical.format(site=site.url)
    site.page("/amp/bridge", "A new bridge", f'<link rel="canonical" href="{stated}">')
    article = only(f"{site.url}/amp/bridge")
    assert article.id == article.url == (stated if taken else f"{site.url}/amp/bridge")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (page("Käsebrücke").encode("latin-1"), "text/html; charset=ISO-8859-1"),
        (page("Käsebrücke").encode("utf-16"), "text/html; charset=utf-16"),
        (page("Käsebrücke").encode(), "text/html; charset=ISO-8859-1"),  # it lies
        (page("Käsebrücke").encode(), "text/html; charset=nonsense"),
        (page("Käsebrücke").encode("cp1250"), 'text/html; charset="windows-1250"'),
        (page("Käsebrücke").encode(), "application/octet-stream"),
    ],
)
def test_the_encoding_that_the_server_names_is_used(
    site: WebServer, body: bytes, kind: str
) -> None:
    site.pages["/a"] = Reply(body, headers={"Content-Type": kind})
    assert only(f"{site.url}/a").title == "Käsebrücke"


def test_other_formats_are_told_by_content_type_or_name(site: WebServer) -> None:
    site.pages["/notes"] = Reply(SENTENCES, headers={"Content-Type": "text/plain"})
    site.pages["/notes.md"] = Reply(
        f"# Title\n\n{SENTENCES}", headers={"Content-Type": "text/plain"}
    )
    assert only(f"{site.url}/notes").text == SENTENCES
    assert only(f"{site.url}/notes.md").title == "Title"


def test_a_collection_that_is_named_keeps_its_own_ids(site: WebServer) -> None:
    lines = "".join(json.dumps({"id": id, "text": SENTENCES}) + "\n" for id in ("one", "two"))
    site.pages["/news.jsonl"] = Reply(lines)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("three.txt", SENTENCES)
    site.pages["/news.zip"] = Reply(packed.getvalue(), headers={"Content-Type": "application/zip"})
    assert [a.id for a in loaded(f"{site.url}/news.jsonl")[0]] == ["one", "two"]
    assert only(f"{site.url}/news.zip").origin == f"{site.url}/news.zip!three.txt"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=404), "no such page"),
        (Reply(b""), "empty"),
        (Reply(b"\0\1\2"), "cannot read files of type"),
        (Reply("<html><body></body></html>"), "no article was found"),
        (Reply("x", headers={"Content-Type": "image/png"}), "reads no 'image/png'"),
    ],
)
def test_what_cannot_be_read_is_a_value(site: WebServer, reply: Reply, reason: str) -> None:
    site.pages["/a"] = reply
    articles, (error,) = loaded(f"{site.url}/a")
    assert articles == [] and reason in error and f"{site.url}/a" in error


def test_a_wrong_address_is_a_value() -> None:
    assert "only http and https" in loaded("ftp://example.org/")[1][0]


# -- feeds --------------------------------------------------------------------------------


def test_each_entry_of_a_feed_is_its_page(site: WebServer) -> None:
    when = "<pubDate>Thu, 06 Oct 2022 10:00:00 GMT</pubDate><category>Town</category>"
    site.pages["/feed"] = Reply(rss(item("/a", "A", when), item("b", "B")), headers=RSS)
    site.page("/a", "A new bridge")
    site.page("/b", "The old bridge")
    articles, errors = loaded(f"{site.url}/feed")
    assert errors == []
    assert [a.id for a in articles] == [f"{site.url}/a", f"{site.url}/b"]
    assert articles[0].title == "A new bridge"
    assert articles[0].date == dt.date(2022, 10, 6)
    assert articles[0].source == "The Gazette"
    assert articles[0].tags == ("Town",)
    assert articles[1].date is None


def test_the_feed_names_the_author_where_the_page_does_not(site: WebServer) -> None:
    author = "<author>jane@x.example (Jane Doe)</author>"
    stands_in = f"<description>&lt;p&gt;{SENTENCES}&lt;/p&gt;</description>"
    items = item("/a", "A", author), item("/b", "B", author), item("/c", "C", author + stands_in)
    site.pages["/feed"] = Reply(rss(*items))
    site.page("/a", "A new bridge")
    site.page("/b", "The old bridge", head='<meta name="author" content="John Roe">')
    articles, errors = loaded(f"{site.url}/feed")
    assert errors == []
    assert [a.authors for a in articles] == [("Jane Doe",), ("John Roe",), ("Jane Doe",)]


def test_atom_is_read_too(site: WebServer) -> None:
    site.pages["/feed"] = Reply(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title>'
        '<entry><id>x</id><title>A</title><link href="/a"/><updated>2022-10-06T10:00:00Z</updated>'
        "</entry></feed>"
    )
    site.page("/a", "A new bridge")
    assert only(f"{site.url}/feed").date == dt.date(2022, 10, 6)


def test_one_broken_page_does_not_stop_the_rest(site: WebServer) -> None:
    site.pages["/feed"] = Reply(
        rss(item("/gone"), item("/a"), item("javascript:alert(1)"), item("file:///etc/passwd"),
            item("http://10.0.0.1/"), item("/image"), item("/b")),
    )  # fmt: skip
    site.page("/a", "A new bridge")
    site.page("/b", "The old bridge")
    site.pages["/image"] = Reply("x", headers={"Content-Type": "image/png"})
    articles, errors = loaded(f"{site.url}/feed")
    assert [a.title for a in articles] == ["A new bridge", "The old bridge"]
    assert len(errors) == 5
    for part in ("no such page", "javascript:alert(1)", "file://etc", "10.0.0.1", "image"):
        assert any(part in error for error in errors), part


def test_where_the_page_cannot_be_had_the_feed_stands_in(site: WebServer) -> None:
    content = f"<description>&lt;p&gt;{SENTENCES}&lt;/p&gt;&lt;script&gt;evil()&lt;/script&gt;"
    site.pages["/feed"] = Reply(
        rss(item("/gone", "A &lt;b&gt;bridge&lt;/b&gt;", content + "</description>"))
    )
    article = only(f"{site.url}/feed")
    assert article.id == article.url == f"{site.url}/gone"
    assert (article.title, article.source) == ("A bridge", "The Gazette")
    assert "spring" in article.text and "evil" not in article.text


def test_a_teaser_does_not_stand_in_for_a_page(site: WebServer) -> None:
    site.pages["/feed"] = Reply(rss(item("/gone", "A", "<description>Read on!</description>")))
    articles, errors = loaded(f"{site.url}/feed")
    assert articles == [] and "no such page" in errors[0]


def test_a_feed_cannot_speak_for_another_site(site: WebServer) -> None:
    """Else a feed could put its words under the address of anybody's article."""
    content = f"<description>&lt;p&gt;{SENTENCES}&lt;/p&gt;</description><guid>g1</guid>"
    other = site.at("other.example", "/story")
    site.pages["/feed"] = Reply(rss(item(other, "A", content)))
    article = only(f"{site.url}/feed")
    assert article.id == f"{site.url}/feed#g1"
    assert article.url == f"{site.url}/feed"


def test_a_collection_behind_a_feed_is_not_read(site: WebServer) -> None:
    site.pages["/feed"] = Reply(rss(item("/news.jsonl")))
    site.pages["/news.jsonl"] = Reply(json.dumps({"id": "mine", "text": SENTENCES}))
    articles, errors = loaded(f"{site.url}/feed")
    assert articles == [] and "a collection" in errors[0]


def test_a_feed_is_read_up_to_the_bound(site: WebServer) -> None:
    site.pages["/feed"] = Reply(rss(*(item(f"/{n}") for n in range(30))))
    assert len(loaded(f"{site.url}/feed", fetch_max_pages=3)[1]) == 3
    assert site.paths() == ["/feed", "/0", "/1", "/2"]


# -- sitemaps -----------------------------------------------------------------------------


def test_the_pages_of_a_sitemap(site: WebServer) -> None:
    site.page("/a", "A new bridge")
    site.page("/b", "The old bridge")
    site.pages["/sitemap.xml"] = Reply(
        sitemap(f"{site.url}/a", f"{site.url}/b", f"{site.url}/a", f"{site.url}/gone"), headers=XML
    )
    articles, errors = loaded(f"{site.url}/sitemap.xml")
    assert [a.id for a in articles] == [f"{site.url}/a", f"{site.url}/b"]
    assert len(errors) == 1 and "/gone" in errors[0]


def test_sitemaps_within_sitemaps_packed_and_in_circles(site: WebServer) -> None:
    site.page("/a", "A new bridge")
    index = sitemap(
        f"{site.url}/s.xml.gz",
        f"{site.url}/index.xml",
        f"{site.url}/broken.xml",
        kind="sitemapindex",
    )
    site.pages["/index.xml"] = Reply(index, headers=XML)
    site.pages["/broken.xml"] = Reply("<urlset><url>", headers=XML)
    site.pages["/s.xml.gz"] = Reply(
        gzip.compress(sitemap(f"{site.url}/a").encode()),
        headers={"Content-Type": "application/x-gzip"},
    )
    articles, errors = loaded(f"{site.url}/index.xml")
    assert [a.id for a in articles] == [f"{site.url}/a"]
    assert len(errors) == 1 and "broken.xml" in errors[0]
    assert site.paths().count("/index.xml") == 1


def test_a_sitemap_names_pages_of_its_own_site_only(site: WebServer) -> None:
    site.pages["/s.xml"] = Reply(
        sitemap(site.at("other.example", "/a"), "http://10.0.0.1/", "javascript:alert(1)")
    )
    articles, errors = loaded(f"{site.url}/s.xml")
    assert articles == [] and site.paths() == ["/s.xml"]
    assert sum("another site" in error for error in errors) == 2
    assert any("only http and https" in error for error in errors)


def test_a_sitemap_is_read_up_to_the_bound(site: WebServer) -> None:
    for n in range(5):
        site.page(f"/{n}", f"Story {n}")
    site.pages["/s.xml"] = Reply(sitemap(*(f"{site.url}/{n}" for n in range(5))))
    articles, errors = loaded(f"{site.url}/s.xml", fetch_max_pages=2)
    assert len(articles) == 2
    assert "DATELINE_FETCH_MAX_PAGES" in errors[0]


def test_the_feed_titles_a_page_that_does_not_title_itself(site: WebServer) -> None:
    site.pages["/feed"] = Reply(rss(item("/a", "A new bridge")))
    site.pages["/a"] = Reply(SENTENCES, headers={"Content-Type": "text/plain"})
    assert only(f"{site.url}/feed").title == "A new bridge"
