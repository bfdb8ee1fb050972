"""A timeline as cards: each event's day, its quote and its source, newest last.

Every string that comes from an article or a person passes `bot.ui.visible` and `bot.ui.markdown`.
"""

from __future__ import annotations

import datetime as dt

import discord

from bot.languages import N_, _, language, ngettext
from bot.qa.timelines.event import DatedBy, Event, Precision, Timeline
from bot.ui.cards import GREY
from bot.ui.dates import MONTHS, short_day
from bot.ui.evidence import LinkOf, evidence
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.markdown import bold, escape
from bot.ui.parts import NOTHING_VISIBLE, one_line

NO_EVENTS = N_("No dated events found in the articles.")
BY_ARTICLE = N_("day of the article")
FORETOLD = N_("as expected then")

_TOPIC = 200
_QUOTE = 500
_GAP = "\n\n"


def page_count(timeline: Timeline, *, link_of: LinkOf) -> int:
    """How many cards hold all events; 1 also where there are none."""
    return len(_pages(timeline, link_of))


def timeline_page(timeline: Timeline, page: int, *, link_of: LinkOf) -> discord.Embed:
    """Page `page`, from 1, of a timeline; one that is out of range is the nearest.

    `link_of` gives the address of a quote. Each event stands on one page, as many to a page as fit.
    """
    pages = _pages(timeline, link_of)
    number = min(max(page, 1), len(pages))
    description = _GAP.join([_head(timeline.topic), *(pages[number - 1] or [_(NO_EVENTS)])])
    card = discord.Embed(description=description, colour=GREY)
    facts = [
        _("Page {page} of {pages}").format(page=number, pages=len(pages)) if len(pages) > 1 else "",
        _left_out(timeline.left_out),
        _undated(timeline.undated) if not timeline.events else "",
    ]
    if footer := " · ".join(filter(None, facts)):
        card.set_footer(text=footer)
    return card


def when(event: Event) -> str:
    """ "28 Sep 2022", "24 Sep 2022 to 30 Sep 2022", "Sep 2022", "2022"."""
    first = _day(event.date, event.precision)
    last = _day(event.until, event.precision) if event.until else first
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def _pages(timeline: Timeline, link_of: LinkOf) -> list[list[str]]:
    """The events' blocks, page by page; one empty page where there are none."""
    room = EMBED_DESCRIPTION - units(_head(timeline.topic))
    pages: list[list[str]] = [[]]
    used = 0
    for event in timeline.events:
        block = _block(event, link_of)
        length = units(_GAP) + units(block)
        if pages[-1] and used + length > room:
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += length
    return pages


def _head(topic: str) -> str:
    return bold(_("Timeline: {topic}").format(topic=one_line(topic, _TOPIC) or NOTHING_VISIBLE))


def _block(event: Event, link_of: LinkOf) -> str:
    facts = [
        bold(escape(when(event))),
        _(BY_ARTICLE) if event.dated_by is DatedBy.ARTICLE else "",
        _(FORETOLD) if event.foretold else "",
    ]
    head = " · ".join(filter(None, facts))
    return f"{head}\n{evidence(event.citation, link_of, room=_QUOTE, copies=event.also_in)}"


def _day(day: dt.date, precision: Precision) -> str:
    if precision is Precision.YEAR:
        return str(day.year)
    if precision is Precision.DAY:
        return short_day(day)
    if language() == "en":
        return f"{MONTHS[day.month - 1][:3]} {day.year}"
    from babel.dates import format_skeleton

    return format_skeleton("yMMM", day, locale=language())


def _left_out(count: int) -> str:
    if not count:
        return ""
    some = ngettext("{count} more event not shown", "{count} more events not shown", count)
    return some.format(count=count)


def _undated(count: int) -> str:
    if not count:
        return ""
    some = ngettext("{count} sentence without a date", "{count} sentences without a date", count)
    return some.format(count=count)
