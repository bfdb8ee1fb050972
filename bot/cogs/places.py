"""Who and where, as Discord says it, in the values that the rest of the bot passes on."""

from __future__ import annotations

from dataclasses import dataclass

import discord

from bot.servers.permissions import Asker


@dataclass(frozen=True)
class Place:
    """Where something was said. `channel` is the one whose settings hold: a thread's parent."""

    channel: int
    thread: int | None = None

    @classmethod
    def of(cls, channel: object) -> Place:
        """Raises ValueError for what is no channel."""
        if isinstance(channel, discord.Thread):
            return cls(channel.parent_id, channel.id)
        if isinstance(channel, discord.abc.Snowflake):
            return cls(channel.id)
        raise ValueError(f"{type(channel).__name__} is no channel")


def asker_of(person: discord.User | discord.Member) -> Asker:
    """What a server's settings are held against; a User (in direct messages) has no roles.

    A member in an interaction has the permissions that Discord computed for the channel; one in a
    message has those of its roles.
    """
    if not isinstance(person, discord.Member):
        return Asker(person.id)
    known = person.resolved_permissions or person.guild_permissions
    # Roles by id: the objects are known only as far as the guild's roles are.
    roles = frozenset(person._roles)
    owner = person.guild.owner_id == person.id
    return Asker(person.id, roles, owner or known.administrator or known.manage_guild)


def may_embed(channel: object, me: discord.Member | None) -> bool:
    """Whether an embed of the bot's would be shown in the channel; also where that is unknown."""
    if me is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return True
    try:
        return channel.permissions_for(me).embed_links
    except discord.ClientException:  # a thread whose parent is not known
        return True
