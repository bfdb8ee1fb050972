"""The last resort of every slash command: what went wrong is logged, and the person is told."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.ui import notices

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord's code for an interaction that was not acknowledged within 3 seconds."""


class ReplyingCommandTree(app_commands.CommandTree[discord.Client]):
    """A command tree whose failures are never silent."""

    async def on_error(
        self,
        interaction: discord.Interaction[discord.Client],
        error: app_commands.AppCommandError,
        /,
    ) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION:
            # Discord has already told the person that the application did not respond.
            log.warning("A command came too late to be answered")
            return
        log.error("A command failed", exc_info=error)
        try:
            await _tell(interaction, notices.SOMETHING_WENT_WRONG)
        except discord.HTTPException:
            log.exception("Discord refused the notice that a command failed")


async def _tell(interaction: discord.Interaction[discord.Client], text: str) -> None:
    pings = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.followup.send(text, allowed_mentions=pings)
    else:
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=pings)
