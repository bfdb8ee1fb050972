"""A process that runs builds in forked children, which kill themselves at a given moment.

Reads lines of JSON (folder, work, moment) and answers each with a line: "killed", or how many
moments there were. A moment is a call that code of `index/` makes: of a function of its own, of
SQLite, of the file system. Forking saves the seconds that importing takes.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from fake_model import FakeModel
from small_articles import article, opened

import index
from index.archive import Archive

CODE = str(Path(index.__file__).parent)


def work_on(archive: Archive, work: str, arguments: dict[str, str]) -> None:
    works: dict[str, Callable[[], object]] = {
        "index": lambda: archive.index(article(id, text) for id, text in arguments.items()),
        "rebuild": lambda: archive.index([], rebuild=True),
        "remove": lambda: archive.remove(arguments),
    }
    works[work]()


def run(folder: Path, work: str, arguments: dict[str, str], moment: int) -> int:
    """Does the work; dies at the moment, or returns how many there were."""
    seen = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal seen
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(CODE):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    with opened(folder, FakeModel()) as archive:
        sys.setprofile(watch)
        try:
            work_on(archive, work, arguments)
        finally:
            sys.setprofile(None)
    return seen


def main() -> None:
    for name in ("builder", "retriever", "verification"):  # else each child imports them anew
        importlib.import_module(f"index.{name}")
    for line in sys.stdin:
        folder, work, arguments, moment = json.loads(line)
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            signal.alarm(60)  # a build that hangs fails its test
            try:
                os.write(writing, str(run(Path(folder), work, arguments, moment)).encode())
            except BaseException as error:  # noqa: BLE001  told to the test
                os.write(writing, repr(error).encode())
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        with os.fdopen(reading) as answer:
            print("killed" if killed else answer.read(), flush=True)


if __name__ == "__main__":
    main()
