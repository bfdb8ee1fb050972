"""Watched questions as a list with a button for each; the ids outlive a restart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.languages import N_, _
from bot.servers.records.watches import Watch
from bot.ui.cards import GREY
from bot.ui.dates import short_day
from bot.ui.limits import BUTTONS_IN_ROW, EMBED_DESCRIPTION, ROWS, units
from bot.ui.markdown import subtext
from bot.ui.parts import NOTHING_VISIBLE, fit, left_out, one_line

MOST_SHOWN = ROWS * BUTTONS_IN_ROW
NONE = N_(
    "You watch no questions here. Where I find no answer, press Watch this question: I ask it "
    "again when there are new articles, and answer when they do."
)
NONE_AT_ALL = N_("Nobody watches a question here.")
WATCH_TEMPLATE = r"dateline-watch:(?P<watch>[1-9][0-9]{0,18})(?P<all>:all)?"

_QUESTION = 100


@dataclass(frozen=True)
class WatchButtonId:
    """Ends the watch `watch`; `everybody` is whether it stands in the list of all people's."""

    watch: int
    everybody: bool = False

    def build(self) -> str:
        return f"dateline-watch:{self.watch}{':all' if self.everybody else ''}"

    @classmethod
    def parse(cls, custom_id: str) -> WatchButtonId | None:
        """None for any other text."""
        found = re.fullmatch(WATCH_TEMPLATE, custom_id)
        return cls(int(found["watch"]), bool(found["all"])) if found else None


def watch_button(
    id: WatchButtonId, number: int = 1, row: int | None = None
) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        label=_("Remove {number}").format(number=number),
        style=discord.ButtonStyle.secondary,
        custom_id=id.build(),
        row=row,
    )


def watch_list(
    watches: Sequence[Watch], *, everybody: bool
) -> tuple[discord.Embed, discord.ui.View]:
    """The first MOST_SHOWN watches; with `everybody`, each with whose it is."""
    view = discord.ui.View(timeout=None)
    for place, watch in enumerate(watches[:MOST_SHOWN]):
        id = WatchButtonId(watch.id, everybody)
        view.add_item(watch_button(id, place + 1, place // BUTTONS_IN_ROW))
    view.stop()
    title = _("Questions watched on this server") if everybody else _("Questions you watch")
    if not watches:
        none = _(NONE_AT_ALL if everybody else NONE)
        return discord.Embed(title=title, description=none, colour=GREY), view
    lines = [
        _line(number, watch, everybody)
        for number, watch in enumerate(watches[:MOST_SHOWN], start=1)
    ]

    def compose(shown: Sequence[str]) -> str:
        more = left_out(len(watches) - len(shown), "question")
        return "\n".join([*shown, *([subtext(more)] if more else [])])

    text = fit(lines, compose, lambda text: units(text) <= EMBED_DESCRIPTION)
    return discord.Embed(title=title, description=text, colour=GREY), view


def _line(number: int, watch: Watch, everybody: bool) -> str:
    question = one_line(watch.question, _QUESTION) or NOTHING_VISIBLE
    who = f" · <@{watch.asker_id}>" if everybody else ""
    until = _("until {day}").format(day=short_day(watch.expires_at.date()))
    return f"{number}\\. {question} · <#{watch.channel_id}>{who} · {until}"
