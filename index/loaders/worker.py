"""A process of its own for parsers that a file may hang, crash or have swallow all memory.

No size is small enough to go without: a page of 200 kB can keep trafilatura busy for minutes, and
so can a PDF of 20 kB pypdf. A thread could not be ended, a process can.
"""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from index.article import Article
from index.errors import LoadError
from index.loaders.document import Document
from index.loaders.fields import load_error

SECONDS = 10.0
"""For one file. A page of 1 MB takes about one, unless it is made to be slow."""
SECONDS_BY_KIND: Mapping[str, float] = {"pdf": 60.0}
"""Where honest files take longer: a PDF may have hundreds of pages."""
MAX_MEMORY = 2 * 1024 * 1024 * 1024
"""Bytes of address space."""
_START_SECONDS = 120.0
_PROGRAM = """
import sys
sys.path[:] = sys.argv[1:]
from index.loaders import LOADERS
from index.loaders.worker import serve
serve(LOADERS)
"""
_PARSERS: Mapping[str, tuple[str, ...]] = {
    "docx": ("ftfy", "lxml.etree"),
    "eml": ("ftfy", "trafilatura"),
    "epub": ("ftfy", "lxml.html"),
    "html": ("ftfy", "trafilatura"),
    "pdf": ("ftfy", "pypdf"),
}
"""What a loader imports; the first of a kind shall not pay for it with its own time."""
_MEND = "save its text as .txt instead"

Found = list[Article | LoadError | Document]


class Worker:
    """Loads documents in another process, which starts at the first and is ended by `close`.

    Not for several threads at once. `seconds` overrides how long each file may take.
    """

    def __init__(self, *, seconds: float | None = None, memory: int = MAX_MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._prepared: set[str] = set()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, kind: str, document: Document) -> Found:
        """What the loader of `kind` gives for the document, or one LoadError why it gave nothing.

        Never takes longer than the file's time and, for the first file, the process's start.
        """
        seconds = self._seconds or SECONDS_BY_KIND.get(kind, SECONDS)
        try:
            found, expired = _ask(self._prepare(kind), (kind, document, seconds), seconds)
        except OSError as error:
            self._end()
            reason = f"no process can be started to read it ({error.strerror or error})"
            return [load_error(document.place, reason, "end other programs and try again")]
        except BaseException:
            self._end()  # or the answer that is still to come would be taken for the next file's
            raise
        if expired or found is None:
            self._end()
        if isinstance(found, list):
            return found
        if expired:
            reason = f"reading it takes over {seconds:.0f} s"
            return [load_error(document.place, reason, _MEND)]
        return [load_error(document.place, "reading it crashes its parser", _MEND)]

    def close(self) -> None:
        """Ends the process, which is idle."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(SECONDS)
        self._end()

    def _prepare(self, kind: str) -> subprocess.Popen[bytes]:
        """The process, with what `kind` needs imported. Raises OSError."""
        if self._process is None:
            self._process = self._start()
        if kind not in self._prepared:
            answer, _ = _ask(self._process, (kind, None, _START_SECONDS), _START_SECONDS)
            if answer is not None:  # otherwise it has died, which the next question will show
                self._prepared.add(kind)
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        # Not multiprocessing, whose children import the program that they were started by.
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", _PROGRAM, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        ready, _ = _ask(process, self._memory, _START_SECONDS)
        if ready is None:
            _stop(process)
            raise OSError("it ended at once")
        return process

    def _end(self) -> None:
        if self._process is not None:
            _stop(self._process)
        self._process = None
        self._prepared.clear()


def _ask(process: subprocess.Popen[bytes], question: object, seconds: float) -> tuple[Any, bool]:
    """The process's answer, None if it died, and whether it was killed because time was up."""
    assert process.stdin is not None and process.stdout is not None
    expired = threading.Event()

    def kill() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(seconds, kill)
    timer.daemon = True
    timer.start()
    answer = None
    try:
        pickle.dump(question, process.stdin)
        process.stdin.flush()
        answer = pickle.load(process.stdout)  # noqa: S301 - our own process
    except (OSError, EOFError, pickle.UnpicklingError):
        pass  # it died
    finally:
        timer.cancel()
        timer.join()
    return answer, expired.is_set()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


def serve(loaders: Mapping[str, Callable[[Document], Iterable[object]]]) -> None:
    """What the process does: answers on standard output until standard input ends."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a parser prints is no answer
    memory = pickle.load(questions)  # noqa: S301 - our own parent
    _bound_memory(memory)
    answer: object = "ready"
    while True:
        pickle.dump(answer, answers)
        answers.flush()
        try:
            kind, document, seconds = pickle.load(questions)  # noqa: S301
        except EOFError:
            return
        # Also ends a process whose parent has been killed.
        with _alarm(math.ceil(seconds) + 1):
            if document is None:
                answer = [__import__(name).__name__ for name in _PARSERS.get(kind, ("ftfy",))]
            else:
                answer = list(loaders[kind](document))


def _bound_memory(limit: int) -> None:
    """As far as the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (ImportError, OSError, ValueError):
        pass


@contextlib.contextmanager
def _alarm(seconds: int) -> Any:
    """The system ends this process unless the block is left in time."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
    yield
    if hasattr(signal, "alarm"):
        signal.alarm(0)
