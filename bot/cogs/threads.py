"""Threads in which a conversation about the articles goes on."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.cogs.delivery import BROKEN, delivered
from bot.languages import N_, _
from bot.servers.asking import Given, Request
from bot.servers.records.turns import Turn
from bot.services import Services
from bot.ui.limits import THREAD_NAME
from bot.ui.visible import inline

log = logging.getLogger(__name__)

UNNAMED = N_("Question")
"""The name of a thread that is named after nothing."""


def thread_allowed(interaction: discord.Interaction) -> bool:
    """Whether the bot can open a thread below a message where it was called."""
    return isinstance(
        interaction.channel, discord.TextChannel
    ) and interaction.app_permissions.is_superset(discord.Permissions(create_public_threads=True))


def thread_name(question: str) -> str:
    """The question as a thread is named: plain text, in which Discord reads no markup."""
    name = inline(question)
    return (name if len(name) <= THREAD_NAME else name[: THREAD_NAME - 1] + "…") or _(UNNAMED)


async def open_thread(
    services: Services, message: discord.Message, given: Given
) -> discord.Thread | None:
    """A thread below an answer, which knows what was asked; None where Discord refuses one."""
    thread = await new_thread(services, message, given.request)
    if thread is not None:
        turn = Turn(
            thread.id,
            given.request.asker.id,
            given.request.question,
            given.request.searched,
            given.answer.answer,
            (),
            services.clock(),
        )
        server = await asyncio.to_thread(services.servers.server, given.request.server)
        await asyncio.to_thread(server.records.turns.add, turn)
    return thread


async def new_thread(
    services: Services, message: discord.Message, request: Request
) -> discord.Thread | None:
    """A thread below a message, named after a question; None where Discord refuses one."""
    server = await asyncio.to_thread(services.servers.server, request.server)
    # First, as a thread of which nobody knows would keep the name. It has the message's id.
    await asyncio.to_thread(
        server.records.threads.add,
        message.id,
        asker_id=request.asker.id,
        now=services.clock(),
    )
    try:
        return await message.create_thread(name=thread_name(request.question))
    except (discord.HTTPException, ValueError, *BROKEN) as error:  # ValueError: no threads here
        log.warning("No thread could be opened in channel %s: %s", message.channel.id, error)
        return None


async def take_name_back(bot: discord.Client, server: int, id: int) -> bool:
    """Renames a thread that the bot opened in a server; False if it may not.

    One that is gone, or that somebody else opened, is left.
    """
    try:
        thread = await delivered(lambda: bot.fetch_channel(id))
        if not isinstance(thread, discord.Thread) or thread.guild.id != server:
            return True
        if bot.user is None or thread.owner_id != bot.user.id:
            return True
        archived = thread.archived
        # Nothing can be changed in an archived thread.
        await delivered(lambda: thread.edit(name=_(UNNAMED), archived=False))
        if archived:
            await delivered(lambda: thread.edit(archived=True))
    except discord.NotFound:
        return True
    except (discord.DiscordException, *BROKEN) as error:
        log.warning("The thread %d could not be renamed: %s", id, error)
        return False
    return True
