"""What a server has set, as a card."""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.languages import N_, OWN_NAMES, _, language, ngettext, pgettext
from bot.servers.records.settings import ServerSettings
from bot.ui.cards import GREY
from bot.ui.limits import EMBED_FIELD_VALUE, units
from bot.ui.parts import Listed, fit, left_out

DAMAGED = N_("not readable any more: set it anew, or use `/settings reset`")


def settings_card(settings: ServerSettings) -> discord.Embed:
    """Every setting; the language is the one in force. Roles and channels are named by Discord,
    which notifies nobody in a card.
    """
    card = discord.Embed(title=_("Settings of this server"), colour=GREY)

    def unless_damaged(name: str, value: str) -> str:
        return _(DAMAGED) if name in settings.damaged else value

    asked = unless_damaged("ask_roles", _roles(settings.ask_roles) or _("everybody"))
    card.add_field(name=_("Who may ask"), value=asked)
    managers = _("people with the permission Manage Server")
    others = unless_damaged("manage_roles", _roles(settings.manage_roles))
    card.add_field(name=_("Who manages"), value=f"{managers}, {others}" if others else managers)
    channels = _fitted((f"<#{id}>" for id in settings.channels), "channel")
    where = unless_damaged("channels", channels or _("in all channels"))
    card.add_field(name=_("Where questions are answered"), value=where)
    places = {"in place": _("below the question"), "thread": _("in a thread of their own")}
    card.add_field(name=_("Answers"), value=places[settings.answer_style])
    private = (
        _("only the asker, unless asked otherwise")
        if settings.private_by_default
        else _("everybody in the channel, unless asked otherwise")
    )
    card.add_field(name=_("Who sees answers to /ask"), value=private)
    kept = _("{days}: questions, answers and votes").format(days=days(settings.retention_days))
    card.add_field(name=_("Kept for"), value=kept)
    back = settings.corrections_days
    corrected = _corrected(back) if back else pgettext("corrected", "never")
    card.add_field(name=_("Corrected"), value=corrected)
    card.add_field(name=_("Language"), value=OWN_NAMES[language()])
    return card


def days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(count=count)


def _corrected(count: int) -> str:
    return ngettext(
        "answers of the last {count} day", "answers of the last {count} days", count
    ).format(count=count)


def _roles(ids: Iterable[int]) -> str:
    return _fitted((f"<@&{id}>" for id in ids), "role")


def _fitted(mentions: Iterable[str], noun: Listed) -> str:
    """As many as a field holds beside a few words; "" for none."""
    every = list(mentions)

    def compose(shown: Iterable[str]) -> str:
        parts = list(shown)
        return ", ".join(filter(None, [*parts, left_out(len(every) - len(parts), noun)]))

    return fit(every, compose, lambda text: units(text) <= EMBED_FIELD_VALUE - 60)
