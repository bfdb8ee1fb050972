"""Memory that is free goes back to the system, now and then."""

from __future__ import annotations

import asyncio
import ctypes
import sys

from discord.ext import commands, tasks

EACH_MINUTES = 5.0


class MemoryCog(commands.Cog):
    """Keeps the process from growing for hours while its objects stay as many.

    Threads that come and go, and generations that replace each other, leave holes: glibc's
    allocator keeps them for later, and some 15 MB an hour came together.
    """

    async def cog_load(self) -> None:
        self.give_back.start()

    async def cog_unload(self) -> None:
        self.give_back.cancel()

    @tasks.loop(minutes=EACH_MINUTES)
    async def give_back(self) -> None:
        await asyncio.to_thread(give_back_memory)


def give_back_memory() -> None:
    """Gives free memory back to the system, where the allocator is glibc's; else does nothing."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
