"""Who asks to change the archive, and what they are told while it is being changed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.cogs.delivery import BROKEN, delivered, send_once
from bot.cogs.failures import notice_of, tell
from bot.cogs.late_posting import edit_message, partial_message, place_of
from bot.cogs.places import may_embed
from bot.cogs.posting import NO_PINGS
from bot.cogs.who_manages import managed_server
from bot.languages import _
from bot.servers.build_refusals import BuildWaitsError
from bot.servers.building import Building
from bot.servers.previews import BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.running_builds import Build
from bot.services import Services
from bot.ui.build_buttons import decision_view
from bot.ui.build_cards import build_card, card_text, progress_card

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
        # Before it begins: a build without a message could not say that it was interrupted.
        message = await delivered(interaction.original_response)
        try:
            build = await self.building.begin(
                server, kind, by=interaction.user.id, channel=channel, message=message.id
            )
        except BuildWaitsError as error:
            await show_card(interaction, **shown(error.view), above=_(error.args[0]))
            return None
        try:
            await show_card(interaction, progress_card(build.record.id, kind, build.step))
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("Nobody sees how far build %d is: %s", build.record.id, error)
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
                card = progress_card(record.id, record.kind, told)
                await self._edit(build.server.id, record.id, card, None, _if(interaction, until))
        view = build.finished.result()
        await self._edit(
            build.server.id, view.record.id, **shown(view), interaction=_if(interaction, until)
        )

    async def show(self, server: int, view: BuildView) -> bool:
        """Brings the message of a build up to date, wherever it is; False if there is none."""
        return await self._edit(server, view.record.id, **shown(view), interaction=None)

    async def recover(self, server: int) -> None:
        """Says of each build that an earlier process left what has become of it."""
        recovered = await self.building.recover(server)
        for view in recovered.ended:
            await self.show(server, view)
        for view in recovered.views:
            if not await self.show(server, view):
                await self._post(server, view)
        for build in recovered.going_on:
            await self.follow(build)

    async def _edit(
        self,
        server: int,
        id: int,
        card: discord.Embed,
        view: discord.ui.View | None,
        interaction: discord.Interaction[Any] | None,
    ) -> bool:
        """False if there is no message to edit. What Discord does not take now is only logged: the
        build itself matters more.
        """
        try:
            if interaction is not None:
                await show_card(interaction, card, view)
                return True
            record = (await self.building.view(server, id)).record
            if record.message_id is None:
                return False
            to = place_of(self._client, server, record.channel_id)
            return await edit_message(
                self._client,
                self._services,
                server,
                None,
                partial_message(to, record.message_id),
                **arguments(card, view, embeds=self._may_embed(server, to)),
            )
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("The message of build %d could not be edited: %s", id, error)
            return True

    async def _post(self, server: int, view: BuildView) -> None:
        """A new message for a build whose own is gone or never was, in the same place."""
        id = view.record.id
        to = place_of(self._client, server, view.record.channel_id)
        said = arguments(**shown(view), embeds=self._may_embed(server, to))
        there = {name: part for name, part in said.items() if part is not None}
        try:
            message = await send_once(to, **there, allowed_mentions=NO_PINGS)
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("What became of build %d could not be said: %s", id, error)
            return
        opened = await asyncio.to_thread(self._services.servers.server, server)
        await asyncio.to_thread(
            opened.records.builds.mark_message,
            id,
            channel_id=view.record.channel_id,
            message_id=message.id,
        )

    def _may_embed(self, server: int, to: object) -> bool:
        guild = self._client.get_guild(server)
        return may_embed(to, guild.me if guild else None)


def shown(view: BuildView) -> dict[str, Any]:
    """A build's card, and its buttons as long as there is something to decide."""
    return {"card": build_card(view), "view": decision_view(view.record.id) if view.waits else None}


def arguments(
    card: discord.Embed, view: discord.ui.View | None, *, embeds: bool, above: str = ""
) -> dict[str, Any]:
    """The fields of a message: the card below a line of our own, or without `embeds` as text.

    For an edit, which takes away what is None: also the buttons.
    """
    if embeds:
        return {"content": above or None, "embed": card, "view": view}
    return {"content": card_text(card, above), "embed": None, "view": view}


async def show_card(
    interaction: discord.Interaction[Any],
    card: discord.Embed,
    view: discord.ui.View | None = None,
    above: str = "",
) -> None:
    """Shows a card in the response, or as text where the bot may not embed links."""
    embeds = interaction.app_permissions.embed_links
    said = arguments(card, view, embeds=embeds, above=above)
    await delivered(lambda: interaction.edit_original_response(**said, allowed_mentions=NO_PINGS))


async def refuse(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tells the person what went wrong: in the response, where one has been promised."""
    text = notice_of(error)
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await delivered(
                lambda: interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
            )
        else:
            await tell(interaction, text)
    except (discord.HTTPException, *BROKEN):
        log.exception("Discord did not take the notice that a command failed")


def _if(
    interaction: discord.Interaction[Any] | None, until: float
) -> discord.Interaction[Any] | None:
    return interaction if asyncio.get_running_loop().time() < until else None
