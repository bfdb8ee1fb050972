"""`/status` and `/help`."""

from __future__ import annotations

import asyncio
import importlib.metadata

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import caller
from bot.cogs.contexts import offered_where_people_ask
from bot.cogs.failures import notice_of, tell
from bot.cogs.places import Place
from bot.cogs.posting import NO_PINGS
from bot.languages import N_, _
from bot.servers.asking import Request
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.status_card import Command, ServerStatus, help_card, status_card

DISTRIBUTION = "dateline"


class StatusCog(commands.Cog):
    """What the bot has and can, told to the person who asks."""

    def __init__(self, bot: commands.Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        offered_where_people_ask(services, self.status, self.help)

    @app_commands.command(name="status", description=N_("The articles, the last build, the queue."))
    async def status(self, interaction: discord.Interaction) -> None:
        with self._services.replies:
            try:
                id, asker = await caller(
                    self._bot, self._services, interaction.guild_id, interaction.user
                )
                place = Place.of(interaction.channel)
                direct = interaction.guild_id is None
                await self._services.asking.allow(
                    Request(id, asker, place.channel, "", place.thread, direct=direct)
                )
                server = await asyncio.to_thread(self._services.servers.server, id)
                status = await asyncio.to_thread(self._read, server)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            await interaction.response.send_message(
                embed=status_card(status), ephemeral=True, allowed_mentions=NO_PINGS
            )

    def _read(self, server: OpenServer) -> ServerStatus:
        now = self._services.clock()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return ServerStatus(
            server.archive.status(),
            server.records.ledger.counts(midnight),
            len(server.records.watches.due(now)),
            self._services.asking.ahead(),
            _version(),
        )

    @app_commands.command(name="help", description=N_("What you can do with this bot."))
    async def help(self, interaction: discord.Interaction) -> None:
        with self._services.replies:
            shown = list_commands(self._bot.tree, interaction)
            await interaction.response.send_message(
                embed=help_card(shown), ephemeral=True, allowed_mentions=NO_PINGS
            )


def _version() -> str:
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return _("(not installed)")


def list_commands(
    tree: app_commands.CommandTree[discord.Client], interaction: discord.Interaction
) -> list[Command]:
    """The commands that there are and that the person can use where they are."""
    found: list[Command] = []
    for top in sorted(tree.get_commands(), key=lambda one: one.name):
        needed = top.default_permissions
        if needed is not None and not interaction.permissions.is_superset(needed):
            continue
        if isinstance(top, app_commands.ContextMenu):
            found.append(Command(top.name, "", in_menu=True))
        elif isinstance(top, app_commands.Group):
            found += [
                Command(f"/{one.qualified_name}", one.description)
                for one in top.walk_commands()
                if isinstance(one, app_commands.Command)
            ]
        else:
            found.append(Command(f"/{top.name}", top.description))
    return found
