"""Pictures of what the bot shows in Discord: `python docs/discord_pictures.py`, in a clone.

It rewrites `docs/discord.html`, `docs/discord-*.png` and the gallery `docs/README.md`. It needs a
Chromium in the path, such as Debian's package `chromium`, and `pip install -e '.[browser]'`.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.discord_markup import STYLE
from docs.discord_story import Sample, tell
from docs.photographing import browser, save_small

DOCS = Path(__file__).parent
SCALE = 1.5
GALLERY = """# What Dateline shows in Discord

Every picture is of a message that the bot sent: `python docs/discord_pictures.py` runs it, with the
article in `seeds/` and two invented ones, on a Discord that is simulated on your machine, and draws
what it sent (`discord.html`) in Discord's look. `python docs/pictures.py` photographs the reading
room: [by day](reading-room-light.png), [in the dark](reading-room-dark.png) and
[on a narrow screen](reading-room-narrow.png).
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        samples = asyncio.run(tell(Path(home)))
    (DOCS / "discord.html").write_text(page(samples), "utf-8")
    asyncio.run(photograph(samples))
    (DOCS / "README.md").write_text(gallery(samples), "utf-8")


def page(samples: Sequence[Sample]) -> str:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    sections = "\n".join(f'<section id="{one.name}">{one.html}</section>' for one in samples)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>Dateline in Discord</title><style>{STYLE}</style></head><body>\n{sections}\n"
        "</body></html>\n"
    )


def gallery(samples: Sequence[Sample]) -> str:
    shown = "\n".join(
        f"\n## {one.title}\n\n![{one.title}](discord-{one.name}.png)" for one in samples
    )
    return f"{GALLERY}{shown}\n"


async def photograph(samples: Sequence[Sample]) -> None:
    async with browser() as chromium:
        tab = await chromium.new_page(
            viewport={"width": 640, "height": 900}, device_scale_factor=SCALE
        )
        await tab.set_content(page(samples))
        for one in samples:
            shot = await tab.locator(f"#{one.name}").screenshot(timeout=120_000)
            save_small(shot, DOCS / f"discord-{one.name}.png")


if __name__ == "__main__":
    main()
