"""A question that could mean several things, asked back with a button for each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.languages import N_, _
from bot.ui.limits import BUTTON_LABEL, BUTTONS_IN_ROW, units
from bot.ui.parts import NOTHING_VISIBLE, one_line
from bot.ui.visible import inline

MOST_OPTIONS = BUTTONS_IN_ROW
OPTION_TEMPLATE = (
    rf"dateline-option:(?P<offer>[1-9][0-9]{{0,18}}):(?P<place>[0-{MOST_OPTIONS - 1}])"
)
WHICH = N_("Which do you mean?")
WHOLE = N_("Please ask the whole question.")

_TEXT = 300


@dataclass(frozen=True)
class OptionButtonId:
    """Asks the option at `place`, from 0, of an offer in the records of the interaction's server.

    Never its text: what is asked is what was offered.
    """

    offer: int
    place: int

    def build(self) -> str:
        return f"dateline-option:{self.offer}:{self.place}"

    @classmethod
    def parse(cls, custom_id: str) -> OptionButtonId | None:
        """None for any other text."""
        found = re.fullmatch(OPTION_TEMPLATE, custom_id)
        return cls(int(found["offer"]), int(found["place"])) if found else None


def option_button(id: OptionButtonId, label: str = "") -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        label=label or f"{id.place + 1}",
        style=discord.ButtonStyle.secondary,
        custom_id=id.build(),
    )


def asked_back(
    missing: str, options: Sequence[str], offer: int | None
) -> tuple[str, discord.ui.View | None]:
    """What to say where nobody knows what a question means, with at most MOST_OPTIONS buttons.

    A button has its option as a label, or where that is too long, the number that the text has it
    under. Without `offer`, the id that the options are kept under, there are none.
    """
    text = _("I can't tell {what}.").format(what=one_line(missing, _TEXT))
    if offer is None or not options:
        return f"{text} {_(WHOLE)}", None
    shown = [inline(option[: 8 * _TEXT]) or NOTHING_VISIBLE for option in options[:MOST_OPTIONS]]
    short = all(units(option) <= BUTTON_LABEL for option in shown)
    view = discord.ui.View(timeout=None)
    for place, option in enumerate(shown):
        view.add_item(option_button(OptionButtonId(offer, place), option if short else ""))
    view.stop()
    lines = [] if short else [f"{n}\\. {one_line(one, _TEXT)}" for n, one in enumerate(shown, 1)]
    return "\n".join([f"{text} {_(WHICH)}", *lines]), view
