"""Where on disk a Discord server's things are: by its number, and by nothing else."""

from __future__ import annotations

from pathlib import Path

SERVERS_FOLDER = "servers"
RECORDS_FILE = "server.sqlite3"
LARGEST_ID = 2**64 - 1
"""Discord's ids ("snowflakes") are unsigned 64-bit numbers."""


def server_folder(home: Path, server: int) -> Path:
    """The folder of the server with Discord's id `server`. Raises ValueError if it is no id."""
    if not 0 < server <= LARGEST_ID:
        raise ValueError(f"{server} is no id of a Discord server")
    return home / SERVERS_FOLDER / f"{server:d}"


def known_servers(home: Path) -> list[int]:
    """Ids of the servers that have records below `home`, also those that the bot has left."""
    names = [file.parent.name for file in (home / SERVERS_FOLDER).glob(f"*/{RECORDS_FILE}")]
    ids = [int(name) for name in names if name.isascii() and name.isdigit() and name[0] != "0"]
    return sorted(id for id in ids if id <= LARGEST_ID)
