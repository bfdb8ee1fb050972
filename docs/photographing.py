"""A headless Chromium, and its pictures as small files."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

COLOURS = 32
"""Of a picture: enough for text on few backgrounds, its edges smoothed."""


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """The Chromium in the path. Without one, the process ends and says so."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no Chromium in the path: install one, such as Debian's package `chromium`")
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []  # which does not start for root
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=chromium, args=flags, timeout=120_000
        )
        try:
            yield opened
        finally:
            await opened.close()


def save_small(shot: bytes, file: Path) -> None:
    """Writes a screenshot as a PNG of its most frequent colours; others become the nearest one."""
    with Image.open(io.BytesIO(shot)) as taken:
        image = taken.convert("RGB")
    counted = image.getcolors(image.width * image.height) or []
    frequent = [colour for _, colour in sorted(counted, key=lambda one: -one[0])[:COLOURS]]
    palette = Image.new("P", (1, 1))
    palette.putpalette(bytes(itertools.chain.from_iterable(frequent)))  # type: ignore[arg-type]
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)
