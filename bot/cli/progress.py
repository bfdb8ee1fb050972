"""How far a build has come: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

ProgressCallback = Callable[[str, int, int], None]
"""Called with the stage's name, how much is done, and of how much (0: not known)."""

SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def build_progress() -> Iterator[ProgressCallback]:
    """A callback that shows progress on standard error for as long as the context is open."""
    if sys.stderr.isatty():
        with _bars() as callback:
            yield callback
    else:
        yield plain_lines()


def plain_lines(clock: Callable[[], float] = monotonic) -> ProgressCallback:
    """A line when a stage begins with something to do, when it ends, and every few seconds."""
    shown: tuple[str, int, int] | None = None
    due = 0.0

    def show(stage: str, done: int, total: int) -> None:
        nonlocal shown, due
        now = clock()
        state = (stage, done, total)
        begun = shown is None or shown[0] != stage
        finished = bool(total) and done >= total
        if state == shown or not (begun or finished or now >= due):
            return
        shown, due = state, now + SECONDS_BETWEEN_LINES
        print(f"{stage}: {done}/{total}" if total else f"{stage}: {done}", file=sys.stderr)

    return show


@contextmanager
def _bars() -> Iterator[ProgressCallback]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TaskID as Task

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Task] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=None)
            progress.update(tasks[stage], completed=done, total=total or None)

        yield show
