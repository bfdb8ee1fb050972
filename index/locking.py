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

from index.errors import ArchiveBusyError, DatelineError

LOCK_FILE = "build.lock"
HOLDER_FILE = "build.holder.json"


class ArchiveReadOnlyError(DatelineError):
    """This process may not write to the archive's folder, or its disk takes nothing more."""


@contextlib.contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Holds the archive's build lock; the system frees it if this process dies.

    Raises ArchiveBusyError, naming the holder, if another build is running, and
    ArchiveReadOnlyError if the folder cannot be written to.
    """
    lock = FileLock(folder / LOCK_FILE, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise ArchiveBusyError(
            f"another build of the archive in {folder} is running ({_holder(folder)}): "
            "try again when it has finished"
        ) from None
    except OSError as error:
        raise ArchiveReadOnlyError(
            f"the archive folder {folder} cannot be written to ({error.strerror}): make it "
            "writable for the user that runs Dateline, or free space on its disk"
        ) from error
    try:
        # Whom to name is worth no failure: deleting old generations has to work on a full disk.
        with contextlib.suppress(OSError):
            _name_holder(folder / HOLDER_FILE)
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / HOLDER_FILE).unlink()
        lock.release()


def _name_holder(file: Path) -> None:
    since = dt.datetime.now(dt.UTC).isoformat("T", "seconds")
    holder = {"pid": os.getpid(), "host": platform.node(), "since": since}
    file.write_text(json.dumps(holder), "utf-8")


def _holder(folder: Path) -> str:
    try:
        holder = json.loads((folder / HOLDER_FILE).read_text("utf-8"))
        if _is_alive(int(holder["pid"]), holder["host"]):
            return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, LookupError, TypeError, OverflowError):
        pass
    return "its process is not known"


def _is_alive(pid: int, host: str) -> bool:
    """False only for what is surely dead: a killed build leaves its name to the next one."""
    if host != platform.node() or os.name != "posix":  # Windows takes signal 0 for Ctrl-C
        return True
    if pid <= 0:  # groups of processes
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
