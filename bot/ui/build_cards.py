"""Builds as people see them: how far one is, what it would change, and how it ended."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

import discord

from bot.languages import N_, NP_, _, ngettext
from bot.servers.building import RolledBack
from bot.servers.golden_answers import GoldenResult, counts
from bot.servers.previews import BuildSummary, BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.running_builds import Step
from bot.ui.cards import AMBER, GREEN, GREY
from bot.ui.dates import short_day
from bot.ui.limits import EMBED_FIELD_VALUE, MESSAGE, units
from bot.ui.markdown import ELLIPSIS, bold, subtext
from bot.ui.numbers import count as number
from bot.ui.numbers import percent
from bot.ui.parts import NOTHING_VISIBLE, Listed, fit, left_out, one_line
from index.article import ArticleReference

# Room in units, chosen so that five lists of a preview fit into a card.
_LIST = 850
_MOST_LINES = 12
_TITLE, _SOURCE, _ID = 90, 40, 60
_FAILURE = 200
_QUESTION, _ANSWER = 120, 90
_FIELD_LEAST = 150
"""For each of a card's lists where it is shown as text."""

_KINDS: dict[BuildKind, str] = {
    "add": N_("Adding articles (build {id})"),
    "remove": N_("Removing articles (build {id})"),
    "rebuild": N_("Rebuilding the index (build {id})"),
}
_STAGES = {
    "waiting": N_("Waiting for another build"),
    "fetching": N_("Reading what was sent"),
    "reading": N_("Comparing with what is there"),
    "chunking": N_("Cutting articles into passages"),
    "embedding": N_("Embedding passages"),
    "comparing": N_("Looking for near copies"),
    "indexing": N_("Writing the index"),
    "asking": N_("Asking the golden questions"),
}
_ENDS = {
    "running": N_("Build {id} is under way"),
    "previewed": N_("Build {id} waits to be published"),
    "published": N_("Build {id} is published"),
    "discarded": N_("Build {id} is discarded"),
    "interrupted": N_("Build {id} was interrupted"),
    "failed": N_("Build {id} failed"),
}
_WORKING = N_("Working")
_NOTHING_CHANGED = N_("Build {id} changes nothing")
NOT_ASKED, NO_ANSWER = N_("not asked"), N_("no answer")


def progress_card(id: int, kind: BuildKind, step: Step) -> discord.Embed:
    """How far a build is."""
    doing = _(_STAGES.get(step.stage, _WORKING))
    if step.total > 0:
        done = min(step.done, step.total)
        doing = _("{doing}: {done} of {total} ({share})").format(
            doing=doing,
            done=number(done),
            total=number(step.total),
            share=percent(done / step.total),
        )
    elif step.done:
        doing = _("{doing}: {done}").format(doing=doing, done=number(step.done))
    head = bold(_(_KINDS[kind]).format(id=id))
    return discord.Embed(description=f"{head}\n{doing}…", colour=GREY)


def build_card(view: BuildView) -> discord.Embed:
    """The preview of a build that waits, or how one ended."""
    record, summary = view.record, view.summary
    state = record.state
    nothing = state == "discarded" and not (summary.added or summary.changed or summary.removed)
    nothing = nothing and record.staged_generation is None
    said = _(_NOTHING_CHANGED if nothing else _ENDS[state]).format(id=record.id)
    lines = [bold(said), _changes(summary)]
    if summary.reason:
        lines.append(one_line(_(summary.reason), _LIST))
    if state == "previewed":
        lines.append(_("Publish it, or discard it: nothing changes before."))
    colour = {"previewed": AMBER, "published": GREEN}.get(state, GREY)
    card = discord.Embed(description="\n".join(filter(None, lines)), colour=colour)
    if view.staged is not None:
        for name, count, articles in (
            (_("Added"), summary.added, view.staged.added),
            (_("Changed"), summary.changed, view.staged.changed),
            (_("Removed"), summary.removed, view.staged.removed),
        ):
            if articles:
                _list(card, name, count, map(article_line, articles), "article")
    if summary.failed:
        failures = (one_line(one, _FAILURE) or NOTHING_VISIBLE for one in summary.failures)
        _list(card, _("Failed"), summary.failed, failures, "failure")
    if summary.golden:
        card.add_field(name=_("Golden questions"), value=_golden(summary.golden), inline=False)
    return card


def rolled_back_card(result: RolledBack) -> discord.Embed:
    """What serves after going back."""
    built = _day(result.built_at[:10])
    return discord.Embed(
        description=(
            bold(_("Generation {serving} serves again").format(serving=result.serving))
            + "\n"
            + ngettext(
                "Generation {left} does not any more. There are {count} article, "
                "as they were built on {day}. The next build goes on from here.",
                "Generation {left} does not any more. There are {count} articles, "
                "as they were built on {day}. The next build goes on from here.",
                result.articles,
            ).format(left=result.left, count=number(result.articles), day=built)
        ),
        colour=GREEN,
    )


def _day(text: str) -> str:
    """A day of an archive's records as people read it."""
    try:
        return short_day(dt.date.fromisoformat(text))
    except ValueError:
        return one_line(text, 20)


def card_text(card: discord.Embed, above: str = "") -> str:
    """A card of this file as a message's content, below the line `above`: for where the bot may
    not embed links. Whole lines are left out where they do not fit.
    """
    head = "\n".join(filter(None, (above, card.description or "")))
    fields = [(bold(str(field.name)), str(field.value).split("\n")) for field in card.fields]
    text = _whole_lines(head.split("\n"), MESSAGE - _FIELD_LEAST * len(fields))
    for place, (name, lines) in enumerate(fields):
        # An equal part of what is left, so that a short list leaves more to those after it.
        room = (MESSAGE - units(text)) // (len(fields) - place)
        text += "\n" + _whole_lines([name, *lines], room - 1)
    return text


def _whole_lines(lines: Sequence[str], limit: int) -> str:
    """The first lines that fit into `limit` units, with an ellipsis for those that do not."""
    return fit(
        lines,
        lambda kept: "\n".join([*kept, *([ELLIPSIS] if len(kept) < len(lines) else [])]),
        lambda text: units(text) <= limit,
    )


def article_line(article: ArticleReference) -> str:
    """ "Title, source, 6 Oct 2022"; an article without a title by its id."""
    name = one_line(article.title, _TITLE) or one_line(article.id, _ID) or NOTHING_VISIBLE
    source = one_line(article.source, _SOURCE)
    day = short_day(article.date) if isinstance(article.date, dt.date) else ""
    return ", ".join(filter(None, (name, source, day)))


def _changes(summary: BuildSummary) -> str:
    """ "2 added, 1 changed; 12 passages in all"; "" where nothing was counted."""
    counted = (
        (summary.added, NP_("{count} added", "{count} added")),
        (summary.changed, NP_("{count} changed", "{count} changed")),
        (summary.unchanged, NP_("{count} unchanged", "{count} unchanged")),
        (summary.removed, NP_("{count} removed", "{count} removed")),
        (summary.failed, NP_("{count} failed", "{count} failed")),
    )
    named = ", ".join(
        ngettext(*forms, count).format(count=number(count)) for count, forms in counted if count
    )
    total = ""
    if count := summary.passages:
        total = ngettext("{count} passage in all", "{count} passages in all", count)
        total = total.format(count=number(count))
    return "; ".join(filter(None, (named, total)))


def _list(card: discord.Embed, name: str, count: int, items: Iterable[str], noun: Listed) -> None:
    lines = [f"- {item}" for item in itertools.islice(items, _MOST_LINES)]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(count - len(shown), noun)
        return "\n".join([*shown, *([subtext(more)] if more else [])])

    value = fit(lines, compose, lambda text: units(text) <= _LIST)
    card.add_field(name=f"{name} ({number(count)})", value=value or NOTHING_VISIBLE, inline=False)


def _golden(results: Sequence[GoldenResult]) -> str:
    """How many are right, and those that have changed, what is worse first."""
    before, after, total = counts(results)
    head = _("{before} of {total} right now, {after} of {total} after publishing").format(
        before=before, after=after, total=total
    )
    changed = sorted((one for one in results if one.changed), key=_importance)
    lines = [_changed(one) for one in changed[:_MOST_LINES]]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(changed) - len(shown), "change")
        return "\n".join([head, *shown, *([subtext(more)] if more else [])])

    return fit(lines, compose, lambda text: units(text) <= EMBED_FIELD_VALUE)


def _importance(result: GoldenResult) -> int:
    """Worse, better, other words."""
    if result.right_before != result.right_after:
        return 1 if result.right_after else 0
    return 2


def _changed(result: GoldenResult) -> str:
    line = (
        _("- Worse: {question} {before} → {after}"),
        _("- Better: {question} {before} → {after}"),
        _("- Other words: {question} {before} → {after}"),
    )[_importance(result)]
    question = one_line(result.question, _QUESTION)
    return line.format(question=question, before=_said(result.before), after=_said(result.after))


def _said(answer: str | None) -> str:
    if answer is None:
        return _(NOT_ASKED)
    if not answer:
        return _(NO_ANSWER)
    return _("“{words}”").format(words=one_line(answer, _ANSWER) or NOTHING_VISIBLE)
