"""What the bot's commands work with, made once and passed to all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.desk import OpenReplies, Pacing
from bot.qa.answer import Citation
from bot.servers.asking import Asking, utc_now
from bot.servers.building import Building
from bot.servers.keeping import revisions_of
from bot.servers.records.given import GivenResult
from bot.servers.registry import ServerRegistry

if TYPE_CHECKING:
    from bot.room.server import ReadingRoom

Link = Callable[[int, Citation, int], str]
"""(server, quote, revision of its article) to the address that opens the quote; "" if none does."""


def direct_link(server: int, citation: Citation, revision: int) -> str:
    """At its publisher's, where the article has an address."""
    return citation.link


def room_link(room: ReadingRoom) -> Link:
    """In the reading room, at the revision that was quoted."""

    def link(server: int, citation: Citation, revision: int) -> str:
        return room.link(server, citation.article.id, revision, citation.start, citation.end)

    return link


@dataclass(frozen=True)
class Services:
    """Each is shared by all cogs of one bot; none of them knows Discord."""

    servers: ServerRegistry
    asking: Asking
    replies: OpenReplies
    pacing: Pacing = field(default_factory=Pacing)
    """Questions take a turn when they come, and less urgently before what comes after."""
    link: Link = direct_link
    """The address of a quote for a server's people: the reading room's, where there is one."""
    clock: Callable[[], dt.datetime] = utc_now
    direct_messages: int | None = None
    """The server whose members may ask in direct messages."""
    building: Building | None = None
    """Builds that are started from Discord; None where there are none."""

    def link_of(self, server: int, result: GivenResult) -> Callable[[Citation], str]:
        """The addresses of the quotes and passages of one answer."""
        revisions = revisions_of(result)

        def link(citation: Citation) -> str:
            return self.link(server, citation, revisions.get(citation.article.id, 1))

        return link
