"""`dateline index --watch`: a build at the start, and one after each burst of changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.cli.stopping import until_stopped
from index.errors import ArchiveBusyError, DatelineError

SETTLED_MS = 500
"""A burst of changes has ended when nothing changes for so long, …"""
LONGEST_BURST_MS = 30_000
"""… or when it has gone on for so long."""
WATCH_HELP = (
    "Go on: index again whenever something changes there, until Ctrl-C. "
    "A file that is deleted stays in the archive; `dateline articles remove` removes it."
)
"""For the option of `dateline index`."""


def watch(
    paths: Iterable[Path],
    build: Callable[[], object],
    *,
    ignored: Path,
    note: Callable[[str], None],
) -> None:
    """Builds, then builds after each burst of changes at `paths`, one build at a time.

    Returns on Ctrl-C or SIGTERM. `ignored` is the archive's own folder, which every build
    changes. An error that a person can mend is given to `note`, and the watch goes on; where the
    archive is busy, it builds as soon as it is free.
    """
    with until_stopped():
        due = True
        # The watch begins before the first build, so that no change falls between the two; what
        # changes during a build comes with the next turn.
        for changed in _changes(list(paths), ignored.resolve()):
            if not (changed or due):
                continue
            due = False
            try:
                build()
            except ArchiveBusyError as error:
                due = True
                note(f"waiting: {error}")
            except DatelineError as error:
                note(f"failed: {error}")


def _changes(paths: list[Path], ignored: Path) -> Iterator[bool]:
    """Whether anything has changed, each time that all is quiet; the first at the start."""
    from watchfiles import Change
    from watchfiles import watch as watch_files

    named = {path.resolve() for path in paths if not path.is_dir()}
    folders = [path.resolve() for path in paths if path.is_dir()]

    def wanted(change: Change, name: str) -> bool:
        path = Path(name)
        if change is Change.deleted or path.is_relative_to(ignored):
            return False
        if path in named:
            return True
        inside = (path.relative_to(folder) for folder in folders if path.is_relative_to(folder))
        return any(not any(part.startswith(".") for part in each.parts) for each in inside)

    # It tells of Ctrl-C, which here is the way to end it.
    logging.getLogger("watchfiles").setLevel(logging.ERROR)

    def watching(targets: Iterable[Path], *, recursive: bool) -> Iterator[set[tuple[Change, str]]]:
        return watch_files(
            *targets,
            watch_filter=wanted,
            debounce=LONGEST_BURST_MS,
            step=SETTLED_MS,
            rust_timeout=SETTLED_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=recursive,
        )

    # Of a file, its folder is watched: an editor that saves puts a new file in its place.
    watches = []
    if folders:
        watches.append(watching(folders, recursive=True))
    if parents := {path.parent for path in named if path.parent.is_dir()}:
        watches.append(watching(sorted(parents), recursive=False))
    if not watches:  # nothing is there: the build says so
        yield True
    for changes in zip(*watches, strict=True):
        yield any(changes)
