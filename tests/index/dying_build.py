"""A process that runs builds in forked children, which kill themselves at a given moment.

Reads lines of JSON (folder, work, arguments, moment, power cut) and answers each with a line:
"killed", or how many moments there were. A moment is a call that code of `index/` makes: of a
function of its own, of SQLite, of the file system. Forking saves the seconds that importing takes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from fake_model import FakeModel
from small_articles import article, opened

import index
from index.archive import Archive
from index.settings import IndexSettings
from index.transfer import export_archive, import_archive

CODE = str(Path(index.__file__).parent)


def prepared(folder: Path, work: str, arguments: dict[str, str]) -> Callable[[], object]:
    """The work, to be called: what is done before is not part of it."""
    if work == "import":  # nothing may have the archive open
        file = Path(arguments["file"])
        return lambda: import_archive(file, folder, replace=True)
    if work == "export":
        return lambda: export_archive(folder, Path(arguments["file"]))
    values = IndexSettings(model="fake", chunk_tokens=16)
    archive = Archive.open(folder, settings=values, model=FakeModel())  # type: ignore[arg-type]
    works: dict[str, Callable[[], object]] = {
        "index": lambda: archive.index(article(id, text) for id, text in arguments.items()),
        "rebuild": lambda: archive.index([], rebuild=True),
        "remove": lambda: archive.remove(arguments),
        "roll back": lambda: archive.roll_back(int(arguments["to"])),
        "stage": lambda: archive.stage(article(id, text) for id, text in arguments.items()),
        "stage removal": lambda: archive.stage_removal(arguments),
        "publish staged": lambda: archive.publish_staged(int(arguments["generation"])),
        "discard staged": lambda: archive.discard_staged(int(arguments["generation"])),
        "collect garbage": lambda: archive.collect_garbage(1),
    }
    return works[work]


def run(
    folder: Path, work: str, arguments: dict[str, str], moment: int, power_cut: bool = False
) -> int:
    """Does the work; dies at the moment, or returns how many there were."""
    seen = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal seen
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(CODE):
            seen += 1
            if seen == moment:
                sys.setprofile(None)
                if power_cut:
                    disk.lose_what_is_not_written(random.Random(moment))
                os.kill(os.getpid(), signal.SIGKILL)

    folder.mkdir(exist_ok=True)
    do = prepared(folder, work, arguments)
    disk = Disk(folder)
    sys.setprofile(watch)
    try:
        do()
    finally:
        sys.setprofile(None)
        disk.close()
    return seen


class Disk:
    """Knows what of an archive's generations a power cut would leave.

    A file is safe once it was synced, and its name once the folder that holds it was. What SQLite
    does for its own files is SQLite's concern.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._safe = {path.stat().st_ino for path in [folder, *folder.rglob("*")]}
        self._named = set(folder.rglob("*"))
        self._fsync = os.fsync
        os.fsync = self._watched

    def close(self) -> None:
        os.fsync = self._fsync

    def _watched(self, descriptor: int) -> None:
        self._fsync(descriptor)
        number = os.fstat(descriptor).st_ino
        self._safe.add(number)
        for folder in [self._folder, *self._folder.rglob("*")]:
            if folder.stat().st_ino == number and folder.is_dir():
                self._named |= set(folder.iterdir())

    def lose_what_is_not_written(self, chance: random.Random) -> None:
        for path in sorted((self._folder / "generations").rglob("*"), reverse=True):
            if path.is_file() and path.stat().st_ino not in self._safe:
                content = path.read_bytes()[: chance.randrange(path.stat().st_size + 1)]
                zeros = bytes(chance.choice([0, len(content)]))
                path.write_bytes(zeros or content)
            if path not in self._named and chance.random() < 0.5:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        generations = self._folder / "generations"
        if generations.exists() and generations not in self._named:
            shutil.rmtree(generations)


def warm_up() -> None:
    """What a first build imports and compiles, each child would else do anew."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as archive:
        archive.index([article("a"), article("b")])
        archive.search("a", 3)
        archive.verify()


def main() -> None:
    warm_up()
    for line in sys.stdin:
        folder, *arguments = json.loads(line)
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            signal.alarm(60)  # a build that hangs fails its test
            try:
                os.write(writing, str(run(Path(folder), *arguments)).encode())
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
