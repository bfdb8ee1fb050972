import json
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import ArchiveBusyError
from index.locking import HOLDER_FILE, build_lock

HOLD = """
import sys, time
from pathlib import Path
from index.locking import build_lock
with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_build_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    message = f"process {os.getpid()} on .*since .*try again"
    with build_lock(tmp_path), pytest.raises(ArchiveBusyError, match=message), build_lock(tmp_path):
        pass
    with build_lock(tmp_path):
        pass


def test_archives_do_not_block_each_other(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    with build_lock(tmp_path / "one"), build_lock(tmp_path / "other"):
        pass


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(KeyError), build_lock(tmp_path):
        raise KeyError
    with build_lock(tmp_path):
        pass


def test_another_process_is_named_and_frees_the_lock_when_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == "held\n"
        with pytest.raises(ArchiveBusyError, match=f"process {child.pid} "), build_lock(tmp_path):
            pass
        child.send_signal(signal.SIGKILL)
    with build_lock(tmp_path):
        assert json.loads((tmp_path / HOLDER_FILE).read_text())["pid"] == os.getpid()


def test_who_has_died_is_not_blamed_for_who_builds_now(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    name = {"host": platform.node(), "since": "2024-05-01T10:00:00+00:00"}
    with build_lock(tmp_path):
        (tmp_path / HOLDER_FILE).write_text(json.dumps({"pid": dead.pid, **name}))
        with pytest.raises(ArchiveBusyError, match="not known"), build_lock(tmp_path):
            pass
        # Of another machine nothing can be known.
        name["host"] = "elsewhere"
        (tmp_path / HOLDER_FILE).write_text(json.dumps({"pid": dead.pid, **name}))
        message = f"process {dead.pid} on elsewhere"
        with pytest.raises(ArchiveBusyError, match=message), build_lock(tmp_path):
            pass


def test_a_lock_that_is_free_names_nobody(tmp_path: Path) -> None:
    with build_lock(tmp_path):
        assert (tmp_path / HOLDER_FILE).exists()
    assert not (tmp_path / HOLDER_FILE).exists()


def test_a_holder_that_cannot_be_named_may_still_hold(tmp_path: Path) -> None:
    (tmp_path / HOLDER_FILE).mkdir()  # stands for a disk that is full
    with (
        build_lock(tmp_path),
        pytest.raises(ArchiveBusyError, match="not known"),
        build_lock(tmp_path),
    ):
        pass


@pytest.mark.parametrize("pid", [0, -1, 10**30, "x", None])
def test_a_holder_of_no_process_is_said_to_be_unknown(tmp_path: Path, pid: object) -> None:
    with build_lock(tmp_path):
        holder = {"pid": pid, "host": platform.node(), "since": "2024-05-01"}
        (tmp_path / HOLDER_FILE).write_text(json.dumps(holder))
        with pytest.raises(ArchiveBusyError, match="not known"), build_lock(tmp_path):
            pass


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_that_cannot_be_read_is_said_to_be_unknown(tmp_path: Path, content: str) -> None:
    with build_lock(tmp_path):
        (tmp_path / HOLDER_FILE).write_text(content)
        with pytest.raises(ArchiveBusyError, match="not known"), build_lock(tmp_path):
            pass
