"""Who may ask and who may manage, by what a server has set."""

from __future__ import annotations

from dataclasses import dataclass

from bot.languages import N_, _
from bot.servers.records.settings import ServerSettings

NOT_HERE = N_("Questions are not answered in this channel.")
MAY_NOT_ASK = N_("Your roles do not let you ask here. Whoever manages this server can change that.")
MAY_NOT_MANAGE = N_(
    "That is for those who manage this server's articles: people with the permission Manage "
    "Server, and the roles that they have named in `/settings`."
)
DAMAGED = N_(
    "The settings that say who may ask here are damaged, so for now I answer only people with the "
    "permission Manage Server. One of them can mend that with `/settings`."
)
_MENDED_BY = {
    "ask_roles": N_("who may ask: `/settings roles`, or `/settings reset` for everybody"),
    "manage_roles": N_("who manages: `/settings roles`, or `/settings reset` for nobody else"),
    "channels": N_("the channels: `/settings channels`, or `/settings reset` for all"),
}


@dataclass(frozen=True)
class Asker:
    """Somebody in a server, as Discord describes them with each interaction or message."""

    id: int
    roles: frozenset[int] = frozenset()
    manages_server: bool = False
    """Has the permission Manage Server, or Administrator."""


def refusal_to_ask(settings: ServerSettings, asker: Asker, channel: int | None) -> str:
    """Why `asker` may not ask in `channel`; "" if they may. In a thread, `channel` is its parent;
    None is a direct message.

    Who manages the server may always ask, so that nobody locks themselves out. Where a setting is
    damaged, nobody knows whom it was to let: then only those with Manage Server may.
    """
    if settings.damaged:
        return "" if asker.manages_server else DAMAGED
    if refusal_to_manage(settings, asker) == "":
        return ""
    if channel is not None and settings.channels and channel not in settings.channels:
        return NOT_HERE
    if settings.ask_roles and asker.roles.isdisjoint(settings.ask_roles):
        return MAY_NOT_ASK
    return ""


def refusal_to_manage(settings: ServerSettings, asker: Asker) -> str:
    """Why `asker` may not change the archive or the settings; "" if they may."""
    if asker.manages_server or not asker.roles.isdisjoint(settings.manage_roles):
        return ""
    return MAY_NOT_MANAGE


def damage_notice(settings: ServerSettings, asker: Asker) -> str:
    """What `asker` is to be told of damaged settings; "" if nothing, or they cannot mend it."""
    if not settings.damaged or not asker.manages_server:
        return ""
    lines = [
        _(
            "Settings of this server are damaged. Until they are set anew, I answer only people "
            "with the permission Manage Server:"
        )
    ]
    return "\n".join([*lines, *(f"- {_(_MENDED_BY[name])}" for name in settings.damaged)])
