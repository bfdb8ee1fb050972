"""verify() names whatever differs. Each test breaks one promise by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import faiss
import numpy as np
import pytest
from fake_model import DIMENSION, FakeModel
from small_articles import article, opened

from index.archive import Archive
from index.bm25 import Bm25Index
from index.errors import ModelMismatchError
from index.faiss_store import new_index
from index.generation import file_hashes

TEXTS = {
    "raid": "The raid in Atme killed the leader.",
    "town": "The council closed two libraries.",
    "shares": "Shares fell in March.",
}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path / "archive") as built:
        built.index([article(id, text) for id, text in TEXTS.items()])
        assert built.verify() == []
        yield built


@pytest.fixture
def directory(archive: Archive) -> Path:
    (found,) = (archive.folder / "generations").iterdir()
    return found


def sql(archive: Archive, statement: str, *values: object) -> None:
    with sqlite3.connect(archive.folder / "catalog.sqlite3") as connection:
        connection.execute(statement, values)
    connection.close()


def publish_as_it_is(archive: Archive, directory: Path) -> None:
    """Records the files' hashes anew, as if a faulty build had written them."""
    sql(archive, "UPDATE generation SET files = ?", json.dumps(file_hashes(directory)))


def only(problems: list[str]) -> str:
    (problem,) = problems
    return problem


def test_a_flipped_byte_is_found_in_every_file(archive: Archive, directory: Path) -> None:
    for file in sorted(path for path in directory.rglob("*") if path.is_file()):
        content = file.read_bytes()
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        name = file.relative_to(directory).as_posix()
        assert f"the file {name} is missing or not the one" in only(archive.verify())
        file.write_bytes(content)
    assert archive.verify() == []


def test_a_missing_or_foreign_file_is_found(archive: Archive, directory: Path) -> None:
    (directory / "bm25" / "notes.txt").write_text("not ours")
    assert "bm25/notes.txt" in only(archive.verify())
    (directory / "bm25" / "notes.txt").unlink()
    (directory / "bm25" / "passage_ids.npy").unlink()
    assert "bm25/passage_ids.npy is missing" in only(archive.verify())
    directory.rename(directory.parent / "elsewhere")
    assert any("faiss.index" in problem for problem in archive.verify())


@pytest.mark.parametrize(
    ("column", "value"),
    [("text", "The raid in Atme spared the leader."), ("title", "X"), ("date", "2023-05-18")],
)
def test_a_changed_field_is_found(archive: Archive, column: str, value: str) -> None:
    sql(archive, f"UPDATE article SET {column} = ? WHERE id = 'raid'", value)
    assert any("article 'raid'" in p and "hash differs" in p for p in archive.verify())


@pytest.mark.parametrize(("column", "value"), [("text", ""), ("date", "yesterday")])
def test_a_field_that_cannot_be_read_is_found(archive: Archive, column: str, value: str) -> None:
    sql(archive, f"UPDATE article SET {column} = ? WHERE id = 'raid'", value)
    assert any("raid" in problem or value in problem for problem in archive.verify())


@pytest.mark.parametrize("change", ["end_offset = 999", "start_offset = 500, end_offset = 501"])
def test_offsets_outside_the_article_are_found(archive: Archive, change: str) -> None:
    sql(archive, f"UPDATE passage SET {change} WHERE id = 1")
    assert "passage 1" in only(archive.verify())
    assert "lies outside the text of raid" in only(archive.verify())


def test_an_article_without_passages_is_found(archive: Archive) -> None:
    sql(archive, "DELETE FROM passage WHERE id = 2")
    problems = " ".join(archive.verify())
    assert "'town': it has no passages" in problems
    assert "3 articles and 2 passages, but 3 and 3 were published" in problems
    assert "has 1 that the catalog does not (such as 2)" in problems


def rewrite(archive: Archive, directory: Path, change: Callable[[faiss.Index], None]) -> None:
    index = faiss.read_index(str(directory / "faiss.index"))
    change(index)
    faiss.write_index(index, str(directory / "faiss.index"))
    publish_as_it_is(archive, directory)


def test_a_vector_that_is_missing_is_found(archive: Archive, directory: Path) -> None:
    rewrite(archive, directory, lambda index: index.remove_ids(np.array([2])))
    assert "FAISS lacks 1 passages (such as 2), has 0" in only(archive.verify())


def test_a_vector_that_stands_twice_is_found(archive: Archive, directory: Path) -> None:
    vector = FakeModel().encode_queries([TEXTS["town"]])
    rewrite(archive, directory, lambda index: index.add_with_ids(vector, np.array([2])))
    assert "1 twice" in archive.verify()[0]


def test_a_passage_too_many_in_bm25_is_found(archive: Archive, directory: Path) -> None:
    import dataclasses
    import shutil

    passages = archive._catalog.passages([1, 2, 3])
    passages[77] = dataclasses.replace(passages[3], id=77)
    shutil.rmtree(directory / "bm25")
    Bm25Index.build(passages.values()).save(directory / "bm25")
    publish_as_it_is(archive, directory)
    assert "BM25 lacks 0 passages, has 1 that the catalog does not (such as 77)" in only(
        archive.verify()
    )


def test_swapped_vectors_are_found(archive: Archive, directory: Path) -> None:
    model = FakeModel()
    swapped = new_index(DIMENSION)
    texts = [TEXTS["town"], TEXTS["raid"], TEXTS["shares"]]
    swapped.add_with_ids(model.encode_queries(texts), np.array([1, 2, 3]))
    faiss.write_index(swapped, str(directory / "faiss.index"))
    publish_as_it_is(archive, directory)
    problems = archive.verify()
    assert len(problems) == 2
    assert all(
        f"passage {n}: its vector in FAISS is not its own" in problems[n - 1] for n in (1, 2)
    )


def test_vectors_that_are_not_normalised_are_found(archive: Archive, directory: Path) -> None:
    long = new_index(DIMENSION)
    long.add_with_ids(3 * FakeModel().encode_queries(list(TEXTS.values())), np.array([1, 2, 3]))
    faiss.write_index(long, str(directory / "faiss.index"))
    publish_as_it_is(archive, directory)
    assert len(archive.verify()) == 3


def test_files_that_no_library_reads_are_found_though_their_hashes_agree(
    archive: Archive, directory: Path
) -> None:
    (directory / "faiss.index").write_bytes(b"IxM2 but no more")
    publish_as_it_is(archive, directory)
    assert "cannot be read" in only(archive.verify())


def test_a_broken_reference_and_a_damaged_page_are_found(archive: Archive) -> None:
    sql(archive, "UPDATE passage SET article_key = 99 WHERE id = 1")
    assert "broken reference in passage" in only(archive.verify())
    archive._catalog.checkpoint()
    file = archive.folder / "catalog.sqlite3"
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    file.write_bytes(content)
    with opened(archive.folder) as again:
        assert all(problem.startswith("catalog: ") for problem in again.verify())
        assert again.verify()


def test_another_model_cannot_verify(archive: Archive) -> None:
    with (
        opened(archive.folder, FakeModel("other")) as other,
        pytest.raises(ModelMismatchError, match="was built with the model 'fake'"),
    ):
        other.verify()


def test_verifying_changes_nothing(archive: Archive, directory: Path) -> None:
    before = file_hashes(archive.folder)
    archive.verify()
    assert file_hashes(archive.folder) == before
