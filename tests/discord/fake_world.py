"""What exists on a Discord on 127.0.0.1: users, guilds with roles and members, channels."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, field

import fake_payloads as payloads
from fake_clock import Clock
from fake_payloads import (
    BOT_ID,
    CHANNEL_ID,
    DM,
    EVERYONE_MAY,
    GUILD_ID,
    OTHER_BOT_ID,
    OWNER_ID,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    STRANGER_ID,
    Payload,
)
from fake_permissions import ALL, bits, in_channel, in_guild

DISCORD_EPOCH = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)


@dataclass
class Guild:
    """A guild; `members` are without the user inside, which discord.py's events add."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Payload] = field(default_factory=dict)
    members: dict[int, Payload] = field(default_factory=dict)


class FakeWorld:
    """State alone: nothing here is announced to the bot, nothing is checked."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._ids = itertools.count(1)
        self.users = {
            BOT_ID: payloads.user(BOT_ID, "newsbot", bot=True),
            OWNER_ID: payloads.user(OWNER_ID, "alice"),
            STRANGER_ID: payloads.user(STRANGER_ID, "mallory"),
            OTHER_BOT_ID: payloads.user(OTHER_BOT_ID, "otherbot", bot=True),
        }
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Payload] = {}
        self.messages: dict[int, Payload] = {}
        self.only_for: dict[int, int] = {}
        """Ephemeral messages, and the one user who sees each."""
        self.thread_members: dict[int, set[int]] = {}
        self.add_guild(GUILD_ID, "Newsroom", OWNER_ID, members=self.users)
        self.channels[CHANNEL_ID] = payloads.channel(CHANNEL_ID, "general")

    def new_id(self) -> int:
        """A snowflake of the server's time, larger than all before."""
        ms = (self.clock.now() - DISCORD_EPOCH) // dt.timedelta(milliseconds=1)
        return (ms << 22) | (next(self._ids) & 0x3FFFFF)

    def new_user(self, name: str, *, bot: bool = False) -> int:
        id = self.new_id()
        self.users[id] = payloads.user(id, name, bot=bot)
        return id

    def add_guild(self, id: int, name: str, owner: int, members: object = ()) -> Guild:
        guild = Guild(id, name, owner)
        guild.roles[id] = payloads.role(id, "@everyone", EVERYONE_MAY)
        self.guilds[id] = guild
        for user in [owner, *members]:  # type: ignore[misc]  # any iterable of ids
            self.add_member(user, id)
        return guild

    def add_member(self, user: int, guild_id: int = GUILD_ID, *roles: int) -> None:
        fields = payloads.member() | {"roles": [str(role) for role in roles]}
        self.guilds[guild_id].members[user] = fields

    def member(self, user: int, guild_id: int = GUILD_ID) -> Payload:
        """A member as other objects hold it, with its user."""
        return self.guilds[guild_id].members[user] | {"user": self.users[user]}

    def channels_of(self, guild_id: int) -> list[Payload]:
        """The guild's channels and threads."""
        return [c for c in self.channels.values() if c.get("guild_id") == str(guild_id)]

    def guild_of(self, channel_id: int) -> int | None:
        """The guild a channel is in; None for a direct one."""
        guild_id = self.channels[channel_id].get("guild_id")
        return None if guild_id is None else int(guild_id)

    def permissions(self, user: int, channel_id: int | None, guild_id: int | None = None) -> int:
        """What `user` may in a channel, or with `channel_id` None in the guild as a whole."""
        channel = self.channels[channel_id] if channel_id is not None else {}
        if channel.get("type") == DM:
            return ALL
        guild = self.guilds[guild_id or int(channel["guild_id"])]
        member = guild.members.get(user)
        if member is None:
            return 0
        if user == guild.owner_id:
            return ALL
        granted = in_guild(guild.roles, member, guild.id)
        if channel_id is None:
            return granted
        if is_thread(channel):
            channel = self.channels[int(channel["parent_id"])]
        fields = member | {"guild_id": str(guild.id)}
        return in_channel(granted, channel["permission_overwrites"], user, fields)

    def may(self, user: int, channel_id: int, *names: str) -> bool:
        """Whether `user` has all these permissions in the channel."""
        wanted = bits(*names)
        return self.permissions(user, channel_id) & wanted == wanted

    def guild_payload(self, id: int) -> Payload:
        """The guild as GUILD_CREATE brings it."""
        guild, inside = self.guilds[id], self.channels_of(id)
        return payloads.guild(id, guild.name, guild.owner_id) | {
            "member_count": len(guild.members),
            "roles": list(guild.roles.values()),
            "members": [self.member(user, id) for user in guild.members],
            "channels": [c for c in inside if not is_thread(c)],
            "threads": [c for c in inside if is_thread(c) and not c["thread_metadata"]["archived"]],
        }


def is_thread(channel: Payload) -> bool:
    return channel["type"] in (PUBLIC_THREAD, PRIVATE_THREAD)
