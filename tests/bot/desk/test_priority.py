"""Which threads give way, and that the others do not."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.desk.priority import NICENESS, give_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no niceness of threads")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_only_the_pools_threads_give_way() -> None:
    before = niceness()
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        assert pool.submit(niceness).result() == max(before, NICENESS)
    assert niceness() == before


def test_what_has_stepped_back_already_is_not_pushed_forward() -> None:
    """A service that an operator runs at a niceness of 15 stays there, and may not do otherwise."""

    def twice() -> int:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 15)
        give_way()
        return niceness()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(twice).result() == 15
