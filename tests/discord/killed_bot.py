"""A bot as its own process that SIGKILL ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from fake_discord import FakeDiscord

ROOT = Path(__file__).parents[2]
START_S = 120.0
"""Seconds for a process to start on a busy machine."""


@contextlib.asynccontextmanager
async def killed_at_the_end(
    fake: FakeDiscord, home: Path, hangs: str = "", moment: str = ""
) -> AsyncIterator[None]:
    """`scripted_bot.py`, connected; for `hangs` and `moment` see there."""
    identified = fake.identifies
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "tests" / "discord" / "scripted_bot.py"),
        *(str(home), fake.http, fake.ws, hangs, moment),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        await fake.until(lambda: fake.identifies > identified, within_s=START_S)
        await fake.connected()
        yield
    finally:
        child.kill()
        await child.wait()
