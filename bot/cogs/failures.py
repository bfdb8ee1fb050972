"""What went wrong as the reply to a person; what is not theirs to mend is for the log only."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.cogs.delivery import BROKEN, delivered, has_responded, respond
from bot.cogs.languages import speak_at
from bot.desk import DeskBusyError, DeskClosedError
from bot.languages import _
from bot.servers.asking import RefusedError, TooOftenError
from bot.servers.records.errors import RecordNotFoundError, RecordRefusedError
from bot.services import Services
from bot.ui import notices
from bot.ui.parts import one_line
from bot.ui.render import render_problem
from index.errors import DatelineError, NoIndexError
from index.filtering import FilterError

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord's code for an interaction that was not acknowledged within 3 seconds."""
REASON = 300
"""Units of the longest reason from a server's records that is told."""


def notice_of(error: Exception) -> str:
    """What to tell whoever's question could not be answered; the reason is logged."""
    match error:
        case RefusedError():
            return _(error.args[0])  # a sentence of our own
        case TooOftenError():
            return notices.too_often(error.wait_s)
        case FilterError():
            return render_problem(error)
        case NoIndexError():
            return _(notices.NO_INDEX)
        case RecordRefusedError() | RecordNotFoundError():  # they say what to do instead
            reason = str(error)
            return one_line(f"{reason[:1].upper()}{reason[1:]}.", REASON)
        case DatelineError():  # its message may name files
            log.error("A question was not answered: %s", error)
            return _(notices.NOT_SEARCHABLE)
        case DeskBusyError():
            log.warning("Too many questions are waiting")
            return _(notices.BUSY)
        case DeskClosedError():
            return _(notices.SHUTTING_DOWN)
        case TimeoutError():
            log.error("A question took too long", exc_info=error)
            return _(notices.TOO_SLOW)
        case _:
            log.error("A question was not answered", exc_info=error)
            return _(notices.SOMETHING_WENT_WRONG)


class ReplyingCommandTree(app_commands.CommandTree[discord.Client]):
    """A command tree whose failures are never silent, and that speaks the server's language."""

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """Before each command, in its task."""
        services: Services = interaction.client.services  # type: ignore[attr-defined]
        with services.replies:
            await services.pacing.turn(urgent=True)
            await speak_at(interaction.client, services, interaction.guild_id)
        return True

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
        try:
            await tell(interaction, notice_of(cause))
        except (discord.HTTPException, *BROKEN):
            log.exception("Discord refused the notice that a command failed")


async def tell(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Say something to the person alone, as far as that is still possible.

    A followup may come twice where the connection breaks: better than a failure without a word.
    """
    pings = discord.AllowedMentions.none()
    if has_responded(interaction):
        await delivered(
            lambda: interaction.followup.send(text, ephemeral=True, allowed_mentions=pings)
        )
    else:
        await respond(
            interaction,
            lambda: interaction.response.send_message(text, ephemeral=True, allowed_mentions=pings),
        )
