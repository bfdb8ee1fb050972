"""The citations behind "Cite": each in a block of code, which Discord offers to copy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import discord

from bot.languages import N_, _
from bot.qa.answer import Citation
from bot.ui.cards import GREY
from bot.ui.citing import citation_styles
from bot.ui.evidence import LinkOf, evidence
from bot.ui.limits import EMBED_FIELD_VALUE, units
from bot.ui.markdown import ELLIPSIS
from index.article import Article

NAMES = {"markdown": "Markdown", "plain": N_("Plain text"), "apa": "APA 7", "bibtex": "BibTeX"}

_FENCE = "```"
_ROOM = EMBED_FIELD_VALUE - units(f"{_FENCE}\n\n{_FENCE}")
_QUOTE = 900
# What is tried in turn until every style fits: code points of the quote, and of the other fields.
_TRIED = ((20_000, 2000), (500, 200), (300, 100), (100, 60), (40, 30))


def cite_card(citation: Citation, *, accessed: dt.date, link: str = "") -> discord.Embed:
    """The quote cited in every style, shortened visibly where a style would not fit."""
    card = discord.Embed(title=_("Cite [{n}]").format(n=citation.n), colour=GREY)
    for style, text in _fitting(citation, accessed, link).items():
        card.add_field(name=_(NAMES[style]), value=f"{_FENCE}\n{text}\n{_FENCE}", inline=False)
    return card


def citation_card(citation: Citation, *, link_of: LinkOf) -> discord.Embed:
    """The quote and its source, to be posted in a channel."""
    text = evidence(citation, link_of, room=_QUOTE, numbered=False)
    return discord.Embed(description=text, colour=GREY)


def _fitting(citation: Citation, accessed: dt.date, link: str) -> dict[str, str]:
    styles: dict[str, str] = {}
    for quote, other in _TRIED:
        article = _shortened(citation.article, other)
        address = "" if other < 200 else link
        styles = citation_styles(
            article,
            _cut(citation.quote, quote),
            accessed=accessed,
            link=address,
            page=citation.page,
        )
        styles = {style: _harmless(text) for style, text in styles.items()}
        if all(units(text) <= _ROOM for text in styles.values()):
            break
    return styles


def _shortened(article: Article, limit: int) -> Article:
    return dataclasses.replace(
        article,
        title=_cut(article.title, limit),
        source=_cut(article.source, limit),
        authors=tuple(_cut(author, limit) for author in article.authors[: max(limit // 30, 1)]),
        url=article.url if len(article.url) <= 2 * limit else "",
    )


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def _harmless(text: str) -> str:
    """`text` for a block of code, where only its end has a meaning."""
    return re.sub("``+", lambda found: "\u02cb" * len(found[0]), text)
