"""Builds as people see them: how far one is, what it would change, and how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import discord

from bot.servers.building import RolledBack
from bot.servers.golden_answers import GoldenResult, counts
from bot.servers.previews import BuildSummary, BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.running_builds import Step
from bot.ui.cards import AMBER, GREEN, GREY
from bot.ui.dates import short_day
from bot.ui.limits import EMBED_FIELD_VALUE, MESSAGE, units
from bot.ui.markdown import ELLIPSIS, bold, subtext
from bot.ui.parts import NOTHING_VISIBLE, fit, left_out, one_line
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
    "add": "Adding articles",
    "remove": "Removing articles",
    "rebuild": "Rebuilding the index",
}
_STAGES = {
    "waiting": "Waiting for another build",
    "fetching": "Reading what was sent",
    "reading": "Comparing with what is there",
    "chunking": "Cutting articles into passages",
    "embedding": "Embedding passages",
    "comparing": "Looking for near copies",
    "indexing": "Writing the index",
    "asking": "Asking the golden questions",
}
_ENDS = {
    "running": "is under way",
    "previewed": "waits to be published",
    "published": "is published",
    "discarded": "is discarded",
    "interrupted": "was interrupted",
    "failed": "failed",
}
NOT_ASKED, NO_ANSWER = "not asked", "no answer"


def progress_card(id: int, kind: BuildKind, step: Step) -> discord.Embed:
    """How far a build is."""
    doing = _STAGES.get(step.stage, "Working")
    if step.total > 0:
        done = min(step.done, step.total)
        doing += f": {done:,} of {step.total:,} ({done / step.total:.0%})"
    elif step.done:
        doing += f": {step.done:,}"
    return discord.Embed(
        description=f"{bold(f'{_KINDS[kind]} (build {id})')}\n{doing}…", colour=GREY
    )


def build_card(view: BuildView) -> discord.Embed:
    """The preview of a build that waits, or how one ended."""
    record, summary = view.record, view.summary
    state = record.state
    nothing = state == "discarded" and not (summary.added or summary.changed or summary.removed)
    nothing = nothing and record.staged_generation is None
    said = "changes nothing" if nothing else _ENDS[state]
    lines = [bold(f"Build {record.id} {said}"), _changes(summary)]
    if summary.reason:
        lines.append(one_line(summary.reason, _LIST))
    if state == "previewed":
        lines.append("Publish it, or discard it: nothing changes before.")
    colour = {"previewed": AMBER, "published": GREEN}.get(state, GREY)
    card = discord.Embed(description="\n".join(filter(None, lines)), colour=colour)
    if view.staged is not None:
        for name, count, articles in (
            ("Added", summary.added, view.staged.added),
            ("Changed", summary.changed, view.staged.changed),
            ("Removed", summary.removed, view.staged.removed),
        ):
            if articles:
                _list(card, name, count, map(article_line, articles), "article")
    if summary.failed:
        failures = (one_line(one, _FAILURE) or NOTHING_VISIBLE for one in summary.failures)
        _list(card, "Failed", summary.failed, failures, "failure")
    if summary.golden:
        card.add_field(name="Golden questions", value=_golden(summary.golden), inline=False)
    return card


def rolled_back_card(result: RolledBack) -> discord.Embed:
    """What serves after going back."""
    built = one_line(result.built_at[:10], 20)
    return discord.Embed(
        description=(
            f"{bold(f'Generation {result.serving} serves again')}\n"
            f"Generation {result.left} does not any more. There are {_count(result.articles)}, "
            f"as they were built on {built}. The next build goes on from here."
        ),
        colour=GREEN,
    )


def card_text(card: discord.Embed, above: str = "") -> str:
    """A card of this file as a message's content, below the line `above`: for where the bot may
    not embed links. Whole lines are left out where they do not fit.
    """
    head = "\n".join(filter(None, (above, card.description or "")))
    fields = [(bold(str(field.name)), str(field.value).split("\n")) for field in card.fields]
    text = _whole_lines(head.split("\n"), MESSAGE - _FIELD_LEAST * len(fields))
    for number, (name, lines) in enumerate(fields):
        # An equal part of what is left, so that a short list leaves more to those after it.
        room = (MESSAGE - units(text)) // (len(fields) - number)
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
        (summary.added, "added"),
        (summary.changed, "changed"),
        (summary.unchanged, "unchanged"),
        (summary.removed, "removed"),
        (summary.failed, "failed"),
    )
    named = ", ".join(f"{count:,} {name}" for count, name in counted if count)
    passages = "passage" if summary.passages == 1 else "passages"
    total = f"{summary.passages:,} {passages} in all" if summary.passages else ""
    return "; ".join(filter(None, (named, total)))


def _list(card: discord.Embed, name: str, count: int, items: Iterable[str], noun: str) -> None:
    lines = [f"- {item}" for item, _ in zip(items, range(_MOST_LINES), strict=False)]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(count - len(shown), noun)
        return "\n".join([*shown, *([subtext(more)] if more else [])])

    value = fit(lines, compose, lambda text: units(text) <= _LIST)
    card.add_field(name=f"{name} ({count:,})", value=value or NOTHING_VISIBLE, inline=False)


def _golden(results: Sequence[GoldenResult]) -> str:
    """How many are right, and those that have changed, what is worse first."""
    before, after, total = counts(results)
    head = f"{before} of {total} right now, {after} of {total} after publishing"
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
    word = ("Worse", "Better", "Other words")[_importance(result)]
    question = one_line(result.question, _QUESTION)
    return f"- {word}: {question} {_said(result.before)} → {_said(result.after)}"


def _said(answer: str | None) -> str:
    if answer is None:
        return NOT_ASKED
    return f"“{one_line(answer, _ANSWER) or NOTHING_VISIBLE}”" if answer else NO_ANSWER


def _count(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles:,} articles"
