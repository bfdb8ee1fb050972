"""One build at a time on an archive, over all processes."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import ArchiveBusyError

LOCK_FILE = "build.lock"
HOLDER_FILE = "build.holder.json"


@contextlib.contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Holds the archive's build lock; the system frees it if this process dies.

    Raises ArchiveBusyError, naming the holder, if another build is running.
    """
    lock = FileLock(folder / LOCK_FILE, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveBusyError(
            f"another build of the archive in {folder} is running ({_holder(folder)}): "
            "try again when it has finished"
        ) from None
    try:
        since = dt.datetime.now(dt.UTC).isoformat("T", "seconds")
        holder = {"pid": os.getpid(), "host": platform.node(), "since": since}
        (folder / HOLDER_FILE).write_text(json.dumps(holder), "utf-8")
        yield
    finally:
        lock.release()


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / HOLDER_FILE).read_text("utf-8"))
        return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its process is not known"
