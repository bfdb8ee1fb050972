"""Up to which generation a server's given answers were looked through again.

One number in a file of its own: a build that was published while the bot was not running, or that
it was killed over, is noticed at the next start, and only once.
"""

from __future__ import annotations

from pathlib import Path

CHECKED_FILE = "checked_generation"


def checked_generation(folder: Path) -> int | None:
    """None if nothing was looked through yet, or the file is damaged: once more does no harm."""
    try:
        return int((folder / CHECKED_FILE).read_text("ascii"))
    except (OSError, ValueError):
        return None


def mark_checked(folder: Path, generation: int) -> None:
    """Written beside and then replaced, so that it is never half a number."""
    beside = folder / f"{CHECKED_FILE}.new"
    beside.write_text(f"{generation:d}\n", "ascii")
    beside.replace(folder / CHECKED_FILE)
