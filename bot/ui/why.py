"""Why an answer is what it is: confidence as a number, what was searched, what was found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import discord

from bot.languages import N_, _, pgettext
from bot.qa.answer import Answer
from bot.ui.cards import GREY, confidence_word
from bot.ui.dates import short_day
from bot.ui.limits import EMBED_FIELD_VALUE, units
from bot.ui.markdown import subtext
from bot.ui.numbers import percent
from bot.ui.parts import fit, id_name, left_out, names, one_line
from index.article import ScoredPassage
from index.filtering import SearchFilter

# Room in units, chosen so that what was searched fits into a field with every filter set.
_WORDS = 400
_NAMES = 150
_ARTICLE = 70
_GENERATION = 100
_MOST_NAMES = 10


def why_card(
    answer: Answer,
    *,
    asked_as: str = "",
    within: SearchFilter | None = None,
    as_of: dt.date | None = None,
    generation: str = "",
) -> discord.Embed:
    """The card behind "Why".

    `asked_as` is what was searched where that is not the question as it was asked; `as_of` the day
    from which "yesterday" and the like were counted.
    """
    card = discord.Embed(colour=GREY)
    confidence = min(max(answer.confidence, 0.0), 1.0)
    word = confidence_word(confidence) if answer.answered else _("not enough to answer")
    card.add_field(name=_("Confidence"), value=f"{percent(confidence)}, {word}", inline=True)
    if shown := one_line(generation, _GENERATION):
        card.add_field(name=_("Generation"), value=shown, inline=True)
    if timings := _timings(answer):
        card.add_field(name=_("Time"), value=timings, inline=True)
    searched = "\n".join(_searched(asked_as or answer.question, within, as_of))
    card.add_field(name=_("Searched"), value=searched, inline=False)
    card.add_field(name=_("Passages"), value=_passages(answer.passages), inline=False)
    return card


def _searched(question: str, within: SearchFilter | None, as_of: dt.date | None) -> Iterator[str]:
    yield one_line(question, _WORDS) or _("nothing")
    if within:
        if within.since:
            yield _("since {day}").format(day=short_day(within.since))
        if within.until:
            yield _("until {day}").format(day=short_day(within.until))
        for line, wanted in (
            (N_("source: {names}"), within.sources),
            (N_("set: {names}"), within.article_sets),
            (N_("tag: {names}"), within.tags),
        ):
            if wanted:
                shown = one_line("; ".join(wanted[:_MOST_NAMES]), _NAMES)
                if len(wanted) > _MOST_NAMES:
                    shown = _("{names} and {count} more").format(
                        names=shown, count=len(wanted) - _MOST_NAMES
                    )
                yield _(line).format(names=shown)
    if as_of:
        yield _("as of {day}").format(day=short_day(as_of))


def _passages(passages: Sequence[ScoredPassage]) -> str:
    """A line each: the article and the scores, best first."""
    if not passages:
        return pgettext("passages", "none")

    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(passages) - len(shown), "passage")
        return "\n".join([*shown, *([subtext(more)] if more else [])])

    lines = [_passage(n, scored) for n, scored in enumerate(passages, start=1)]
    return fit(lines, compose, lambda text: units(text) <= EMBED_FIELD_VALUE)


def _passage(n: int, scored: ScoredPassage) -> str:
    article = scored.passage.article
    known = names(article, short_day)
    name = one_line(article.title, _ARTICLE) or (known or [id_name(article, _ARTICLE)])[0]
    scores = _("{score}, meaning {meaning}, words {words}").format(
        score=f"{scored.score:.3g}", meaning=f"{scored.cosine:.2f}", words=f"{scored.bm25:.1f}"
    )
    return f"{n}\\. {name}: {scores}"


def _timings(answer: Answer) -> str:
    """ "search 12 ms, read 180 ms": the stages that were timed, by names of our own."""
    stages = {
        "retrieve": N_("search {ms} ms"),
        "read": N_("read {ms} ms"),
        "total": N_("together {ms} ms"),
    }
    timed = ((name, answer.timings_ms.get(stage)) for stage, name in stages.items())
    return ", ".join(_(name).format(ms=f"{ms:.0f}") for name, ms in timed if ms is not None)
