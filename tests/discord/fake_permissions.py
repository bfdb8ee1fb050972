"""Who may do what where, computed as Discord documents it.

https://discord.com/developers/docs/topics/permissions#permission-overwrites
"""

from __future__ import annotations

import discord
from fake_payloads import Payload

ALL = discord.Permissions.all().value


def bits(*names: str) -> int:
    """The permissions of these names, such as `embed_links`, as one number."""
    return discord.Permissions(**dict.fromkeys(names, True)).value


def in_guild(roles: dict[int, Payload], member: Payload, guild_id: int) -> int:
    """What a member may by its roles."""
    held = [guild_id, *(int(role) for role in member["roles"])]
    granted = 0
    for role in held:
        granted |= int(roles[role]["permissions"])
    return ALL if granted & bits("administrator") else granted


def in_channel(granted: int, overwrites: list[Payload], user_id: int, member: Payload) -> int:
    """`granted` after a channel's overwrites: of everyone, then of roles, then of the member."""
    if granted & bits("administrator"):
        return ALL
    by_id = {int(one["id"]): one for one in overwrites}
    guild_id = int(member["guild_id"])
    roles = [by_id[int(role)] for role in member["roles"] if int(role) in by_id]
    for layer in ([by_id.get(guild_id)], roles, [by_id.get(user_id)]):
        there = [one for one in layer if one]
        for one in there:
            granted &= ~int(one["deny"])
        for one in there:
            granted |= int(one["allow"])
    return granted if granted & bits("view_channel") else 0
