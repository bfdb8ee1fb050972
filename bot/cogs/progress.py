"""What people see of a question that takes long."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import Self

import discord

from bot.cogs.delivery import BROKEN
from bot.services import Services
from bot.ui import notices

FIRST_S, EACH_S = 4.0, 10.0
"""Seconds until something is said, and between one word and the next."""


class Progress:
    """Tells in the deferred response how many questions come first, while its body runs.

    At the end, no edit of its own is under way any more: none can overtake the answer.
    """

    def __init__(self, interaction: discord.Interaction, services: Services) -> None:
        self._interaction = interaction
        self._services = services
        self._done = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._tell())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._task is not None:
            await self._task

    async def _tell(self) -> None:
        pause, told = FIRST_S, ""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), pause)
                return
            pause = EACH_S
            await self._services.pacing.turn()
            if self._done.is_set():
                return
            text = notices.waiting(self._services.asking.ahead())
            if text != told:
                told = text
                # The answer matters, this less.
                with contextlib.suppress(discord.HTTPException, *BROKEN):
                    await self._interaction.edit_original_response(content=text)
