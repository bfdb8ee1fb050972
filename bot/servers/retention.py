"""What servers have kept for as long as they keep it goes, and watches end."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Iterable

from bot.servers.records import ServerRecords
from bot.servers.records.privacy import Kept
from bot.servers.registry import ServerRegistry
from index.errors import DatelineError

log = logging.getLogger(__name__)


def purge(records: ServerRecords, now: dt.datetime) -> Kept:
    """Removes what is older than the server's retention days. Blocking."""
    records.watches.expire(now)
    days = records.settings.load().retention_days
    return records.privacy.purge(now - dt.timedelta(days=days))


class Retention:
    """Purges all servers, one after the other, in a worker thread."""

    def __init__(
        self,
        *,
        servers: ServerRegistry,
        ids: Callable[[], Iterable[int]],
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._servers = servers
        self._ids = ids
        self._clock = clock

    async def run(self) -> int:
        """How many servers had something removed. What fails in one holds no other up."""
        return await asyncio.to_thread(self._run)

    def _run(self) -> int:
        purged = 0
        for id in self._ids():
            try:
                removed = purge(self._servers.server(id).records, self._clock())
            except DatelineError as error:
                log.error("The records of server %d were not purged: %s", id, error)
            else:
                purged += bool(removed)
        return purged
