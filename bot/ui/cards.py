"""An answer as a card: one embed, in which everything is within Discord's limits.

Every string that comes from an article or a person passes `bot.ui.visible` and `bot.ui.markdown`.
Only our own words stand where Discord reads no backslash: in the footer and in names of fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import discord

from bot.languages import N_, _
from bot.qa.answer import Answer, AnswerReading, Citation
from bot.ui.dates import short_day
from bot.ui.evidence import LinkOf, evidence, source_line
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.markdown import bold, subtext
from bot.ui.parts import (
    CLOSEST,
    DISAGREE,
    MOST_CITATIONS,
    MOST_PASSAGES,
    NO_ANSWER,
    NOTHING_VISIBLE,
    READING,
    SEARCHING_LINE,
    UNSUPPORTED,
    Listed,
    answer_lines,
    answer_text,
    distinct,
    fit,
    left_out,
    one_line,
    question_line,
    stories,
)
from bot.ui.visible import inline
from index.filtering import SearchFilter

# Confidence is the probability that the answer is right, as fitted in bot.qa.confidence; so of a
# hundred answers that are "sure", eighty or more are right, and of "unsure" ones less than half.
SURE = 0.8
"""Least confidence of an answer that is called sure."""
LIKELY = 0.5
"""Least confidence of an answer that is called likely: it is right more often than not."""

OLD = dt.timedelta(days=30)
"""Age of the newest evidence beyond which an answer names its day."""

CORRECTION = N_("Correction")

# One colour a kind of card; what it says stands in words as well.
GREEN, AMBER, GREY = 0x2E8B57, 0xC98A1B, 0x80848E

# Room in units, chosen so that a card holds the answer and a citation, both at their largest.
_ANSWER = 900
_QUOTE = 700
_EXCERPT = 256
_NOTE = 600


def answer_card(
    answer: Answer,
    *,
    link_of: LinkOf,
    today: dt.date,
    show_question: bool,
    asked_as: str = "",
    note: str = "",
    within: SearchFilter | None = None,
) -> discord.Embed:
    """The card for `answer`.

    `link_of` gives the address of a quote, also of a closest passage. `show_question` puts the
    question first, for where it is not seen above the card. `asked_as` is what was searched; it is
    shown where it differs from the question. `note` says, with its day, what was corrected.
    `within` is what the search was narrowed to, for the hints of an abstention.
    """
    head = [question_line(answer.question)] if show_question else []
    if asked_as and inline(asked_as) != inline(answer.question):
        head.append(question_line(asked_as, SEARCHING_LINE))
    text = answer_text(answer.answer)
    if not answer.answered or not text:
        card = _abstention(answer, head, link_of, within)
    elif answer.readings:
        card = _disagreement(answer, head, link_of, today)
    else:
        card = _answer(answer, text, head, link_of, today)
    if said := one_line(note, _NOTE):
        card.add_field(name=_(CORRECTION), value=said, inline=False)
    return card


def confidence_word(confidence: float) -> str:
    """ "sure", "likely" or "unsure"."""
    return _("sure") if confidence >= SURE else _("likely") if confidence >= LIKELY else _("unsure")


def _answer(
    answer: Answer, text: str, head: Sequence[str], link_of: LinkOf, today: dt.date
) -> discord.Embed:
    said = "\n".join([*head, *answer_lines(text, answer.supplement, _ANSWER)])
    citations = distinct(answer.citations)
    blocks = [
        evidence(citation, link_of, room=_QUOTE, copies=answer.also_in(citation))
        for citation in citations[:MOST_CITATIONS]
    ]
    colour = GREEN if answer.confidence >= LIKELY else AMBER
    card = _fitted(said, blocks, len(citations), "citation", colour)
    facts = [
        confidence_word(answer.confidence).capitalize(),
        _as_of([one.article.date for one in citations], today),
    ]
    card.set_footer(text=_joined(*facts, "" if citations else _(UNSUPPORTED)))
    return card


def _disagreement(
    answer: Answer, head: Sequence[str], link_of: LinkOf, today: dt.date
) -> discord.Embed:
    """All that the articles say, each with its best quote."""
    readings = answer.readings_by_date
    blocks = [_reading(reading, answer, link_of) for reading in readings[:MOST_CITATIONS]]
    said = "\n".join([*head, bold(_(DISAGREE))])
    card = _fitted(said, blocks, len(readings), "reading", AMBER)
    if as_of := _as_of([one.date for one in readings], today):
        card.set_footer(text=as_of[:1].upper() + as_of[1:])
    return card


def _reading(reading: AnswerReading, answer: Answer, link_of: LinkOf) -> str:
    day = short_day(reading.date) if reading.date else ""
    said = bold(one_line(reading.answer, READING) or NOTHING_VISIBLE)
    head = _joined(said, day, stories(reading), confidence_word(reading.confidence))
    citation = reading.citations[0]
    copies = answer.also_in(citation)
    return f"{head}\n{evidence(citation, link_of, room=_QUOTE, numbered=False, copies=copies)}"


def _fitted(
    head: str, blocks: Sequence[str], total: int, noun: Listed, colour: int
) -> discord.Embed:
    """As many of the blocks as fit below the head, and how many of `total` are left out."""

    def compose(shown: Sequence[str]) -> str:
        more = left_out(total - len(shown), noun)
        first = "\n".join([head, *shown[:1]])  # the answer's first quote belongs to it
        return "\n\n".join([first, *shown[1:]]) + (f"\n{subtext(more)}" if more else "")

    text = fit(blocks, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    return discord.Embed(description=text, colour=colour)


def _abstention(
    answer: Answer, head: Sequence[str], link_of: LinkOf, within: SearchFilter | None
) -> discord.Embed:
    lines = [*head, bold(_(NO_ANSWER))]
    closest = answer.passages[:MOST_PASSAGES]
    if closest:
        lines.append(_(CLOSEST))
    for n, scored in enumerate(closest, start=1):
        passage = scored.passage
        place = Citation(n, passage.article, passage.start, passage.end)
        excerpt = one_line(passage.text, _EXCERPT) or NOTHING_VISIBLE
        lines.append(f"> {excerpt}\n{source_line(place, link_of)}")
    hints = "\n".join(f"- {hint}" for hint in _hints(within))
    card = discord.Embed(description="\n".join(lines), colour=GREY)
    return card.add_field(name=_("What to try"), value=hints, inline=False)


def _hints(within: SearchFilter | None) -> Iterator[str]:
    """What may help, none of it from outside."""
    yield _("Ask in other words: those that an article would use.")
    yield _("Name the person, the place or the event in full.")
    if within and (within.since or within.until):
        yield _("Leave out the dates: only articles of those days were searched.")
    if within and within.sources:
        yield _("Leave out the source: no other was searched.")
    if within and (within.article_sets or within.tags):
        yield _("Leave out the set or tag: nothing outside it was searched.")


def _as_of(days: Iterable[dt.date | None], today: dt.date) -> str:
    """ "as of 6 Oct 2022" where the newest evidence is old; "" where it is not, or has no day."""
    newest = max(filter(None, days), default=None)
    if newest is None or today - newest <= OLD:
        return ""
    return _("as of {day}").format(day=short_day(newest))


def _joined(*facts: str) -> str:
    return " · ".join(filter(None, facts))
