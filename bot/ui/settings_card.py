"""What a server has set, as a card."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.servers.records.settings import ServerSettings
from bot.ui.cards import GREY
from bot.ui.limits import EMBED_FIELD_VALUE, units
from bot.ui.parts import fit, left_out

DAMAGED = "not readable any more: set it anew, or use `/settings reset`"


def settings_card(settings: ServerSettings) -> discord.Embed:
    """Every setting. Roles and channels are named by Discord, which notifies nobody in a card."""
    card = discord.Embed(title="Settings of this server", colour=GREY)

    def unless_damaged(name: str, value: str) -> str:
        return DAMAGED if name in settings.damaged else value

    asked = unless_damaged("ask_roles", _roles(settings.ask_roles) or "everybody")
    card.add_field(name="Who may ask", value=asked)
    managers = "people with the permission Manage Server"
    others = unless_damaged("manage_roles", _roles(settings.manage_roles))
    card.add_field(name="Who manages", value=f"{managers}, {others}" if others else managers)
    channels = _fitted((f"<#{id}>" for id in settings.channels), "channel")
    where = unless_damaged("channels", channels or "in all channels")
    card.add_field(name="Where questions are answered", value=where)
    places = {"in place": "below the question", "thread": "in a thread of their own"}
    card.add_field(name="Answers", value=places[settings.answer_style])
    private = "only the asker" if settings.private_by_default else "everybody in the channel"
    card.add_field(name="Who sees answers to /ask", value=f"{private}, unless asked otherwise")
    card.add_field(
        name="Kept for", value=f"{days(settings.retention_days)}: questions, answers and votes"
    )
    back = settings.corrections_days
    corrected = f"answers of the last {days(back)}" if back else "never"
    card.add_field(name="Corrected", value=corrected)
    return card


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _roles(ids: Iterable[int]) -> str:
    return _fitted((f"<@&{id}>" for id in ids), "role")


def _fitted(mentions: Iterable[str], noun: str) -> str:
    """As many as a field holds beside a few words; "" for none."""
    every = list(mentions)

    def compose(shown: Iterable[str]) -> str:
        parts = list(shown)
        return ", ".join(filter(None, [*parts, left_out(len(every) - len(parts), noun)]))

    return fit(every, compose, lambda text: units(text) <= EMBED_FIELD_VALUE - 60)
