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


async def delivered(send: Callable[[], Awaitable[T]], *, pauses_s: Sequence[float] = PAUSES_S) -> T:
    """What `send` returns; it is called again when the connection breaks or nothing comes back.

    For what may be carried out twice. The last attempt's error is raised, and what Discord
    refuses is raised at once.
    """
    for pause in pauses_s:
        try:
            return await send()
        except BROKEN as error:
            log.warning("Discord was not reached (%r), trying again", error)
        await asyncio.sleep(pause)
    return await send()


async def acknowledge(
    interaction: discord.Interaction[Any], *, ephemeral: bool, thinking: bool = True
) -> None:
    """Says within Discord's 3 seconds that an answer comes.

    Raises discord.NotFound once they are over.
    """
    try:
        await delivered(
            lambda: interaction.response.defer(thinking=thinking, ephemeral=ephemeral),
            pauses_s=QUICK_S,
        )
    except discord.HTTPException as error:
        # An earlier attempt was carried out, which only its answer did not tell.
        if error.code != ALREADY_ACKNOWLEDGED:
            raise


async def send_once(
    to: discord.abc.Messageable, content: str | None = None, **arguments: Any
) -> discord.Message:
    """Sends one message, however often it has to be tried; `arguments` are those of `send`."""
    nonce = secrets.randbits(63)
    return await delivered(lambda: to.send(content, nonce=nonce, **arguments))
