"""Commands that go on until they are told to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class _Stopped(BaseException):
    """Not an Exception: nothing on the way may take it for a failure and carry on."""


@contextmanager
def until_stopped() -> Iterator[None]:
    """Ctrl-C and SIGTERM leave the block, wherever it is, and what follows it runs.

    Safe within a build, which changes nothing unless it is complete. A second signal, given while
    the first is being obeyed, does what it does in any program.
    """
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(number: int, frame: FrameType | None) -> None:
        restore()
        raise _Stopped

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    except _Stopped:
        pass
    finally:
        restore()
