"""A full disk, a folder that may not be written to, damaged files: a clear error, and what was
published goes on serving.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from small_articles import article, directories, opened, state

from index.archive import Archive
from index.errors import CorruptIndexError, DatelineError
from index.locking import ArchiveReadOnlyError, build_lock
from index.publishing import DiskError
from index.transfer import export_archive, import_archive

TEXTS = {"a": "The raid.", "b": "The storm."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened(tmp_path / "archive") as archive:
        archive.index([article(id, text) for id, text in TEXTS.items()])
    return tmp_path / "archive"


def troubled(folder: Path, trouble: str, work: str) -> dict[str, Any]:
    """What another process made of it: see troubled_build.py."""
    script = Path(__file__).with_name("troubled_build.py")
    environment = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    ran = subprocess.run(
        [sys.executable, str(script), str(folder), trouble, work],
        capture_output=True, text=True, check=True, timeout=120,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def whole(folder: Path) -> None:
    """As it was: served, verified, and with nothing left over."""
    with opened(folder) as archive:
        assert state(archive) == TEXTS and archive.verify() == []
        hits = archive.search("raid storm", 5)
        assert {hit.passage.text for hit in hits} == set(TEXTS.values())
        assert directories(folder) == archive.status().generations == 1


# -- a disk that takes no more ---------------------------------------------------------


@pytest.mark.parametrize("work", ["index much", "index many"])
def test_a_file_that_may_not_grow_fails_the_build_and_nothing_else(folder: Path, work: str) -> None:
    told = troubled(folder, "small files", work)
    assert told["error"] in ("DiskError", "CorruptIndexError")
    assert "cannot be written" in told["message"] and "free space" in told["message"]
    whole(folder)
    assert "done" in troubled(folder, "", work)
    with opened(folder) as archive:
        assert archive.verify() == [] and len(state(archive)) > 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if mount is None or subprocess.run([mount, *options], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Leaves so many bytes free."""
    filler = disk / "filler"
    free = shutil.disk_usage(disk).free
    filler.write_bytes(bytes(max(0, free - leave)))
    return filler


@pytest.mark.parametrize("leave", [0, 4096, 30_000, 60_000, 120_000, 250_000])
def test_a_full_disk_fails_the_build_and_nothing_else(small_disk: Path, leave: int) -> None:
    folder = small_disk / "archive"
    with opened(folder) as archive:
        archive.index([article(id, text) for id, text in TEXTS.items()])
        filler = fill(small_disk, leave)
        many = [article(f"n{n}", f"Subject{n} was told of. " * 40) for n in range(300)]
        with pytest.raises(DatelineError, match=r"cannot be written .*free space"):
            archive.index(many)
        assert {hit.passage.text for hit in archive.search("raid storm", 5)} == set(TEXTS.values())
        filler.unlink()
        assert state(archive) == TEXTS and archive.verify() == []
        assert archive.index([article("c", "A comet.")]).added == 1
        assert directories(folder) == archive.status().generations == 2
        assert archive.verify() == []


def test_garbage_can_be_collected_on_a_full_disk(small_disk: Path) -> None:
    folder = small_disk / "archive"
    with opened(folder) as archive:
        for n in range(3):
            archive.index([article(f"a{n}", f"Subject{n} was told of. " * 400)])
    with opened(folder) as archive:
        before = directories(folder)
        fill(small_disk, 0)
        freed = -shutil.disk_usage(small_disk).free
        try:
            archive.collect_garbage(1)
        except DatelineError as error:  # the catalog itself may find no room to be compacted
            assert "free space" in str(error)
        freed += shutil.disk_usage(small_disk).free
        assert (before, directories(folder)) == (3, 1) and freed > 10_000
        assert archive.verify() == []


def test_a_copy_that_finds_no_room_is_not_there(small_disk: Path, folder: Path) -> None:
    filler = fill(small_disk, 20_000)
    with pytest.raises((DatelineError, OSError), match=r"space|full"):
        export_archive(folder, small_disk / "copy.tar")
    assert list(small_disk.iterdir()) == [filler]
    export_archive(folder, folder.parent / "copy.tar")
    with pytest.raises((DatelineError, OSError), match=r"space|full"):
        import_archive(folder.parent / "copy.tar", small_disk / "new")
    filler.unlink()
    import_archive(folder.parent / "copy.tar", small_disk / "new")
    whole(small_disk / "new")


# -- a folder that may only be read ----------------------------------------------------


@pytest.fixture
def read_only() -> Iterator[Path]:
    """An archive that nobody else may write to; pytest's own folders nobody else may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        with opened(folder) as archive:
            archive.index([article(id, text) for id, text in TEXTS.items()])
        _permit(Path(name), 0o555, 0o444)
        yield folder
        _permit(Path(name), 0o755, 0o644)


def _permit(top: Path, folders: int, files: int) -> None:
    for path in [*top.rglob("*"), top]:
        path.chmod(folders if path.is_dir() else files)


@pytest.mark.parametrize("work", ["index", "remove", "collect garbage", "search"])
def test_a_folder_that_may_not_be_written_to_is_named_with_the_mend(
    read_only: Path, work: str
) -> None:
    if os.getuid() == 0:
        _require_readable_code()
    told = troubled(read_only, "nobody", work)
    assert "error" in told, told
    assert str(read_only) in told["message"] and "writable" in told["message"]
    _permit(read_only, 0o755, 0o644)
    whole(read_only)


def _require_readable_code() -> None:
    """Who is nobody may not be allowed to read the checkout or the interpreter's packages."""
    code = "import os, sys; os.setgid(65534); os.setuid(65534); open(sys.argv[1])"
    ran = subprocess.run([sys.executable, "-c", code, __file__], capture_output=True)
    if ran.returncode:
        pytest.skip("the code cannot be read by another user")


LOCK = """
import os, sys
from pathlib import Path
from index.locking import ArchiveReadOnlyError, build_lock
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    with build_lock(Path(sys.argv[1])):
        print("held")
except ArchiveReadOnlyError as error:
    print(error)
"""


def test_a_lock_in_a_read_only_folder_says_so(read_only: Path) -> None:
    if os.getuid() == 0:
        _require_readable_code()
    ran = subprocess.run(
        [sys.executable, "-c", LOCK, str(read_only)], capture_output=True, text=True, check=True
    )
    assert f"the archive folder {read_only} cannot be written to (Permission denied)" in ran.stdout
    assert "make it writable" in ran.stdout


def test_a_lock_in_no_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = r"file/archive cannot be written to"
    with pytest.raises(ArchiveReadOnlyError, match=message), build_lock(tmp_path / "file/archive"):
        pass


# -- damaged files ---------------------------------------------------------------------


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x10]) + content[middle + 1 :]


def zero(content: bytes) -> bytes:
    return bytes(len(content) + 1)


def files(archive: Archive) -> list[Path]:
    record = archive.generations()[-1]
    directory = archive.folder / "generations" / record.directory
    return [directory / name for name in sorted(record.files)]


@pytest.mark.parametrize("damage", [cut, flip, zero, None])
def test_each_damaged_file_is_named_and_does_not_replace_what_serves(
    folder: Path, damage: Callable[[bytes], bytes] | None
) -> None:
    with opened(folder) as reader, opened(folder) as writer:
        assert len(reader.search("raid storm", 5)) == 2
        writer.index([article("c", "A comet.")])
        damaged = files(writer)
        assert {path.parent.name for path in damaged} >= {"bm25", "attributes"}
        for path in damaged:
            content = path.read_bytes()
            path.unlink()  # a mapped file that shrinks would kill who reads it
            if damage is not None:
                path.write_bytes(damage(content))
            assert len(reader.search("raid storm comet", 5)) == 2
            name = path.relative_to(next((folder / "generations").glob("*/bm25")).parents[1])
            (problem,) = writer.verify()
            assert "/".join(name.parts[1:]) in problem
            with opened(folder) as fresh, pytest.raises(CorruptIndexError) as error:
                fresh.roll_back(2)
            assert path.name in str(error.value)
            path.write_bytes(content)
        assert writer.verify() == []
    with opened(folder) as again:
        assert len(again.search("raid storm comet", 5)) == 3


@pytest.mark.parametrize("damage", [cut, flip, zero, None])
def test_damage_is_mended_by_rolling_back_or_building_anew(
    folder: Path, damage: Callable[[bytes], bytes] | None
) -> None:
    with opened(folder) as archive:
        archive.index([article("c", "A comet.")])
        spoiled = next(path for path in files(archive) if path.name == "faiss.index")
        content = spoiled.read_bytes()
        spoiled.unlink()
        if damage is not None:
            spoiled.write_bytes(damage(content))
        with pytest.raises(CorruptIndexError, match="--rebuild"):
            archive.index([article("d", "A fourth.")])  # else the damage would be published
        archive.roll_back(1)
    with opened(folder) as archive:
        assert len(archive.search("raid storm comet", 5)) == 2 and archive.verify() == []
        archive.index([article("c", "A comet.")])
        assert len(archive.search("raid storm comet", 5)) == 3 and archive.verify() == []


@pytest.mark.parametrize("damage", [cut, zero])
def test_a_damaged_catalog_is_named_with_the_mend(
    folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    catalog = folder / "catalog.sqlite3"
    catalog.write_bytes(damage(catalog.read_bytes()))
    with (
        pytest.raises(CorruptIndexError, match=r"catalog\.sqlite3 .*(restore|rebuild)"),
        opened(folder) as archive,
    ):
        assert archive.verify() == []
        archive.article("a")


def test_a_build_whose_files_vanish_leaves_the_archive_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(directory: Path) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(directory))

    with (
        opened(folder) as archive,
        monkeypatch.context() as patch,
        pytest.raises(DiskError, match="No such file"),
    ):
        patch.setattr("index.publishing.sync_to_disk", vanish)
        archive.index([article("c")])
    whole(folder)
