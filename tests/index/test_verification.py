"""verify() names whatever differs. Each test breaks one promise by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


def change_array(archive: Archive, directory: Path, name: str, row: int, value: int) -> None:
    file = directory / f"{name}.npy"
    array = np.load(file)
    array[row] = value
    file.unlink()  # it may be mapped
    np.save(file, array)
    publish_as_it_is(archive, directory)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("dates", 12, "article 'raid': date in the attributes is not what the catalog says"),
        ("clusters", 3, "article 'raid': cluster in the attributes"),
        ("sources", 5, "the attributes do not fit together"),
        ("article_sets", -7, "the attributes do not fit together"),
        ("article_rows", 2, "take passages for other articles' (such as 1)"),
        ("article_keys", 9, "the attributes are of other articles (such as 1, 9)"),
        ("passage_ids", 9, "attributes lacks 1 passages (such as 1), has 1 that"),
        ("mention_offsets", 1, "the attributes do not fit together"),
    ],
)
def test_attributes_that_are_not_the_catalogs_are_found(
    archive: Archive, directory: Path, name: str, value: int, problem: str
) -> None:
    change_array(archive, directory, f"attributes/{name}", 0, value)
    assert problem in " ".join(archive.verify())


@pytest.mark.parametrize(
    ("fields", "problem"),
    [({"source": "Herald"}, "source"), ({"tags": ("war", "gold")}, "tags"),
     ({"article_set": "sports"}, "article_set")],
)  # fmt: skip
def test_a_name_that_is_not_the_catalogs_is_found(
    archive: Archive, directory: Path, fields: dict[str, Any], problem: str
) -> None:
    archive.index([article("raid", TEXTS["raid"], **fields)])
    newest = max((archive.folder / "generations").iterdir(), key=lambda path: path.stat().st_ctime)
    names = newest / "attributes" / "names.json"
    (value, *_) = fields.values()
    word = value[0] if isinstance(value, tuple) else value
    names.write_text(names.read_text().replace(word, "other"))
    sql(
        archive,
        "UPDATE generation SET files = ? WHERE directory = ?",
        json.dumps(file_hashes(newest)),
        newest.name,
    )
    assert only(archive.verify()).startswith(f"article 'raid': {problem} in the attributes")


def test_a_passage_that_bm25_does_not_find_by_its_words_is_found(
    archive: Archive, directory: Path
) -> None:
    for part in ("passages", "articles"):
        rows = directory / "bm25" / part / "rows.npy"
        array = np.load(rows)
        array[array == 0] = 1
        rows.unlink()
        np.save(rows, array)
    publish_as_it_is(archive, directory)
    assert "passage 1: BM25 does not find it by its own words" in only(archive.verify())


def test_an_article_without_a_cluster_is_found(archive: Archive) -> None:
    sql(archive, "UPDATE article SET cluster = NULL WHERE id = 'town'")
    assert "catalog: 1 articles have no cluster (such as 2)" in archive.verify()[0]


@pytest.mark.parametrize("signature", ["NULL", "x'00'"])
def test_a_signature_that_is_none_is_found(archive: Archive, signature: str) -> None:
    sql(archive, f"UPDATE article SET signature = {signature} WHERE id = 'town'")
    assert "the signature of the article with key 2 is none" in only(archive.verify())


@pytest.mark.parametrize("starts", ["[5, 2]", "[0, 999]", '["a"]', "7", "{", "[null]"])
def test_pages_that_do_not_start_one_after_the_other_are_found(
    archive: Archive, starts: str
) -> None:
    sql(archive, "UPDATE article SET page_starts = ? WHERE id = 'town'", starts)
    assert any("town" in problem for problem in archive.verify())


@pytest.mark.parametrize("column", ["authors", "tags"])
@pytest.mark.parametrize("names", ["7", "{", "[5]", "null"])
def test_lists_of_names_that_are_none_are_found(archive: Archive, column: str, names: str) -> None:
    sql(archive, f"UPDATE article SET {column} = ? WHERE id = 'town'", names)
    assert archive.verify()


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
    connection = sqlite3.connect(file)
    query = "SELECT rootpage, (SELECT * FROM pragma_page_size) FROM sqlite_master WHERE name = ?"
    ((page, size),) = connection.execute(query, ("article",))
    connection.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
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
