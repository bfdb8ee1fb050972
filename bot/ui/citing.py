"""A quote as a citation to copy, in Markdown, plain text, APA and BibTeX.

APA: Publication Manual of the American Psychological Association, 7th edition (2020): sections
8.11 to 8.27 (in-text citations and quotations), 9.7 to 9.37 (elements of a reference), 10.1 example
16 (newspaper article). Its italics are left out: plain text has none. APA and BibTeX are written in
English whatever the language in force is; in the others the few words of our own are translated.
"""

from __future__ import annotations

import datetime as dt
import re

from bot.languages import _
from bot.ui.bibtex import bibtex_entry
from bot.ui.dates import MONTHS, long_day
from bot.ui.links import safe_link
from bot.ui.people import initialed, surname
from bot.ui.visible import inline, lines
from index.article import Article

STYLES = ("markdown", "plain", "apa", "bibtex")

MAX_URL = 2000
"""Most units of an address in a citation; browsers and servers refuse longer ones."""

_BLOCK_QUOTATION = 40  # words: APA, section 8.27
_MOST_AUTHORS = 20  # APA, section 9.8

# What CommonMark gives a meaning within a line, and at the start of one.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|]|^\s*[#+=-]|^\s*\d+[.)]", re.MULTILINE)
# Quotation marks inside quotation marks are single ones.
_INNER = str.maketrans('\u201c\u201d"', "\u2018\u2019'")


def citation_styles(
    article: Article,
    quote: str,
    *,
    accessed: dt.date,
    link: str = "",
    page: int | None = None,
) -> dict[str, str]:
    """`quote` from `article`, cited in each of STYLES.

    `link` is the address to name, if it is not the article's own; `page` that of the quote, from 1.
    An address that is not http(s) is left out. Nothing in the texts is hidden or a control
    character; they are not escaped for Discord.
    """
    url = safe_link(link or article.url, MAX_URL)
    quote = lines(quote)
    return {
        "markdown": _markdown(article, quote, url, page, accessed),
        "plain": _plain(article, quote, url, page, accessed),
        "apa": _apa(article, quote, url, page, accessed),
        "bibtex": bibtex_entry(article, quote, url=url, page=page, accessed=accessed),
    }


def escape_markdown(text: str) -> str:
    """`text` as CommonMark that shows it literally."""
    return _MARKDOWN.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text)


def _markdown(article: Article, quote: str, url: str, page: int | None, accessed: dt.date) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in escape_markdown(quote).split("\n"))
    title = escape_markdown(inline(article.title)) or _("Untitled article")
    source = escape_markdown(inline(article.source))
    facts = (
        escape_markdown(", ".join(_authors(article))),
        f"[{title}](<{url}>)" if url else title,
        f"*{source}*" if source else "",
        long_day(article.date) if article.date else _("no date"),
        _("page {page}").format(page=page) if page else "",
        _accessed(accessed) if url else "",
    )
    return f"{quoted}\n>\n> — {', '.join(filter(None, facts))}"


def _accessed(day: dt.date) -> str:
    return _("accessed {day}").format(day=long_day(day))


def _plain(article: Article, quote: str, url: str, page: int | None, accessed: dt.date) -> str:
    title = inline(article.title)
    facts = (
        ", ".join(_authors(article)),
        f"“{title.translate(_INNER)}”" if title else _("Untitled article"),
        inline(article.source),
        long_day(article.date) if article.date else _("no date"),
        _("page {page}").format(page=page) if page else "",
        f"{url} ({_accessed(accessed)})" if url else "",
    )
    return f"“{quote.translate(_INNER)}”\n— {', '.join(filter(None, facts))}"


def _apa(article: Article, quote: str, url: str, page: int | None, accessed: dt.date) -> str:
    """The quotation with its in-text citation, an empty line, and the reference."""
    return f"{_apa_quotation(article, quote, page)}\n\n{_apa_reference(article, url, accessed)}"


def _apa_quotation(article: Article, quote: str, page: int | None) -> str:
    authors = [surname(author) for author in _authors(article)]
    year = str(article.date.year) if article.date else "n.d."
    if not authors:
        title = inline(article.title).translate(_INNER)
        who = f"“{title},”" if title else "[News article],"
    else:
        few = " & ".join(authors) if len(authors) <= 2 else f"{authors[0]} et al."
        who = few + ","
    where = f"({who} {year}{f', p. {page}' if page else ''})"
    if len(quote.split()) >= _BLOCK_QUOTATION:
        return f"{quote} {where}"
    return f"“{quote.translate(_INNER).removesuffix('.')}” {where}."


def _apa_reference(article: Article, url: str, accessed: dt.date) -> str:
    day, source = article.date, inline(article.source)
    date = f"({day.year}, {MONTHS[day.month - 1]} {day.day})." if day else "(n.d.)."
    title = _ended(inline(article.title) or "[News article]")
    authors = [initialed(author) for author in _authors(article)]
    parts = [_ended(_listed(authors)), date, title] if authors else [title, date]
    if source and [source] != authors:  # a group that is also the publisher stands once
        parts.append(_ended(source))
    if url and not day:  # what has no date may change: section 9.16
        month = MONTHS[accessed.month - 1]
        parts.append(f"Retrieved {month} {accessed.day}, {accessed.year}, from {url}")
    elif url:
        parts.append(url)
    return " ".join(parts)


def _listed(authors: list[str]) -> str:
    """The authors as section 9.8 joins them: up to 20; of more, the first 19 and the last."""
    if len(authors) > _MOST_AUTHORS:
        return f"{', '.join(authors[: _MOST_AUTHORS - 1])}, . . . {authors[-1]}"
    *others, last = authors
    return f"{', '.join(others)}, & {last}" if others else last


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else text + "."


def _authors(article: Article) -> list[str]:
    return [name for author in article.authors if (name := inline(author))]
