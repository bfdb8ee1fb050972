"""At the start: questions that the last end of the bot cut off are answered late, once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import discord
from discord.ext import commands

from bot.cogs.delivery import BROKEN
from bot.cogs.languages import speak_at
from bot.cogs.late_posting import post_late, standing
from bot.cogs.posting import mark_at
from bot.desk import DeskClosedError
from bot.languages import N_, _
from bot.servers.asking import Given
from bot.servers.interrupted import request_of, take_up
from bot.servers.keeping import restored
from bot.servers.records.given import GivenAnswer
from bot.servers.registry import OpenServer
from bot.services import Services

log = logging.getLogger(__name__)

SORRY = N_("I was interrupted over this question. Here is the answer:")


class InterruptedCog(commands.Cog):
    """Looks into a server's ledger when Discord first tells of the server."""

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._started = services.clock()
        self._seen: set[int] = set()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        if guild.id in self._seen:
            return
        self._seen.add(guild.id)
        with self._services.replies:
            await speak_at(self._bot, self._services, guild.id)
            try:
                await self._look_into(guild.id)
            except DeskClosedError:
                log.info("Interrupted questions wait for the next start")
            except Exception:
                log.exception("Interrupted questions of server %d were not looked into", guild.id)

    async def _look_into(self, id: int) -> None:
        server = await asyncio.to_thread(self._services.servers.server, id)
        cut_off = await asyncio.to_thread(
            take_up, server, started=self._started, now=self._services.clock()
        )
        if cut_off.given_up:
            log.info("%d interrupted questions are too old or private", cut_off.given_up)
        for given in cut_off.unposted:
            await self._each(self._post(server, given))
        for given in cut_off.unanswered:
            await self._each(self._answer(server, given))

    async def _each(self, work: Coroutine[Any, Any, None]) -> None:
        """What fails for one question is no reason to leave the others."""
        try:
            await work
        except DeskClosedError:
            raise
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("A late answer could not be posted: %s", error)
        except Exception:
            log.exception("A late answer was not posted")

    async def _answer(self, server: OpenServer, given: GivenAnswer) -> None:
        try:
            late = await self._services.asking.answer(
                server, given.id, request_of(server.id, given)
            )
        except DeskClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - it is marked as interrupted, nobody waits
            log.warning("An interrupted question could not be answered: %s", error)
            return
        await post_late(self._bot, self._services, late, _(SORRY))

    async def _post(self, server: OpenServer, given: GivenAnswer) -> None:
        """Unless it was posted, and only that not written down."""
        found = await asyncio.to_thread(restored, given.asked_as, given, server.archive)
        late = Given(given.id, found.answer, request_of(server.id, given), given)
        try:
            message = await standing(self._bot, server.id, given)
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("Nobody knows whether an answer was posted: %s", error)
            return
        if message is not None:
            await mark_at(self._services, late, message.id, late.request.thread)
        else:
            await post_late(self._bot, self._services, late, _(SORRY))
