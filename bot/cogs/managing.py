"""Who asks to change the archive, and what they are told while it is being changed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.cogs.failures import notice_of, tell
from bot.cogs.posting import NO_PINGS
from bot.cogs.who_manages import managed_server
from bot.servers.build_refusals import BuildWaitsError
from bot.servers.building import Building
from bot.servers.previews import BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.running_builds import Build
from bot.services import Services
from bot.ui.build_buttons import decision_view
from bot.ui.build_cards import build_card, progress_card

log = logging.getLogger(__name__)

EACH_S = 4.0
"""Seconds between two edits of a message that shows progress."""
_TOKEN_S = 14 * 60.0
"""Seconds for which an interaction's own message can be edited through it; Discord allows 15
minutes, after which the bot edits it as any message of its own.
"""


async def manager(services: Services, interaction: discord.Interaction[Any]) -> int:
    """The id of the interaction's server. Raises RefusedError for those who may not manage it."""
    server, _ = await managed_server(services, interaction)
    return server.id


class BuildMessages:
    """Shows builds in the messages that their records name."""

    def __init__(self, client: discord.Client, services: Services, building: Building) -> None:
        self._client = client
        self._services = services
        self.building = building

    async def begin(
        self, interaction: discord.Interaction[Any], server: int, kind: BuildKind
    ) -> Build | None:
        """A build whose progress the response to a deferred interaction shows; None if another
        one has to be decided first, which the response says and lets them do.
        """
        channel = interaction.channel_id or 0
        try:
            build = await self.building.begin(server, kind, by=interaction.user.id, channel=channel)
        except BuildWaitsError as error:
            await interaction.edit_original_response(
                content=str(error), **shown(error.view), allowed_mentions=NO_PINGS
            )
            return None
        message = await interaction.edit_original_response(
            embed=progress_card(build.record.id, kind, build.step), allowed_mentions=NO_PINGS
        )
        await asyncio.to_thread(
            build.server.records.builds.mark_message,
            build.record.id,
            channel_id=channel,
            message_id=message.id,
        )
        return build

    async def follow(
        self, build: Build, interaction: discord.Interaction[Any] | None = None
    ) -> None:
        """Edits the build's message until it is previewed or has ended.

        As long as `interaction` can, it edits its own response.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + _TOKEN_S
        told = build.step
        while not build.finished.done():
            await asyncio.wait({build.finished}, timeout=EACH_S)
            if build.step != told and not build.finished.done():
                told = build.step
                record = build.record
                card = {"embed": progress_card(record.id, record.kind, told)}
                await self._edit(build.server.id, record.id, card, _if(interaction, until))
        view = build.finished.result()
        await self._edit(build.server.id, view.record.id, shown(view), _if(interaction, until))

    async def show(self, server: int, view: BuildView) -> None:
        """Brings the message of a build up to date, wherever it is."""
        await self._edit(server, view.record.id, shown(view), None)

    async def recover(self, server: int) -> None:
        """Says of each build that an earlier process left what has become of it."""
        recovered = await self.building.recover(server)
        for view in recovered.views:
            await self.show(server, view)
        for build in recovered.going_on:
            await self.follow(build)

    async def _edit(
        self,
        server: int,
        id: int,
        fields: dict[str, Any],
        interaction: discord.Interaction[Any] | None,
    ) -> None:
        """What cannot be shown is logged: the build itself matters more."""
        try:
            if interaction is not None:
                await interaction.edit_original_response(**fields, allowed_mentions=NO_PINGS)
                return
            record = (await self.building.view(server, id)).record
            if record.message_id is None:
                return
            channel = self._client.get_partial_messageable(record.channel_id, guild_id=server)
            message = channel.get_partial_message(record.message_id)
            await message.edit(**fields, allowed_mentions=NO_PINGS)
        except discord.HTTPException as error:
            log.warning("The message of build %d could not be edited: %s", id, error)


def shown(view: BuildView) -> dict[str, Any]:
    """The fields of a message about a build, with buttons as long as there is something to decide.

    In an answer whose view is None, Discord takes the buttons away.
    """
    return {
        "embed": build_card(view),
        "view": decision_view(view.record.id) if view.waits else None,
    }


async def refuse(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tells the person what went wrong: in the response, where one has been promised."""
    text = notice_of(error)
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
        else:
            await tell(interaction, text)
    except discord.HTTPException:
        log.exception("Discord refused the notice that a command failed")


def _if(
    interaction: discord.Interaction[Any] | None, until: float
) -> discord.Interaction[Any] | None:
    return interaction if asyncio.get_running_loop().time() < until else None
