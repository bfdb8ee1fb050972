"""What the archive holds and how the bot is doing, and what the bot can do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.servers.records.ledger import LedgerCounts
from bot.ui.cards import GREY
from bot.ui.dates import short_day
from bot.ui.limits import EMBED_DESCRIPTION, units
from bot.ui.markdown import bold
from bot.ui.parts import NOTHING_VISIBLE, fit, left_out, one_line
from index.status import ArchiveStatus

NO_GENERATION = "none: there are no articles yet"
INTRODUCTION = (
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
    card = discord.Embed(title="Status", colour=GREY)
    archive, today = status.archive, status.today
    generation = NO_GENERATION if archive.generation is None else str(archive.generation)
    if archive.staged is not None:
        generation += f"; {archive.staged} waits to be published"
    card.add_field(name="Generation", value=generation)
    card.add_field(name="Articles", value=f"{archive.articles:,}")
    card.add_field(name="Passages", value=f"{archive.passages:,}")
    card.add_field(name="Last build", value=_built(archive))
    card.add_field(name="Questions waiting", value=f"{status.waiting:,}")
    card.add_field(name="Median time to answer", value=_seconds(today.median_seconds))
    card.add_field(name="Questions today", value="\n".join(_asked(today)))
    card.add_field(name="Questions watched", value=f"{status.watches:,}")
    return card.set_footer(text=f"Dateline {status.version}")


def help_card(commands: Sequence[Command]) -> discord.Embed:
    """The commands that a person can use, in the order given."""
    lines = [
        f"{_named(one)}: {one_line(one.description, _DESCRIPTION)}"
        for one in commands
        if not one.in_menu
    ]
    lines += [
        f"{_named(one)}: in the menu of a message, below Apps" for one in commands if one.in_menu
    ]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(lines) - len(shown), "command")
        return "\n".join([INTRODUCTION, "", *shown, *filter(None, [more])])

    text = fit(lines, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    return discord.Embed(title="Help", description=text, colour=GREY)


def _named(command: Command) -> str:
    return bold(one_line(command.name, _NAME) or NOTHING_VISIBLE)


def _built(archive: ArchiveStatus) -> str:
    """ "6 Oct 2022, 14:05 UTC, in 12 s"."""
    if archive.built_at is None:
        return "never"
    try:
        at = dt.datetime.fromisoformat(archive.built_at).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return "at an unknown time"
    took = "" if archive.build_seconds is None else f", in {_seconds(archive.build_seconds)}"
    return f"{short_day(at.date())}, {at:%H:%M} UTC{took}"


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return "nothing answered today"
    if seconds < 0.95:
        return f"{max(seconds, 0.0) * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:,.0f} s"


def _asked(today: LedgerCounts) -> Iterator[str]:
    yield f"{today.asked:,} asked"
    for count, what in (
        (today.found, "answered"),
        (today.not_found, "without an answer in the articles"),
        (today.waiting, "being answered"),
        (today.corrected, "corrected since"),
        (today.interrupted, "interrupted"),
    ):
        if count:
            yield f"{count:,} {what}"
