"""Who manages a server, as it stands in its settings at that moment."""

from __future__ import annotations

import asyncio
from typing import Any

import discord

from bot.cogs.places import asker_of
from bot.servers.asking import RefusedError
from bot.servers.permissions import MAY_NOT_MANAGE, Asker, refusal_to_manage
from bot.servers.registry import OpenServer
from bot.services import Services


async def managed_server(
    services: Services, interaction: discord.Interaction[Any]
) -> tuple[OpenServer, Asker]:
    """The server that the person manages. Raises RefusedError outside a server, and for everybody
    else.
    """
    if interaction.guild_id is None:
        raise RefusedError(MAY_NOT_MANAGE)
    server = await asyncio.to_thread(services.servers.server, interaction.guild_id)
    settings = await asyncio.to_thread(server.records.settings.load)
    asker = asker_of(interaction.user)
    if refusal := refusal_to_manage(settings, asker):
        raise RefusedError(refusal)
    return server, asker
