"""The archive that the settings name, for as long as a command works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import load_settings

if TYPE_CHECKING:
    from index.archive import Archive


@contextmanager
def opened_archive(home: Path | None) -> Iterator[Archive]:
    """The archive of `--home`, else of the settings. Raises SettingsError, CorruptIndexError."""
    settings = load_settings(home=home)
    from index.archive import Archive  # not before the settings: what is wrong with them is cheap

    with Archive.open(settings.home, settings=settings) as archive:
        yield archive
