"""Articles of the archive and golden questions, as they are listed and shown."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.servers.records.golden import GoldenQuestion
from bot.ui.build_cards import article_line
from bot.ui.cards import GREY
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.links import host_of, safe_link
from bot.ui.markdown import bold, masked_link, shorten, subtext
from bot.ui.parts import NOTHING_VISIBLE, fit, left_out, one_line
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
        + subtext(f"expected: {one_line(one.expected, 150) or 'no answer'}")
        for one in questions
    ]
    return _card("Golden questions", blocks, "question", f"Page {page} of {pages}")


def article_card(article: Article, revisions: int) -> discord.Embed:
    """An article's first words and what is known of it."""
    reference = ArticleReference(
        article.id, article.title, article.date, article.source, article.url
    )
    text = shorten(lines(article.text[:_MOST_READ]), _TEXT) or NOTHING_VISIBLE
    card = discord.Embed(description=f"{bold(article_line(reference))}\n{text}", colour=GREY)
    card.add_field(name="Id", value=one_line(article.id, _TITLE) or NOTHING_VISIBLE, inline=False)
    if authors := one_line("; ".join(article.authors), _TITLE):
        card.add_field(name="Authors", value=authors, inline=False)
    if link := safe_link(article.url):
        host = one_line(host_of(link), 200)
        card.add_field(name="Page", value=f"{masked_link('Open', link)} · {host}", inline=False)
    if tags := one_line("; ".join(article.tags), _TITLE):
        card.add_field(name="Tags", value=tags, inline=False)
    noun = "revision" if revisions == 1 else "revisions"
    card.set_footer(text=f"{revisions:,} {noun}")
    return card


def _card(heading: str, blocks: Sequence[str], noun: str, footer: str) -> discord.Embed:
    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(blocks) - len(shown), noun)
        return "\n".join([bold(heading), *shown, *([subtext(more)] if more else [])])

    text = fit(blocks, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    card = discord.Embed(description=text, colour=GREY)
    card.set_footer(text=footer)
    return card
