"""Articles of the archive and golden questions, as they are listed and shown."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.languages import _, ngettext
from bot.servers.records.golden import GoldenQuestion
from bot.ui.build_cards import article_line
from bot.ui.cards import GREY
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.links import host_of, safe_link
from bot.ui.markdown import bold, masked_link, shorten, subtext
from bot.ui.numbers import count
from bot.ui.parts import NOTHING_VISIBLE, Listed, fit, left_out, one_line
from bot.ui.visible import lines
from index.article import Article, ArticleReference

ON_PAGE = 10
"""Articles, or golden questions, in one card."""
_ID, _TEXT, _TITLE = 120, 1800, 300
_MOST_READ = 4000


def list_card(heading: str, articles: Sequence[ArticleReference], footer: str) -> discord.Embed:
    """Articles with their ids; `heading` and `footer` are words of our own."""
    blocks = [f"{article_line(one)}\n{subtext(one_line(one.id, _ID))}" for one in articles]
    return _card(heading, blocks, "article", footer)


def golden_list_card(questions: Sequence[GoldenQuestion], page: int, pages: int) -> discord.Embed:
    """Golden questions with the numbers by which they are removed."""
    blocks = [
        f"{one.id}\\. {one_line(one.question, 200)}\n"
        + subtext(_("expected: {answer}").format(answer=_expected(one)))
        for one in questions
    ]
    footer = _("Page {page} of {pages}").format(page=count(page), pages=count(pages))
    return _card(_("Golden questions"), blocks, "question", footer)


def _expected(golden: GoldenQuestion) -> str:
    return one_line(golden.expected, 150) or _("no answer")


def article_card(article: Article, revisions: int) -> discord.Embed:
    """An article's first words and what is known of it."""
    reference = ArticleReference(
        article.id, article.title, article.date, article.source, article.url
    )
    text = shorten(lines(article.text[:_MOST_READ]), _TEXT) or NOTHING_VISIBLE
    card = discord.Embed(description=f"{bold(article_line(reference))}\n{text}", colour=GREY)
    card.add_field(
        name=_("Id"), value=one_line(article.id, _TITLE) or NOTHING_VISIBLE, inline=False
    )
    if authors := one_line("; ".join(article.authors), _TITLE):
        card.add_field(name=_("Authors"), value=authors, inline=False)
    if link := safe_link(article.url):
        host = one_line(host_of(link), 200)
        opened = masked_link(_("Open"), link)
        card.add_field(name=_("Page"), value=f"{opened} · {host}", inline=False)
    if tags := one_line("; ".join(article.tags), _TITLE):
        card.add_field(name=_("Tags"), value=tags, inline=False)
    card.set_footer(
        text=ngettext("{count} revision", "{count} revisions", revisions).format(
            count=count(revisions)
        )
    )
    return card


def _card(heading: str, blocks: Sequence[str], noun: Listed, footer: str) -> discord.Embed:
    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(blocks) - len(shown), noun)
        return "\n".join([bold(heading), *shown, *([subtext(more)] if more else [])])

    text = fit(blocks, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    card = discord.Embed(description=text, colour=GREY)
    card.set_footer(text=footer)
    return card
