"""What the people who run servers do: guilds, channels, roles, permissions."""

from __future__ import annotations

from collections.abc import Iterable

import fake_payloads as payloads
from fake_channels import FakeChannels
from fake_payloads import BOT_ID, GUILD_ID, OWNER_ID, Payload
from fake_permissions import bits
from fake_world import Guild


class FakeServers(FakeChannels):
    """Changes that Discord tells the bot of while it runs."""

    async def new_guild(
        self, name: str, *, owner: int = OWNER_ID, members: Iterable[int] = ()
    ) -> Guild:
        """A further guild with the bot in it and one channel, `general`."""
        id = self.new_id()
        guild = self.add_guild(id, name, owner, [BOT_ID, *members])
        channel = self.new_id()
        self.channels[channel] = payloads.channel(channel, "general", id)
        await self.dispatch("GUILD_CREATE", self.guild_payload(id))
        return guild

    def general(self, guild: Guild) -> int:
        """The guild's first channel."""
        return min(int(channel["id"]) for channel in self.channels_of(guild.id))

    async def new_channel(self, name: str, guild_id: int = GUILD_ID) -> int:
        id = self.new_id()
        self.channels[id] = payloads.channel(id, name, guild_id)
        await self.dispatch("CHANNEL_CREATE", self.channels[id])
        return id

    async def new_role(self, name: str, *permissions: str, guild_id: int = GUILD_ID) -> int:
        """A role that grants `permissions`, such as `manage_guild`, beside everyone's."""
        id, roles = self.new_id(), self.guilds[guild_id].roles
        roles[id] = payloads.role(id, name, bits(*permissions), len(roles))
        await self.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(guild_id), "role": roles[id]})
        return id

    async def give_role(self, user: int, role: int, guild_id: int = GUILD_ID) -> None:
        await self._set_roles(user, guild_id, add=role)

    async def take_role(self, user: int, role: int, guild_id: int = GUILD_ID) -> None:
        await self._set_roles(user, guild_id, remove=role)

    async def delete_role(self, role: int, guild_id: int = GUILD_ID) -> None:
        guild = self.guilds[guild_id]
        for user in guild.members:
            await self._set_roles(user, guild_id, remove=role)
        del guild.roles[role]
        event = {"guild_id": str(guild_id), "role_id": str(role)}
        await self.dispatch("GUILD_ROLE_DELETE", event)

    async def _set_roles(self, user: int, guild_id: int, *, add: int = 0, remove: int = 0) -> None:
        member = self.guilds[guild_id].members[user]
        kept = [role for role in member["roles"] if int(role) not in (add, remove)]
        member["roles"] = kept + ([str(add)] if add else [])
        if user == BOT_ID:  # of others, only bots with the members intent hear
            event = self.member(user, guild_id) | {"guild_id": str(guild_id)}
            await self.dispatch("GUILD_MEMBER_UPDATE", event)

    async def allow(self, channel: int, who: int, *permissions: str) -> None:
        """Grant a user or a role permissions in one channel."""
        await self._overwrite(channel, who, allow=bits(*permissions))

    async def deny(self, channel: int, who: int, *permissions: str) -> None:
        """Take permissions from a user or a role in one channel, such as `embed_links`."""
        await self._overwrite(channel, who, deny=bits(*permissions))

    async def _overwrite(self, channel: int, who: int, *, allow: int = 0, deny: int = 0) -> None:
        fields: Payload = self.channels[channel]
        others = [one for one in fields["permission_overwrites"] if one["id"] != str(who)]
        before = [one for one in fields["permission_overwrites"] if one["id"] == str(who)]
        allowed = sum(int(one["allow"]) for one in before) & ~deny | allow
        denied = sum(int(one["deny"]) for one in before) & ~allow | deny
        kind = 1 if who in self.users else 0
        mine = {"id": str(who), "type": kind, "allow": str(allowed), "deny": str(denied)}
        fields["permission_overwrites"] = [*others, mine]
        await self.dispatch("CHANNEL_UPDATE", fields)
