import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from loader_samples import HTML, PARAGRAPH, docx, everything, pdf, tarred, zipped

from index.article import Article
from index.errors import LoadError
from index.loaders import archives, bounds, load_paths

PACK = {"zip": zipped, "tar.gz": tarred}


def load(folder: Path, data: bytes, name: str) -> list[Article | LoadError]:
    (folder / name).write_bytes(data)
    return list(load_paths([folder / name]))


def ids(folder: Path, data: bytes, name: str) -> list[str]:
    return [
        item.id if isinstance(item, Article) else "!" + str(item).replace(f"{folder}/", "")
        for item in load(folder, data, name)
    ]


@pytest.mark.parametrize("kind", PACK)
def test_each_member_goes_through_its_loader(tmp_path: Path, kind: str) -> None:
    members = {
        "news/a.txt": "date 2022-10-06 It cost £20.".encode(),
        "b.html": HTML.encode(),
        "c.jsonl": b'{"id": "c1", "text": "C."}\n{"id": "c2"}\n',
        "d.pdf": pdf("The text."),
        "e.docx": docx("The text."),
        "photo.jpeg": b"\xff\xd8\0",
        ".hidden.txt": b"x",
        "__MACOSX/a.txt": b"x",
        "empty.txt": b"",
    }
    name = f"all.{kind}"
    assert ids(tmp_path, PACK[kind](members), name) == [
        "a",
        "https://news.example/bridge",
        "c1",
        f'!{name}!c.jsonl, line 2: the text is missing or empty: give the article as "text"',
        "d",
        "e",
        f"!{name}!empty.txt: the file is empty: put the article's text into it",
    ]
    first = load(tmp_path, PACK[kind](members), name)[0]
    assert isinstance(first, Article) and first.text == "It cost £20."
    assert first.origin == f"{tmp_path}/{name}!news/a.txt"


@pytest.mark.parametrize("name", ["news", "news.txt", "news.zip"])
@pytest.mark.parametrize("kind", PACK)
def test_archives_by_other_names(tmp_path: Path, kind: str, name: str) -> None:
    assert ids(tmp_path, PACK[kind]({"a.txt": b"A."}), name) == ["a"]


def test_archives_within_archives(tmp_path: Path) -> None:
    inner = zipped({"a.txt": b"A."})
    middle = tarred({"inner.zip": inner, "b.txt": b"B."})
    assert ids(tmp_path, zipped({"inner.zip": inner}), "x.zip") == ["a"]
    too_deep, b = ids(tmp_path, zipped({"middle.tgz": middle}), "x.zip")
    assert too_deep.startswith("!x.zip!middle.tgz!inner.zip: an archive within an archive within")
    assert b == "b"


@pytest.mark.parametrize("kind", PACK)
def test_hostile_names_are_only_names(tmp_path: Path, kind: str) -> None:
    names = ["../../etc/passwd.txt", "/etc/shadow.txt", "C:\\x\\y.txt", "a\nb\x1b[31m.txt"]
    before = sorted(tmp_path.parent.rglob("*"))
    loaded = load(tmp_path, PACK[kind](dict.fromkeys(names, b"Text.")), f"x.{kind}")
    assert all(isinstance(item, Article) and item.text == "Text." for item in loaded)
    assert [item.id for item in loaded if isinstance(item, Article)][:2] == ["passwd", "shadow"]
    assert all(item.origin.isprintable() for item in loaded if isinstance(item, Article))
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, tmp_path / f"x.{kind}"])


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    extra = []
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE)):
        info = tarfile.TarInfo(f"{number}.txt")
        info.type, info.linkname = kind, "/etc/passwd"
        extra.append(info)
    found = ids(tmp_path, tarred({"a.txt": b"A."}, *extra), "x.tar.gz")
    assert found[3:] == ["a"]
    assert all("a link or a device, which is not followed" in item for item in found[:3])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "a link or a device" in ids(tmp_path, out.getvalue(), "x.zip")[0]


@pytest.mark.parametrize("kind", PACK)
def test_a_bomb_in_one_member(tmp_path: Path, kind: str) -> None:
    data = PACK[kind]({"a.txt": b"A.", "bomb.txt": b" " * 40 * 2**20, "b.txt": b"B."})
    found = ids(tmp_path, data, f"x.{kind}")
    assert found[0] == "a"
    assert found[1].startswith(f"!x.{kind}") and "unpacks to over" in found[1]


def test_a_bomb_of_many_members(tmp_path: Path) -> None:
    members = {f"{n}.txt": b" " * bounds.FREE for n in range(60)}
    found = ids(tmp_path, zipped(members), "x.zip")
    assert "far more than such a file holds" in found[-1] and len(found) < 60


def test_members_that_overlap(tmp_path: Path) -> None:
    """Each directory entry points at the same packed bytes, so that they count many times."""
    data = zipped({f"{n:03}.txt": bytes([48 + n % 10]) * 500_000 for n in range(300)})
    end = data.rindex(b"PK\5\6")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    directory = bytearray(data[start:end])
    place = directory.find(b"PK\1\2")
    while place >= 0:
        directory[place + 42 : place + 46] = b"\0\0\0\0"
        place = directory.find(b"PK\1\2", place + 1)
    loaded = load(tmp_path, data[:start] + bytes(directory) + data[end:], "x.zip")
    assert any(isinstance(item, LoadError) for item in loaded)


def test_a_member_that_lies_about_its_size(tmp_path: Path) -> None:
    data = zipped({"a.txt": b"x" * 5_000_000}).replace(
        struct.pack("<I", 5_000_000), struct.pack("<I", 10)
    )
    (error,) = ids(tmp_path, data, "x.zip")
    assert error.startswith("!x.zip!a.txt: ")


def test_other_packing_and_encryption_are_refused(tmp_path: Path) -> None:
    bomb = zipped({"a.txt": b" " * 2**20}, zipfile.ZIP_BZIP2)
    assert "packed with another method than deflate" in ids(tmp_path, bomb, "x.zip")[0]
    locked = bytearray(zipped({"a.txt": b"A."}))
    locked[6] |= 1
    locked[locked.index(b"PK\1\2") + 8] |= 1
    assert "x.zip!a.txt: encrypted: unpack it" in ids(tmp_path, bytes(locked), "x.zip")[0]


@pytest.mark.parametrize("kind", PACK)
def test_too_many_members(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    data = PACK[kind]({f"{n}.txt": b"Text." for n in range(3)})
    assert "split it into several archives" in ids(tmp_path, data, f"x.{kind}")[-1]


def test_a_tar_header_that_claims_a_length(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 8**11 - 1
    header = info.tobuf(tarfile.USTAR_FORMAT)
    (error,) = ids(tmp_path, header + b"\0" * 1024, "x.tar")
    assert error.startswith("!x.tar: ")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_damaged_and_empty_archives(tmp_path: Path, name: str) -> None:
    (error,) = ids(tmp_path, b"no archive at all", name)
    assert error.startswith(f"!{name}: cannot be read as ")
    data = {"a.zip": zipped({}), "a.tar": tarred({}, pack=False), "a.tar.gz": tarred({})}[name]
    assert "the archive has no articles in it" in ids(tmp_path, data, name)[0]
    packed = everything()[name]
    cut = packed[:514] if name == "a.tar" else packed[: len(packed) // 2]
    assert any(item.startswith("!") for item in ids(tmp_path, cut, name))


def test_office_files_and_books_are_no_archives(tmp_path: Path) -> None:
    sheet = zipped({"[Content_Types].xml": b"<x/>", "xl/notes.txt": PARAGRAPH.encode()})
    assert "cannot read files of type '.xlsx'" in ids(tmp_path, sheet, "a.xlsx")[0]
    assert "the folder has no articles" in str(next(load_paths([tmp_path])))
