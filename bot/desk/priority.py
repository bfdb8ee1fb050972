"""Threads that compute for long give way to the one that talks to Discord."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICENESS = 5


def give_way() -> None:
    """Let the calling thread, and those it starts, run when others of the process need not.

    For the initializer of a pool. Only Linux knows a niceness of threads; elsewhere it would be
    the whole process's, so nothing is done there.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError):  # a sandbox may forbid it: then all are equal
        thread = threading.get_native_id()
        # Never less nice than it is: that would be refused.
        niceness = max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread))
        os.setpriority(os.PRIO_PROCESS, thread, niceness)
