"""Once an hour, what servers have kept for as long as they keep it is removed."""

from __future__ import annotations

import logging

from discord.ext import commands, tasks

from bot.servers.retention import Retention

log = logging.getLogger(__name__)


class RetentionCog(commands.Cog):
    def __init__(self, retention: Retention) -> None:
        self._retention = retention

    async def cog_load(self) -> None:
        self.hourly.start()

    async def cog_unload(self) -> None:
        self.hourly.cancel()

    @tasks.loop(hours=1)
    async def hourly(self) -> None:
        try:
            purged = await self._retention.run()
        except Exception:  # the loop is to go on
            log.exception("Old records were not removed")
        else:
            if purged:
                log.info("Removed what %d servers no longer keep", purged)
