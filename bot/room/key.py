"""The key that links are signed with: from a secret setting, or made once and kept in a file."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from bot.room.signing import MIN_KEY_BYTES
from index.errors import SettingsError

KEY_FILE = "reading-room.key"


def signing_key(home: Path, secret: str | None = None) -> bytes:
    """32 bytes: derived from `secret` if there is one, else of the file in `home`.

    Two processes that start at once get one key. Raises SettingsError for a secret under 32
    characters, and for a file that others can read or that holds no key.
    """
    if secret is not None:
        if len(secret) < MIN_KEY_BYTES:
            raise SettingsError(
                f"the reading room's secret has {len(secret)} characters: give at least "
                f"{MIN_KEY_BYTES}, or none to have a key made"
            )
        return hmac.digest(secret.encode(), b"dateline reading room key", "sha256")
    file = home / KEY_FILE
    if not file.exists():
        _create(file)
    return _read(file)


def _create(file: Path) -> None:
    """Written beside and linked into place, so that nobody reads half a key or replaces one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secrets.token_bytes(MIN_KEY_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, file)
    finally:
        draft.unlink()


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
        key = opened.read(MIN_KEY_BYTES + 1)
    if os.name == "posix" and mode & 0o077:
        raise SettingsError(
            f"{file} can be read by others (mode {mode:04o}), who could sign links with it: "
            "delete it, and a new key is made; links given so far then stop working"
        )
    if len(key) != MIN_KEY_BYTES:
        raise SettingsError(
            f"{file} holds no key of {MIN_KEY_BYTES} bytes: delete it, and a new one is made; "
            "links given so far then stop working"
        )
    return key
