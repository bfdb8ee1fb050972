"""What is sent to Discord arrives, also where the connection breaks; and it arrives once.

discord.py itself waits out rate limits and repeats after errors 500 to 504. A connection that
breaks it repeats only for the error numbers of macOS and Windows, and then nobody knows whether the
request was carried out. So only what may be carried out twice is repeated here: edits, which say
the same again; acknowledgements, of which Discord takes one; and messages with a nonce, of which
Discord keeps the first. A webhook takes no nonce: a followup whose connection broke, or that
Discord carried out and answered with 500, is there twice once it is sent again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import aiohttp
import discord

log = logging.getLogger(__name__)

T = TypeVar("T")

BROKEN = (aiohttp.ClientError, OSError, discord.DiscordServerError)
"""After these nobody knows what became of a request; the last when discord.py has tried enough."""

PAUSES_S = (0.5, 2.0, 8.0)
"""Seconds before each further attempt."""
QUICK_S = (0.0, 0.5)
"""The same for what Discord waits for no longer than 3 seconds."""

ALREADY_ACKNOWLEDGED = 40060
_RESPONDED = "responded"
TOO_MANY = 429
NO_HISTORY = 160002
"""Discord's code for a reply where the bot may not read what was said before."""


async def delivered(
    send: Callable[[], Awaitable[T]], *, pauses_s: Sequence[float] | None = None
) -> T:
    """What `send` returns; it is called again when the connection breaks or nothing comes back.

    For what may be carried out twice. The last attempt's error is raised, and what Discord
    refuses is raised at once.
    """
    for pause in PAUSES_S if pauses_s is None else pauses_s:
        try:
            return await send()
        except BROKEN as error:
            log.warning("Discord was not reached (%r), trying again", error)
        await asyncio.sleep(pause)
    return await send()


async def respond(
    interaction: discord.Interaction[Any], send: Callable[[], Awaitable[object]]
) -> None:
    """Sends the response that Discord waits 3 seconds for, of which it takes one.

    Raises discord.NotFound once they are over. Where only Discord knows that it took a modal,
    discord.py does not, and what is typed into it is lost.
    """
    try:
        await delivered(send, pauses_s=QUICK_S)
    except discord.HTTPException as error:
        # An earlier attempt was carried out, which only its answer did not tell.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        interaction.extras[_RESPONDED] = True


def has_responded(interaction: discord.Interaction[Any]) -> bool:
    """Whether Discord has taken a response, so that what is said now is a followup."""
    return interaction.response.is_done() or _RESPONDED in interaction.extras


async def acknowledge(
    interaction: discord.Interaction[Any], *, ephemeral: bool, thinking: bool = True
) -> None:
    """Says within Discord's 3 seconds that an answer comes.

    Raises discord.NotFound once they are over.
    """
    await respond(
        interaction, lambda: interaction.response.defer(thinking=thinking, ephemeral=ephemeral)
    )


def is_passing(error: discord.HTTPException) -> bool:
    """Whether Discord may take the same later, as nothing is wrong with it."""
    return isinstance(error, discord.DiscordServerError) or error.status == TOO_MANY


async def send_once(
    to: discord.abc.Messageable,
    content: str | None = None,
    *,
    nonce: str | None = None,
    **arguments: Any,
) -> discord.Message:
    """Sends one message, however often it has to be tried; `arguments` are those of `send`.

    Of messages with the same `nonce`, given or random, Discord keeps one for some minutes. A reply
    that the bot may not make is a message of its own.
    """
    arguments["nonce"] = nonce or secrets.randbits(63)
    try:
        return await delivered(lambda: to.send(content, **arguments))
    except discord.Forbidden as error:
        if error.code != NO_HISTORY or arguments.pop("reference", None) is None:
            raise
    return await delivered(lambda: to.send(content, **arguments))
