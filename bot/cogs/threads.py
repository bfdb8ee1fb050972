"""Threads in which a conversation about the articles goes on."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.cogs.delivery import BROKEN
from bot.servers.asking import Given
from bot.servers.records.turns import Turn
from bot.services import Services
from bot.ui.limits import THREAD_NAME
from bot.ui.visible import inline

log = logging.getLogger(__name__)


def thread_allowed(interaction: discord.Interaction) -> bool:
    """Whether the bot can open a thread below a message where it was called."""
    return isinstance(
        interaction.channel, discord.TextChannel
    ) and interaction.app_permissions.is_superset(discord.Permissions(create_public_threads=True))


def thread_name(question: str) -> str:
    """The question as a thread is named: plain text, in which Discord reads no markup."""
    name = inline(question)
    return (name if len(name) <= THREAD_NAME else name[: THREAD_NAME - 1] + "…") or "Question"


async def open_thread(
    services: Services, message: discord.Message, given: Given
) -> discord.Thread | None:
    """A thread below an answer, which knows what was asked; None where Discord refuses one."""
    thread = await new_thread(message, given.request.question)
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


async def new_thread(message: discord.Message, question: str) -> discord.Thread | None:
    try:
        return await message.create_thread(name=thread_name(question))
    except (discord.HTTPException, ValueError, *BROKEN) as error:  # ValueError: no threads here
        log.warning("No thread could be opened in channel %s: %s", message.channel.id, error)
        return None
