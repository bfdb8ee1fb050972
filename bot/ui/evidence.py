"""A quote as cards show it, and below it where it stands, linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.languages import _
from bot.qa.answer import Citation, name_copies
from bot.ui.dates import short_day
from bot.ui.limits import units
from bot.ui.links import host_of, safe_link
from bot.ui.markdown import escape, masked_link, subtext
from bot.ui.parts import copy_name, emphasis, id_name, names
from bot.ui.quotes import block_quote
from index.article import ArticleReference

LinkOf: TypeAlias = Callable[[Citation], str]
"""The address that opens a quote, such as `citation.link`; "" where there is none."""

MAX_HOST = 100
"""Most units of a host that is shown; a longer one would have to be cut, and is not linked."""

# A bracket inside a label ends it for parsers that do not read backslashes.
_NO_BRACKETS = str.maketrans("[]", "()")


def evidence(
    citation: Citation,
    link_of: LinkOf,
    *,
    room: int,
    numbered: bool = True,
    copies: Sequence[ArticleReference] = (),
) -> str:
    """The quote, the answer's words in bold, and its source: about `room` units for the quote."""
    below = source_line(citation, link_of, number=f"[{citation.n}]" if numbered else "")
    if copies:
        article = citation.article
        also_in = name_copies(copies, lambda copy: copy_name(copy, article, short_day))
        below += "\n" + subtext(also_in)
    return f"{block_quote(citation.quote, room, emphasis(citation))}\n{below}"


def source_line(citation: Citation, link_of: LinkOf, *, number: str = "") -> str:
    """ "[1] Title, source, 6 Oct 2022, page 2 · host", linked to the quote; without a link, plain.

    `number` is our own text, such as "[1]".
    """
    article, page = citation.article, citation.page
    # "6. Okt. 2022" would begin a list.
    known = names(article, lambda day: escape(short_day(day))) or [id_name(article)]
    label = ", ".join([*known, *([_("page {page}").format(page=page)] if page else [])])
    start = f"{escape(number)} " if number else ""
    # A long quote makes a long link: the article's own may still fit.
    for address in (link_of(citation), article.url):
        link = safe_link(address)
        if link and units(host_of(link)) <= MAX_HOST:
            linked = masked_link(start + label.translate(_NO_BRACKETS), link)
            return f"{linked} · {escape(host_of(link))}"
    return start + label
