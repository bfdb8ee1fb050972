"""What the archive holds and how the bot is doing, and what the bot can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.languages import N_, NP_, _, ngettext, pgettext
from bot.servers.records.ledger import LedgerCounts
from bot.ui.cards import GREY
from bot.ui.dates import short_day
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.markdown import bold, escape
from bot.ui.numbers import count as number
from bot.ui.numbers import decimal
from bot.ui.parts import NOTHING_VISIBLE, fit, left_out, one_line
from index.status import ArchiveStatus

NO_GENERATION = N_("none: there are no articles yet")
INTRODUCTION = N_(
    "I answer questions from this server's news articles, with the passages that say so. "
    "Use a command, or mention me and write your question in the same message."
)

_NAME, _DESCRIPTION = 100, 200


@dataclass(frozen=True)
class ServerStatus:
    """What `/status` tells. Everything is of one server but what waits."""

    archive: ArchiveStatus
    today: LedgerCounts
    """Of the questions asked since the beginning of the day, in UTC."""
    watches: int
    waiting: int
    """Questions of all servers that wait for a worker."""
    version: str


@dataclass(frozen=True)
class Command:
    """A command as `/help` names it."""

    name: str
    """As it is typed, such as "/ask"; the name of a menu's entry as it stands."""
    description: str
    in_menu: bool = False
    """Whether it is in the menu of a message."""


def status_card(status: ServerStatus) -> discord.Embed:
    card = discord.Embed(title=_("Status"), colour=GREY)
    archive, today = status.archive, status.today
    generation = _(NO_GENERATION) if archive.generation is None else str(archive.generation)
    if archive.staged is not None:
        generation = _("{generation}; {staged} waits to be published").format(
            generation=generation, staged=archive.staged
        )
    card.add_field(name=_("Generation"), value=generation)
    card.add_field(name=_("Articles"), value=number(archive.articles))
    card.add_field(name=_("Passages"), value=number(archive.passages))
    card.add_field(name=_("Last build"), value=_built(archive))
    card.add_field(name=_("Questions waiting"), value=number(status.waiting))
    card.add_field(name=_("Median time to answer"), value=_seconds(today.median_seconds))
    card.add_field(name=_("Questions today"), value="\n".join(_asked(today)))
    card.add_field(name=_("Questions watched"), value=number(status.watches))
    return card.set_footer(text=f"Dateline {status.version}")


def help_card(commands: Sequence[Command]) -> discord.Embed:
    """The commands that a person can use, in the order given."""
    lines = [
        _("{command}: {description}").format(
            command=_named(one), description=one_line(_(one.description), _DESCRIPTION)
        )
        for one in commands
        if not one.in_menu
    ]
    lines += [
        _("{command}: in the menu of a message, below Apps").format(command=_named(one))
        for one in commands
        if one.in_menu
    ]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(lines) - len(shown), "command")
        return "\n".join([_(INTRODUCTION), "", *shown, *filter(None, [more])])

    text = fit(lines, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    return discord.Embed(title=_("Help"), description=text, colour=GREY)


def _named(command: Command) -> str:
    return bold(one_line(_(command.name), _NAME) or NOTHING_VISIBLE)


def _built(archive: ArchiveStatus) -> str:
    """ "6 Oct 2022, 14:05 UTC, in 12 s"."""
    if archive.built_at is None:
        return pgettext("built", "never")
    try:
        at = dt.datetime.fromisoformat(archive.built_at).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return _("at an unknown time")
    moment = f"{escape(short_day(at.date()))}, {at:%H:%M} UTC"  # "6. Okt." would begin a list
    if archive.build_seconds is None:
        return moment
    return _("{moment}, in {seconds}").format(
        moment=moment, seconds=_seconds(archive.build_seconds)
    )


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return _("nothing answered today")
    if seconds < 0.95:
        return f"{max(seconds, 0.0) * 1000:.0f} ms"
    return f"{decimal(seconds)} s" if seconds < 9.95 else f"{number(round(seconds))} s"


def _asked(today: LedgerCounts) -> Iterator[str]:
    yield ngettext("{count} asked", "{count} asked", today.asked).format(count=number(today.asked))
    for count, forms in (
        (today.found, NP_("{count} answered", "{count} answered")),
        (
            today.not_found,
            NP_(
                "{count} without an answer in the articles",
                "{count} without an answer in the articles",
            ),
        ),
        (today.waiting, NP_("{count} being answered", "{count} being answered")),
        (today.corrected, NP_("{count} corrected since", "{count} corrected since")),
        (today.interrupted, NP_("{count} interrupted", "{count} interrupted")),
    ):
        if count:
            yield ngettext(*forms, count).format(count=number(count))
