"""How far a build has come: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from index.progress import Progress

SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def build_progress() -> Iterator[Progress]:
    """A callback that shows progress on standard error for as long as the context is open."""
    if sys.stderr.isatty():
        with _bars() as callback:
            yield callback
    else:
        yield plain_lines()


def plain_lines(clock: Callable[[], float] = monotonic) -> Progress:
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
def _bars() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.progress import TaskID as Task

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Task] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=None)
            progress.update(tasks[stage], completed=done, total=total or None)

        yield show
