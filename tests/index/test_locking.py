import json
import os
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


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_holder_that_cannot_be_read_is_said_to_be_unknown(tmp_path: Path, content: str) -> None:
    with build_lock(tmp_path):
        (tmp_path / HOLDER_FILE).write_text(content)
        with pytest.raises(ArchiveBusyError, match="not known"), build_lock(tmp_path):
            pass
