"""`/privacy` and `/forget me`: what is kept about a person, and its removal."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import caller
from bot.cogs.contexts import offered_where_people_ask
from bot.cogs.delivery import BROKEN, acknowledge, delivered, respond
from bot.cogs.failures import notice_of, tell
from bot.cogs.languages import Spoken
from bot.cogs.late_posting import edit_message, partial_message, place_of
from bot.cogs.posting import NO_PINGS
from bot.cogs.threads import take_name_back
from bot.languages import N_, _
from bot.servers.aftermath import MESSAGE_GONE
from bot.servers.records.privacy import Message
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.privacy_card import CONFIRM, REMOVED, forgotten, privacy_card

log = logging.getLogger(__name__)

CONFIRM_ID = "dateline-forget:me"


class PrivacyCog(commands.Cog):
    """For everybody, whether or not they may ask."""

    forget = app_commands.Group(name="forget", description=N_("Removes what is kept about you."))

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._bot = bot
        self._services = services
        offered_where_people_ask(services, self.privacy, self.forget)

    @app_commands.command(
        name="privacy", description=N_("What is kept about you, and for how long.")
    )
    async def privacy(self, interaction: discord.Interaction) -> None:
        with self._services.replies:
            try:
                server = await own_server(self._services, interaction)
                settings = await asyncio.to_thread(server.records.settings.load)
                kept = await asyncio.to_thread(
                    server.records.privacy.kept_about, interaction.user.id
                )
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            card = privacy_card(settings, kept)
            await respond(
                interaction,
                lambda: interaction.response.send_message(
                    embed=card, ephemeral=True, allowed_mentions=NO_PINGS
                ),
            )

    @forget.command(name="me", description=N_("Removes your questions, votes and watches here."))
    async def me(self, interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(_confirm_button())
        view.stop()
        with self._services.replies:
            await respond(
                interaction,
                lambda: interaction.response.send_message(
                    _(CONFIRM), view=view, ephemeral=True, allowed_mentions=NO_PINGS
                ),
            )


async def own_server(services: Services, interaction: discord.Interaction) -> OpenServer:
    """The server that keeps what the person says here. Raises RefusedError as `caller` does."""
    id, _ = await caller(interaction.client, services, interaction.guild_id, interaction.user)
    return await asyncio.to_thread(services.servers.server, id)


def _confirm_button() -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(
        label=_("Remove everything about me"),
        style=discord.ButtonStyle.danger,
        custom_id=CONFIRM_ID,
    )


class ForgetButton(Spoken, discord.ui.DynamicItem[discord.ui.Button[Any]], template=CONFIRM_ID):
    """Removes whoever presses it, whoever that is: the id names nobody."""

    def __init__(self) -> None:
        super().__init__(_confirm_button())

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services: Services = interaction.client.services
        with services.replies:
            try:
                server = await own_server(services, interaction)
                # Removing writes a whole file anew.
                await acknowledge(interaction, ephemeral=True, thinking=False)
                done = await asyncio.to_thread(server.records.privacy.forget, interaction.user.id)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            messages = [one for one in done.messages if one.message_id != MESSAGE_GONE]
            await _say(interaction, forgotten(done.removed, len(messages)))
            still_named = [
                id
                for id in done.threads
                if not await take_name_back(interaction.client, server.id, id)
            ]
            if still_named:
                await _say(interaction, forgotten(done.removed, len(messages), still_named))
            await take_back(interaction.client, services, server.id, messages)


async def _say(interaction: discord.Interaction[Any], text: str) -> None:
    """In place of the question. What follows matters more: a failure is only logged."""
    try:
        await delivered(
            lambda: interaction.edit_original_response(
                content=text, view=None, allowed_mentions=NO_PINGS
            )
        )
    except (discord.HTTPException, *BROKEN):
        log.exception("Discord did not take that somebody was forgotten")


async def take_back(
    bot: discord.Client, services: Services, server: int, messages: Sequence[Message]
) -> None:
    """Takes the answers out of the bot's messages, newest first, as those are the ones read."""
    for one in reversed(messages):
        message = partial_message(place_of(bot, server, one.place_id), one.message_id)
        try:
            await edit_message(
                bot, services, server, None, message, content=_(REMOVED), embed=None, view=None
            )
        except (discord.HTTPException, *BROKEN) as error:  # the others may still go
            log.warning("The message %d still shows an answer: %s", one.message_id, error)
