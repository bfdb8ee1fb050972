"""`/index`: the archive built anew or taken back, and the buttons below each build's preview."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.delivery import acknowledge
from bot.cogs.languages import Spoken, speak_at
from bot.cogs.managing import BuildMessages, manager, refuse, show_card, shown
from bot.languages import N_
from bot.services import Services
from bot.ui.build_buttons import TEMPLATE, BuildButtonId, build_button
from bot.ui.build_cards import rolled_back_card

log = logging.getLogger(__name__)


class IndexCog(commands.Cog):
    """Rebuilds and roll-backs; and, after a restart, what was left unfinished."""

    group = app_commands.Group(
        name="index",
        description=N_("Build the articles' index anew, or take the last build back."),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: discord.Client, services: Services) -> None:
        assert services.building is not None
        self._bot = bot
        self._services = services
        self._building = services.building
        self._messages = BuildMessages(bot, services, services.building)
        self._tasks: set[asyncio.Task[None]] = set()

    async def cog_unload(self) -> None:
        for task in self._tasks:
            task.cancel()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Once a process, as `Building.recover` sees to it."""
        task = asyncio.create_task(self._recover(guild.id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _recover(self, server: int) -> None:
        with self._services.replies:
            await speak_at(self._bot, self._services, server)
            try:
                await self._messages.recover(server)
            except Exception:
                log.exception("The unfinished builds of server %d were not looked after", server)

    @group.command(name="rebuild", description=N_("Build the index of all articles anew."))
    async def rebuild(self, interaction: discord.Interaction) -> None:
        with self._services.replies:
            try:
                server = await manager(self._services, interaction)
                await acknowledge(interaction, ephemeral=False)
                build = await self._messages.begin(interaction, server, "rebuild")
                if build is not None:
                    self._building.rebuild(build)
                    await self._messages.follow(build, interaction)
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @group.command(
        name="rollback", description=N_("Let the generation before this one serve again.")
    )
    async def rollback(self, interaction: discord.Interaction) -> None:
        with self._services.replies:
            try:
                server = await manager(self._services, interaction)
                await acknowledge(interaction, ephemeral=False)
                await show_card(
                    interaction, rolled_back_card(await self._building.roll_back(server))
                )
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)


class BuildButton(Spoken, discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """Publish or Discard, below any build's preview."""

    def __init__(self, id: BuildButtonId) -> None:
        super().__init__(build_button(id))
        self.id_ = id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        id = BuildButtonId.parse(match.string)
        if id is None:
            raise ValueError(f"{match.string!r} is no button of this bot")
        return cls(id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services: Services = interaction.client.services
        building = services.building
        assert building is not None
        with services.replies:
            try:
                server = await manager(services, interaction)
                await acknowledge(interaction, ephemeral=False, thinking=False)
                decide = building.publish if self.id_.decision == "publish" else building.discard
                view = await decide(server, self.id_.build)
                await show_card(interaction, **shown(view))
                pressed = interaction.message
                if pressed is None or pressed.id != view.record.message_id:
                    messages = BuildMessages(interaction.client, services, building)
                    await messages.show(server, view)
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)
