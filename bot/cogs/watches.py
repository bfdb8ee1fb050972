"""`/watches`: the questions that are asked again after each build, and their end."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import caller
from bot.cogs.contexts import offered_where_people_ask
from bot.cogs.delivery import respond
from bot.cogs.failures import notice_of, tell
from bot.cogs.languages import Spoken
from bot.cogs.posting import NO_PINGS
from bot.cogs.who_manages import managed_server
from bot.languages import N_
from bot.servers.asking import RefusedError
from bot.servers.records.errors import RecordNotFoundError
from bot.servers.records.watches import Watch
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.watch_list import WATCH_TEMPLATE, WatchButtonId, watch_button, watch_list

GONE = N_("That question is not watched any more.")


class WatchesCog(commands.Cog):
    """One's own watches; whoever manages the server may see all."""

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._bot = bot
        self._services = services
        offered_where_people_ask(services, self.watches)

    @app_commands.command(
        name="watches", description=N_("The questions you watch, to end watching.")
    )
    @app_commands.describe(everybody=N_("All people's; for those who manage this server."))
    async def watches(
        self, interaction: discord.Interaction, everybody: bool | None = None
    ) -> None:
        with self._services.replies:
            try:
                server = await _server(self._services, interaction, everybody=bool(everybody))
                found = await asyncio.to_thread(
                    _listed, self._services, server, interaction.user.id, bool(everybody)
                )
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            card, view = watch_list(found, everybody=bool(everybody))
            await respond(
                interaction,
                lambda: interaction.response.send_message(
                    embed=card, view=view, ephemeral=True, allowed_mentions=NO_PINGS
                ),
            )


class WatchButton(Spoken, discord.ui.DynamicItem[discord.ui.Button[Any]], template=WATCH_TEMPLATE):
    """Ends a watch and shows the list without it."""

    def __init__(self, id: WatchButtonId) -> None:
        super().__init__(watch_button(id))
        self.id_ = id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        id = WatchButtonId.parse(match.string)
        if id is None:
            raise ValueError(f"{match.string!r} is no button of this bot")
        return cls(id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services: Services = interaction.client.services
        everybody = self.id_.everybody
        with services.replies:
            try:
                server = await _server(services, interaction, everybody=everybody)
                user = interaction.user.id
                await asyncio.to_thread(_remove, services, server, self.id_.watch, user, everybody)
                left = await asyncio.to_thread(_listed, services, server, user, everybody)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            card, view = watch_list(left, everybody=everybody)
            await respond(
                interaction,
                lambda: interaction.response.edit_message(
                    embed=card, view=view, allowed_mentions=NO_PINGS
                ),
            )


async def _server(
    services: Services, interaction: discord.Interaction, *, everybody: bool
) -> OpenServer:
    """Raises RefusedError for all people's watches unless the person manages the server."""
    if everybody:
        server, _ = await managed_server(services, interaction)
        return server
    id, _ = await caller(interaction.client, services, interaction.guild_id, interaction.user)
    return await asyncio.to_thread(services.servers.server, id)


def _listed(services: Services, server: OpenServer, user: int, everybody: bool) -> list[Watch]:
    now, watches = services.clock(), server.records.watches
    return watches.due(now) if everybody else watches.of_person(user, now)


def _remove(services: Services, server: OpenServer, watch: int, user: int, everybody: bool) -> None:
    try:
        server.records.watches.remove(watch, by=user, now=services.clock(), manager=everybody)
    except RecordNotFoundError:
        raise RefusedError(GONE) from None
