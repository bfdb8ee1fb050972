"""After a build: what is watched is answered where it was asked, what was answered is corrected."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from bot.cogs.delivery import BROKEN
from bot.cogs.languages import speak_at
from bot.cogs.late_posting import (
    edit_given,
    partial_message,
    place_of,
    post_late,
    standing,
    take_back,
)
from bot.cogs.posting import mark_at
from bot.desk import DeskBusyError, DeskClosedError
from bot.languages import _
from bot.servers.aftermath import MESSAGE_GONE, Aftermath, Corrected, Found, Unposted
from bot.servers.asking import Given
from bot.servers.corrections import translated
from bot.services import Services
from bot.ui.dates import short_day
from index.errors import DatelineError

log = logging.getLogger(__name__)

POLL_S = 60.0
"""Seconds between two looks for builds of other processes."""


class AftermathCog(commands.Cog):
    """One task, in which the servers come one after the other."""

    def __init__(
        self,
        bot: discord.Client,
        services: Services,
        aftermath: Aftermath,
        *,
        poll_s: float = POLL_S,
    ) -> None:
        self._bot = bot
        self._services = services
        self._aftermath = aftermath
        self._poll_s = poll_s
        self._task: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def cog_load(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def cog_unload(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        await self._bot.wait_until_ready()
        wait_s = 0.0  # there may have been builds while the bot was away
        while True:
            ids = await self._aftermath.news(wait_s) or {one.id for one in self._bot.guilds}
            wait_s = self._poll_s
            try:
                for id in sorted(ids):
                    await self.finish(id)
                for id in await self._aftermath.changed(sorted(ids)):
                    await self.look_after(id)
            except DeskClosedError:
                return
            except DeskBusyError:
                log.info("Too many questions are waiting: old answers are looked through later")
            except Exception:  # the task is to live as long as the bot
                log.exception("Old answers were not looked through")

    async def finish(self, server: int) -> None:
        """Posts and edits what an earlier process, or a broken connection, has left."""
        async with self._one_at_a_time:
            await speak_at(self._bot, self._services, server)
            try:
                async for one in self._aftermath.left(server):
                    if isinstance(one, Unposted):
                        await self._tell_again(server, one)
                    else:
                        await self._correct(server, one)
            except DatelineError as error:
                log.error("What server %d was to be told waits: %s", server, error)

    async def look_after(self, server: int) -> None:
        """Posts and edits what a new generation brings; nothing where there is none."""
        async with self._one_at_a_time:
            await speak_at(self._bot, self._services, server)
            async for one in self._aftermath.of(server):
                if isinstance(one, Found):
                    await self._tell(one.given)
                else:
                    await self._correct(server, one)

    async def _tell(self, given: Given) -> None:
        asker = given.request.asker.id
        says = _("{asker} You watch this question, and now there is an answer:").format(
            asker=f"<@{asker}>"
        )
        try:
            if not await post_late(self._bot, self._services, given, says, mention=asker):
                await mark_at(self._services, given, MESSAGE_GONE, given.request.thread)
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("An answer that is watched for is posted later: %s", error)

    async def _tell_again(self, server: int, one: Unposted) -> None:
        """Unless it was posted, and only that not written down; where nobody can tell, again."""
        try:
            message = await standing(self._bot, server, one.before)
        except (discord.HTTPException, *BROKEN):
            message = None
        if message is None:
            await self._tell(one.given)
        else:
            await mark_at(self._services, one.given, message.id, one.given.request.thread)

    async def _correct(self, server: int, corrected: Corrected) -> None:
        before = corrected.before
        assert before.message_id is not None
        try:
            await edit_given(
                self._bot,
                self._services,
                server,
                before,
                corrected.answer,
                corrected.result,
                note=_("{day}: {note}").format(
                    day=short_day(corrected.at.date()), note=translated(corrected.note)
                ),
                within=corrected.within,
            )
        except (discord.HTTPException, *BROKEN) as error:
            log.warning("The message %d is corrected later: %s", before.message_id, error)
            return
        if not await self._aftermath.shown(server, before.id):
            to = place_of(self._bot, server, before.place_id)
            await take_back(partial_message(to, before.message_id))
