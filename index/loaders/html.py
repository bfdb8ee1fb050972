"""HTML: the article on a page, without what surrounds it, paragraphs parted by empty lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.document import Document, attempt, parsed
from index.loaders.fields import (
    article_or_error,
    clean_tags,
    id_from_stem,
    id_from_url,
    load_error,
    parse_date,
    split_authors,
    split_tags,
)
from index.loaders.title import one_line, short_title

MAX_HTML = 1024 * 1024
"""Code points of a page without scripts, styles and pictures. No bound on time: that is the
worker's, as some pages of a tenth of this take trafilatura minutes."""
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{1,40})", re.I
)
_PICTURE = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]+")
CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class _Page:
    """What a page says; "" where it does not say."""

    text: str = ""
    title: str = ""
    date: str = ""
    source: str = ""
    url: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def load_html(document: Document) -> Iterator[Article | LoadError]:
    """The article of a page, or why there is none."""
    html = parsed(document, "HTML", lambda data: _decoded(document, data))
    yield html if isinstance(html, LoadError) else html_article(document, html)


def _decoded(document: Document, data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    try:
        return decode(data, declared[1].decode("ascii") if declared else "")
    except DecodingError as error:
        raise load_error(document.place, error.reason, error.mend) from None


def html_article(
    document: Document, html: str, *, title: str = "", date: str = "", source: str = ""
) -> Article | LoadError:
    """The article in `html`. What is given wins over what the page says of itself.

    Its id is the page's own (canonical) address where it states one, else from the file's name.
    """
    html = _lightened(html)
    if len(html) > MAX_HTML:
        reason = f"larger than {MAX_HTML // 2**20} MB, too long for a page"
        return load_error(document.place, reason, "save the article's text instead")
    page = attempt(document, "HTML", lambda: _extracted(html))
    if isinstance(page, LoadError):
        return page
    if not page.text:
        reason = "no article was found on the page"
        return load_error(document.place, reason, "save its text as .txt instead")
    identified = _names_a_page(page.url)
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_url(page.url) if identified else id_from_stem(document.stem),
        title=title or page.title or short_title(page.text),
        date=parse_date(date or page.date),
        source=source or page.source,
        url=page.url,
        text=page.text,
        authors=page.authors,
        tags=page.tags,
        id_from_file_name=not identified,
    )


def _extracted(html: str) -> _Page:
    import trafilatura

    page: Any = trafilatura.bare_extraction(
        CONTROLS.sub(" ", html),
        with_metadata=True,
        include_comments=False,
        # A date that the page states, not one guessed from what it mentions.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict):
        return _Page()
    lines = (line.strip() for line in (page.text or "").split("\n"))
    keywords = [*(page.tags or ()), *(page.categories or ())]
    tags = (tag for keyword in keywords for tag in split_tags(str(keyword)))
    return _Page(
        text=mend("\n\n".join(filter(None, lines))),
        title=mend(one_line(page.title or "")),
        date=_day(page.date or ""),
        source=mend(one_line(page.sitename or "")),
        url=_web_address(page.url or ""),
        authors=split_authors(mend(page.author or "")),
        tags=clean_tags(map(mend, tags)),
    )


def _day(value: str) -> str:
    """A page may say anything; without a date it is an article still."""
    try:
        day = parse_date(value)
    except ValueError:
        return ""
    return day.isoformat() if day else ""


def _lightened(html: str) -> str:
    """The page without scripts (but those that describe it), styles and pictures in itself."""
    html = _PICTURE.sub("data:,", html)
    for name in ("script", "style"):
        kept, start = [], 0
        lower = html.lower() if html.isascii() else html  # lower() may change the length
        # By searching: a pattern would look for each of a million missing ends anew.
        while (opens := lower.find(f"<{name}", start)) >= 0:
            ends = lower.find(f"</{name}", opens)
            if ends < 0:
                break
            described = "ld+json" in lower[opens : opens + 200]
            kept.append(html[start : ends if described else opens])
            start = ends if described else ends + len(name) + 2
            if not described:
                kept.append(f"<{name}></{name}")
        html = "".join(kept) + html[start:]
    return html


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and parts.netloc and url.isprintable()
    return url if web and not any(c.isspace() for c in url) else ""


def _names_a_page(url: str) -> bool:
    """Whether an address can tell pages apart: many sites give all of theirs the home page's."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)
