"""A process with a disk in trouble: does one thing to an archive and says how it went.

Arguments: folder, trouble ("small files", "nobody" or ""), work. Prints a line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from small_articles import article, opened, state

from index.archive import Archive
from index.errors import DatelineError

LARGEST_FILE = 60_000
NOBODY = 65534


def main(folder: Path, trouble: str, work: str) -> dict[str, object]:
    if trouble == "small files":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing beyond the limit is an error then
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if trouble == "nobody" and os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    long = " ".join(f"word{n}" for n in range(9000))
    works: dict[str, Callable[[Archive], object]] = {
        "index": lambda archive: archive.index([article("new", "The new report.")]),
        "index much": lambda archive: archive.index([article("long", long)]),
        "index many": lambda archive: archive.index(
            [article(f"n{n}", f"Subject{n} was told.") for n in range(1500)]
        ),
        "remove": lambda archive: archive.remove(["a"]),
        "collect garbage": lambda archive: archive.collect_garbage(1),
        "search": lambda archive: [hit.passage.text for hit in archive.search("report", 5)],
        "state": state,
    }
    try:
        with opened(folder) as archive:
            done = works[work](archive)
    except DatelineError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return {"done": done if isinstance(done, list | dict) else str(done)}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:])), flush=True)
