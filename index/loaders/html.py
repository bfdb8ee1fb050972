"""HTML: the article on a page, without what surrounds it, paragraphs parted by empty lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from index.article import Article
from index.errors import LoadError
from index.loaders.decoding import DecodingError, decode, mend
from index.loaders.document import Document, attempt
from index.loaders.fields import article_or_error, id_from_stem, load_error, parse_date
from index.loaders.title import one_line, short_title

MAX_HTML = 1024 * 1024
"""Code points of a page without scripts, styles and pictures. This is also the bound on time:
trafilatura takes it in proportion, and a page of nothing but links about 12 s for a million."""
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{1,40})", re.I
)
_PICTURE = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]+")
CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def load_html(document: Document) -> Iterator[Article | LoadError]:
    """The article of a page, or why there is none."""
    data = document.read()
    if isinstance(data, LoadError):
        yield data
        return
    declared = _CHARSET.search(data[:4096])
    try:
        html = decode(data, declared[1].decode("ascii") if declared else "")
    except DecodingError as error:
        yield load_error(document.place, error.reason, error.mend)
    else:
        yield html_article(document, html)


def html_article(
    document: Document, html: str, *, title: str = "", date: str = "", source: str = ""
) -> Article | LoadError:
    """The article in `html`. What is given wins over what the page says of itself."""
    html = _lightened(html)
    if len(html) > MAX_HTML:
        reason = f"larger than {MAX_HTML // 2**20} MB, too long for a page"
        return load_error(document.place, reason, "save the article's text instead")
    page = attempt(document, "HTML", lambda: _extracted(html))
    if isinstance(page, LoadError):
        return page
    text = page.pop("text")
    if not text:
        reason = "no article was found on the page"
        return load_error(document.place, reason, "save its text as .txt instead")
    return article_or_error(
        document.place,
        document.origin,
        id=id_from_stem(document.stem),
        title=title or page["title"] or short_title(text),
        date=parse_date(date or page["date"]),
        source=source or page["source"],
        url=page["url"],
        text=text,
        id_from_file_name=True,
    )


def _extracted(html: str) -> dict[str, str]:
    """Text, title, date, source and url, each "" where the page does not say."""
    import trafilatura

    page = trafilatura.bare_extraction(
        CONTROLS.sub(" ", html),
        with_metadata=True,
        include_comments=False,
        # A date that the page states, not one guessed from what it mentions.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    found = dict.fromkeys(("text", "title", "date", "source", "url"), "")
    if page is None or isinstance(page, dict):
        return found
    lines = (line.strip() for line in (page.text or "").split("\n"))
    found["text"] = mend("\n\n".join(filter(None, lines)))
    found["title"] = mend(one_line(page.title or ""))
    found["source"] = mend(one_line(page.sitename or ""))
    found["url"] = _web_address(page.url or "")
    try:
        day = parse_date(page.date or "")
        found["date"] = day.isoformat() if day else ""
    except ValueError:
        pass  # a page may say anything; without a date it is an article still
    return found


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
