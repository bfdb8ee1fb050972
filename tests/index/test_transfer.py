"""An archive comes out of its file as it went in; a file made to harm does nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_articles import article, directories, opened, state

from index.archive import Archive
from index.errors import (
    ArchiveBusyError,
    CorruptIndexError,
    DatelineError,
    ModelMismatchError,
    NoIndexError,
)
from index.transfer import ArchiveNotEmptyError, TransferError, export_archive, import_archive

TEXTS = {
    "raid": "The raid in Atme killed the leader. " * 10,
    "town": "The council closed two libraries.",
    "shares": "Shares fell in March.",
}
Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Three generations, of which the second serves; an article has an older revision."""
    with opened(tmp_path_factory.mktemp("archive")) as built:
        built.index([article("raid", "An early report."), article("gone", "The quixotic plan.")])
        built.index([article(id, text) for id, text in TEXTS.items()])
        built.remove(["gone"])
        built.index([article("late", "A later zeppelin.")])
        built.roll_back(built.generations()[0].id)
        assert state(built) == TEXTS
        yield built


@pytest.fixture
def file(archive: Archive, tmp_path: Path) -> Path:
    export_archive(archive.folder, tmp_path / "copy.tar")
    return tmp_path / "copy.tar"


def found(archive: Archive) -> list[tuple[str, str, float]]:
    hits = archive.search("raid libraries shares", 20)
    return [(hit.passage.article.id, hit.passage.text, hit.score) for hit in hits]


def members_of(file: Path) -> Members:
    with tarfile.open(file) as tar:
        return [(info, (tar.extractfile(info) or io.BytesIO()).read()) for info in tar]


def write(file: Path, members: Members) -> Path:
    """A tar of these members, hostile or not."""
    with tarfile.open(file, "w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return file


def with_manifest(file: Path, change: Callable[[dict[str, Any]], None]) -> Members:
    (info, content), *rest = members_of(file)
    manifest = json.loads(content)
    change(manifest)
    content = json.dumps(manifest).encode()
    info.size = len(content)
    return [(info, content), *rest]


def with_catalog(file: Path, statement: str) -> Members:
    """The catalog changed by hand, with a manifest that agrees: only its content tells."""
    import hashlib

    members = members_of(file)
    catalog = file.with_name("changed.sqlite3")
    catalog.write_bytes(members[1][1])
    connection = sqlite3.connect(catalog, isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.executescript(statement)
    connection.close()
    content = catalog.read_bytes()
    members[1][0].size = len(content)
    members[1] = (members[1][0], content)
    write(file, members)

    def agree(manifest: dict[str, Any]) -> None:
        digest = hashlib.sha256(content).hexdigest()
        manifest["members"][0] |= {"size": len(content), "sha256": digest}

    return with_manifest(file, agree)


def refused(file: Path, folder: Path, message: str) -> None:
    """The import says why, and leaves nothing behind that would be served or be in the way."""
    with pytest.raises(TransferError, match=message) as error:
        import_archive(file, folder)
    assert str(file) in str(error.value)
    with opened(folder) as empty:
        assert state(empty) == {} and empty.verify() == [] and directories(folder) == 0


def test_an_import_answers_as_the_archive_does(
    archive: Archive, file: Path, tmp_path: Path
) -> None:
    report = import_archive(file, tmp_path / "new")
    assert (report.articles, report.generation) == (3, archive.status().generation)
    assert report.bytes == file.stat().st_size
    with opened(tmp_path / "new") as copy:
        assert copy.verify() == [] and state(copy) == TEXTS
        assert found(copy) == found(archive)
        assert [one.number for one in copy.revisions("raid")] == [1, 2]
        assert len(copy.generations()) == directories(copy.folder) == 1
        report_ = copy.index([article("next", "A comet was seen.")])
        assert report_.added == 1 and copy.verify() == []


def test_only_the_serving_generation_goes_out(archive: Archive, file: Path) -> None:
    content = file.read_bytes()
    assert b"council closed two" in content
    assert b"zeppelin" not in content and b"quixotic" not in content
    names = [info.name for info, _ in members_of(file)]
    assert names[:2] == ["manifest.json", "catalog.sqlite3"]
    assert all(name.startswith("generation/") for name in names[2:])
    assert [path.name for path in file.parent.iterdir()] == ["copy.tar"]


def test_an_export_while_others_build_is_of_one_generation(tmp_path: Path) -> None:
    done = threading.Event()
    with opened(tmp_path / "busy", keep_generations=1) as busy:
        busy.index([article("a", "Edition 0."), article("b", "Number 0.")])

        def build() -> None:
            for n in range(1, 15):
                busy.index([article("a", f"Edition {n}."), article("b", f"Number {n}.")])
            done.set()

        building = threading.Thread(target=build)
        building.start()
        count = 0
        while not done.is_set() or not count:
            export_archive(busy.folder, tmp_path / "copy.tar")
            folder = tmp_path / f"copy-{count}"
            import_archive(tmp_path / "copy.tar", folder)
            with opened(folder) as copy:
                texts = state(copy)
                assert texts["a"].split()[1] == texts["b"].split()[1]
                assert copy.verify() == []
            count += 1
        building.join(60)


def test_what_is_no_archive_cannot_be_exported(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(NoIndexError, match="no index"):
        export_archive(tmp_path / "none", tmp_path / "copy.tar")
    assert not (tmp_path / "none").exists()
    with opened(tmp_path / "empty") as empty, pytest.raises(NoIndexError):
        export_archive(empty.folder, tmp_path / "copy.tar")
    for bad in (tmp_path, archive.folder / "copy.tar", tmp_path / "no" / "copy.tar"):
        with pytest.raises(TransferError, match="name a file"):
            export_archive(archive.folder, bad)
    assert not list(tmp_path.glob("*copy*"))


@pytest.mark.parametrize("damage", ["flip", "delete"])
def test_a_damaged_generation_is_not_exported(tmp_path: Path, damage: str) -> None:
    with opened(tmp_path / "archive") as built:
        built.index([article("a")])
        (spoiled,) = built.folder.glob("generations/*/faiss.index")
        content = spoiled.read_bytes()
        spoiled.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        if damage == "delete":
            spoiled.unlink()
        with pytest.raises(CorruptIndexError, match=r"faiss\.index.*rollback.*--rebuild"):
            export_archive(built.folder, tmp_path / "copy.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_articles_are_replaced_only_if_asked(file: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "new") as old:
        old.index([article("mine", "My xylophone.")])
    with pytest.raises(ArchiveNotEmptyError, match="holds 1 articles: use --replace"):
        import_archive(file, tmp_path / "new")
    import_archive(file, tmp_path / "new", replace=True)
    with opened(tmp_path / "new") as new:
        assert state(new) == TEXTS and new.verify() == [] and directories(new.folder) == 1
    left = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert not [path for path in left if b"xylophone" in path.read_bytes()]


def test_an_archive_that_is_open_is_not_replaced(file: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "new") as old:
        old.index([article("mine")])
        with pytest.raises(ArchiveBusyError, match="stop the bot"):
            import_archive(file, tmp_path / "new", replace=True)
        assert list(state(old)) == ["mine"] and old.verify() == [] and directories(old.folder) == 1


def test_a_damaged_archive_is_restored_from_its_copy(
    archive: Archive, file: Path, tmp_path: Path
) -> None:
    import_archive(file, tmp_path / "new")
    catalog = tmp_path / "new" / "catalog.sqlite3"
    for content in (b"no database" * 999, catalog.read_bytes()[:8192] + b"\xff" * 9999):
        catalog.write_bytes(content)
        with pytest.raises(ArchiveNotEmptyError, match="--replace"):
            import_archive(file, tmp_path / "new")
        import_archive(file, tmp_path / "new", replace=True)
        assert (tmp_path / "new" / "damaged-catalog.sqlite3").read_bytes() == content
        with opened(tmp_path / "new") as new:
            assert new.verify() == [] and found(new) == found(archive)


def test_another_model_is_named_when_it_is_searched(file: Path, tmp_path: Path) -> None:
    from fake_model import FakeModel

    import_archive(file, tmp_path / "new")
    with opened(tmp_path / "new", FakeModel("other")) as new, pytest.raises(ModelMismatchError):
        new.search("raid")


# -- hostile files ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "generation/../../evil", "generation//evil", "generation/.evil",
     "generation/a\\b", "generation/", "other/file", "generation/faiss.index\n"],
)  # fmt: skip
def test_paths_that_lead_elsewhere(file: Path, tmp_path: Path, name: str) -> None:
    def rename(manifest: dict[str, Any]) -> None:
        manifest["members"][1]["name"] = name

    members = with_manifest(file, rename)
    members[2][0].name = name
    refused(write(file, members), tmp_path / "new", "is no file of a generation")
    assert not (tmp_path / "evil").exists() and not (tmp_path / "new" / "evil").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_folders_and_devices(file: Path, tmp_path: Path, kind: bytes) -> None:
    members = members_of(file)
    changed = tarfile.TarInfo(members[2][0].name)
    changed.type, changed.linkname = kind, "/etc/passwd"
    members[2] = (changed, b"")
    refused(write(file, members), tmp_path / "new", "is a link, folder or device")


def test_members_too_many_too_few_or_in_another_order(file: Path, tmp_path: Path) -> None:
    members = members_of(file)
    extra = tarfile.TarInfo("generation/extra")
    extra.size = 5
    for number, changed, message in (
        (0, [*members, (extra, b"12345")], "more than its manifest says"),
        (1, members[:-1], "not an archive that .* or it is cut short"),
        (2, [*members[:2], members[3], members[2], *members[4:]], "where 'generation/"),
        (3, [*members[:3], members[2], *members[3:]], "where 'generation/"),
        (4, members[1:], "not an archive that `dateline export` wrote"),
    ):
        refused(write(file, changed), tmp_path / f"new-{number}", message)


def test_sizes_and_hashes_that_differ(file: Path, tmp_path: Path) -> None:
    whole = members_of(file)
    for place in range(1, len(whole)):
        info, content = whole[place]
        changed = bytes([content[0] ^ 1]) + content[1:]
        members = [*whole[:place], (info, changed), *whole[place + 1 :]]
        refused(write(file, members), tmp_path / f"hash-{place}", r"is damaged \(SHA-256 differs\)")
    larger = tarfile.TarInfo(whole[2][0].name)
    larger.size = whole[2][0].size + 1
    members = [*whole[:2], (larger, whole[2][1] + b"x"), *whole[3:]]
    refused(write(file, members), tmp_path / "size", "has not the size that its manifest says")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "format version 2, this Dateline knows 1: update"),
        ({"version": "1"}, "wrong in 'version'"),
        ({"format": "zip"}, "wrong in 'format'"),
        ({"members": []}, "wrong in 'members'"),
        ({"members": [{"name": "catalog.sqlite3", "size": -1, "sha256": "0" * 64}]}, "members.0"),
        ({"members": [{"name": "x", "size": 1, "sha256": "0" * 64}]}, "its catalog is missing"),
        ({"articles": -1}, "wrong in 'articles'"),
        ({"articles": 4}, "not of one archive"),
        ({"generation": 77}, "not of one archive"),
        ({"settings": {}}, "not of one archive"),
    ],
)
def test_a_wrong_manifest(file: Path, tmp_path: Path, change: dict[str, Any], message: str) -> None:
    refused(write(file, with_manifest(file, lambda m: m.update(change))), tmp_path / "new", message)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b'{"version": 1e999}'])
def test_a_manifest_that_is_not_json(file: Path, tmp_path: Path, content: bytes) -> None:
    (info, _), *rest = members_of(file)
    info.size = len(content)
    refused(write(file, [(info, content), *rest]), tmp_path / "new", "its manifest is wrong")


def test_a_manifest_that_is_too_large(file: Path, tmp_path: Path) -> None:
    (info, _), *rest = members_of(file)
    info.size = 2**20 + 1
    refused(write(file, [(info, b" " * info.size), *rest]), tmp_path / "new", "not an archive")


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("CREATE TRIGGER t AFTER UPDATE ON generation BEGIN SELECT 1; END", "more than tables"),
        ("CREATE VIEW v AS SELECT 1", "more than tables"),
        ("CREATE VIRTUAL TABLE v USING fts5(x)", "more than tables"),
        ("CREATE TABLE more (x)", "is not Dateline's"),
        ("DROP INDEX article_newest", "is not Dateline's"),
        ("PRAGMA user_version = 99", "newer version"),
        ("UPDATE archive SET current_generation = NULL", "no generation in it serves"),
        ("UPDATE generation SET settings = '{\"model\": 1}'", "cannot be imported"),
        ("UPDATE generation SET settings = 'x'", "cannot be imported"),
        ("UPDATE generation SET files = '{}'", "not of one archive"),
        ("UPDATE article SET text = 'Forged.' WHERE id = 'town'", "article 'town'"),
        ("UPDATE article SET tags = '5'", "cannot be imported"),
        ("UPDATE article SET authors = '[\"Forged\"]'", "hash differs"),
        ("UPDATE article SET page_starts = '[\"x\"]'", "cannot be read"),
        ("UPDATE article SET source = 'Forged'", "hash differs"),
        ("UPDATE article SET cluster = 99 WHERE id = 'town'", "cluster in the attributes"),
        ("UPDATE article SET signature = x'00'", "signature"),
        ("UPDATE passage SET end_offset = 1 WHERE id = 1; DELETE FROM passage", "passages"),
    ],
)  # fmt: skip
def test_a_catalog_that_was_tampered_with(
    file: Path, tmp_path: Path, statement: str, message: str
) -> None:
    refused(write(file, with_catalog(file, statement)), tmp_path / "new", message)


def test_the_name_of_the_directory_is_not_taken_from_the_file(file: Path, tmp_path: Path) -> None:
    members = with_catalog(file, "UPDATE generation SET directory = '../../evil'")
    import_archive(write(file, members), tmp_path / "new")
    with opened(tmp_path / "new") as new:
        assert new.verify() == [] and directories(new.folder) == 1
    assert not (tmp_path / "evil").exists()


def test_a_file_cut_anywhere_is_refused(file: Path, tmp_path: Path) -> None:
    content = file.read_bytes()
    end = len(content) - 1024
    for number, length in enumerate([0, 1, 511, 512, 600, 5000, end // 2, end - 513, end - 1]):
        file.write_bytes(content[:length])
        refused(file, tmp_path / f"new-{number}", "cut short|ends early|SHA-256")


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_flipped_byte_is_an_error_or_changes_nothing(
    file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 4000))
    content[place] ^= data.draw(st.integers(1, 255))
    changed = tmp_path / "changed.tar"
    changed.write_bytes(content)
    folder = tmp_path / f"new-{place}"
    try:
        import_archive(changed, folder, replace=True)
    except DatelineError:
        return
    with opened(folder) as new:  # such as a flag of the tar, or a note in the manifest
        assert state(new) == TEXTS and new.verify() == []
