"""Who may ask and who may manage, by what a server has set."""

from __future__ import annotations

from dataclasses import dataclass

from bot.servers.records.settings import ServerSettings

NOT_HERE = "Questions are not answered in this channel."
MAY_NOT_ASK = "Your roles do not let you ask here. Whoever manages this server can change that."
MAY_NOT_MANAGE = (
    "That is for those who manage this server's articles: people with the permission Manage "
    "Server, and the roles that they have named in `/settings`."
)


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

    Who manages the server may always ask, so that nobody locks themselves out.
    """
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
