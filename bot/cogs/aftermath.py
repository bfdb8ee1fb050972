"""After a build: what is watched is answered where it was asked, what was answered is corrected."""

from __future__ import annotations

import asyncio
import logging

import discord
from discord.ext import commands

from bot.cogs.late_posting import edit_given, post_late
from bot.desk import DeskBusyError, DeskClosedError
from bot.servers.aftermath import Aftermath, Corrected, Found
from bot.services import Services
from bot.ui.dates import short_day

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
                for id in await self._aftermath.changed(sorted(ids)):
                    await self.look_after(id)
            except DeskClosedError:
                return
            except DeskBusyError:
                log.info("Too many questions are waiting: old answers are looked through later")
            except Exception:  # the task is to live as long as the bot
                log.exception("Old answers were not looked through")

    async def look_after(self, server: int) -> None:
        """Posts and edits what a new generation brings; nothing where there is none."""
        async with self._one_at_a_time:
            async for one in self._aftermath.of(server):
                if isinstance(one, Found):
                    await self._tell(one)
                else:
                    await self._correct(server, one)

    async def _tell(self, found: Found) -> None:
        asker = found.watch.asker_id
        says = f"<@{asker}> You watch this question, and now there is an answer:"
        await post_late(self._bot, self._services, found.given, says, mention=asker)

    async def _correct(self, server: int, corrected: Corrected) -> None:
        await edit_given(
            self._bot,
            self._services,
            server,
            corrected.before,
            corrected.answer,
            corrected.result,
            note=f"{short_day(corrected.at.date())}: {corrected.note}",
            within=corrected.within,
        )
