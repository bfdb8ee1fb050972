"""How long an event loop was kept from its work, and by what; and what its process holds."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

TICK_S = 0.01
SUSPECT_S = 0.05
"""Seconds without a tick after which the loop's stack is looked at."""
_FRAMES = 4


@dataclass
class Blocked:
    """The longest time between two ticks, beyond the tick itself."""

    wall_ms: float = 0.0
    """What everybody who waits on the loop waited; other processes' time is in it."""
    computed_ms: float = 0.0
    """Processor time of the loop's own thread between two ticks, which other processes and
    threads do not change."""
    collected_ms: float = 0.0
    """The longest garbage collection, in any thread: it holds up all of them."""
    where: str = ""
    """The stack seen in the longest wait in which the thread was looked at."""


class LoopWatch:
    """Watches the event loop it is started in."""

    def __init__(self) -> None:
        self.blocked = Blocked()
        self._ticked = time.perf_counter()
        self._seen_s = 0.0
        self._collecting = 0.0
        self._ended = threading.Event()

    async def run(self) -> None:
        """Until it is cancelled."""
        loop_thread = threading.get_ident()
        watching = threading.Thread(target=self._look, args=(loop_thread,), daemon=True)
        watching.start()
        gc.callbacks.append(self._collected)
        try:
            while True:
                computed = time.thread_time()
                self._ticked = time.perf_counter()
                await asyncio.sleep(TICK_S)
                late = time.perf_counter() - self._ticked - TICK_S
                computed = time.thread_time() - computed
                self.blocked.wall_ms = max(self.blocked.wall_ms, 1000 * late)
                self.blocked.computed_ms = max(self.blocked.computed_ms, 1000 * computed)
        finally:
            gc.callbacks.remove(self._collected)
            self._ended.set()

    def _look(self, thread: int) -> None:
        while not self._ended.wait(TICK_S):
            since = time.perf_counter() - self._ticked
            if since > max(SUSPECT_S, self._seen_s):
                frame = sys._current_frames().get(thread)
                if frame is not None and not _waits(frame):
                    self._seen_s, self.blocked.where = since, _stack(frame)

    def _collected(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.perf_counter()
        else:
            took = 1000 * (time.perf_counter() - self._collecting)
            self.blocked.collected_ms = max(self.blocked.collected_ms, took)


def held() -> dict[str, Any]:
    """What this process holds: resident megabytes, file handles, threads, and tasks."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    status = Path("/proc/self/status").read_text()
    return {
        "memory_mb": round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": int(status.split("Threads:")[1].split()[0]),
        "tasks": len(asyncio.all_tasks()),
    }


def _waits(frame: FrameType) -> bool:
    """Whether the loop waits for something to happen: then it is other processes' turn."""
    return frame.f_code.co_name == "select"


def _stack(frame: FrameType) -> str:
    """The innermost frames, outermost first."""
    frames = traceback.extract_stack(frame)[-_FRAMES:]
    return " > ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames)
