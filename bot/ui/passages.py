"""The passages that an answer was read from, a few to a page, what it quotes of them in bold."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.languages import N_, _
from bot.qa.answer import Citation
from bot.ui.cards import GREY
from bot.ui.evidence import LinkOf, source_line
from bot.ui.quotes import marked_quote
from index.article import Passage, ScoredPassage

PASSAGES_ON_PAGE = 2
NO_PASSAGES = N_("The search found no passages.")

# With a source line at its largest (1,100 units), two of these fit into a description.
_TEXT = 900


def page_count(passages: Sequence[ScoredPassage]) -> int:
    """How many pages they fill; 1 also where there are none."""
    return max(1, -(-len(passages) // PASSAGES_ON_PAGE))


def passage_page(
    passages: Sequence[ScoredPassage],
    page: int,
    *,
    link_of: LinkOf,
    citations: Sequence[Citation] = (),
) -> discord.Embed:
    """Page `page`, from 1, of an answer's passages; one that is out of range is the nearest.

    `citations` are the answer's: their quotes are in bold where a passage holds them.
    """
    pages = page_count(passages)
    page = min(max(page, 1), pages)
    if not passages:
        return discord.Embed(description=_(NO_PASSAGES), colour=GREY)
    first = (page - 1) * PASSAGES_ON_PAGE
    shown = passages[first : first + PASSAGES_ON_PAGE]
    blocks = [
        _block(n, scored.passage, citations, link_of)
        for n, scored in enumerate(shown, start=first + 1)
    ]
    card = discord.Embed(description="\n\n".join(blocks), colour=GREY)
    last = first + len(shown)
    numbers = (
        _("passage {last} of {total}")
        if len(shown) == 1
        else _("passages {first} and {last} of {total}")
    ).format(first=first + 1, last=last, total=len(passages))
    place = _("Page {page} of {pages}").format(page=page, pages=pages)
    return card.set_footer(text=f"{place} · {numbers}")


def _block(n: int, passage: Passage, citations: Sequence[Citation], link_of: LinkOf) -> str:
    places = [
        (max(citation.start, passage.start), min(citation.end, passage.end))
        for citation in citations
        if citation.article.id == passage.article.id
    ]
    inside = [(a - passage.start, b - passage.start) for a, b in places if a < b]
    place = Citation(n, passage.article, passage.start, passage.end)
    line = source_line(place, link_of, number=f"{n}.")
    return f"{line}\n{marked_quote(passage.text, _TEXT, inside)}"
