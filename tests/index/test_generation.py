import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_model import FakeModel
from small_articles import article, opened

from index.archive import Archive
from index.catalog import GENERATIONS_FOLDER
from index.errors import CorruptIndexError, ModelFileError, ModelMismatchError
from index.generation import (
    BuildSettings,
    changed_files,
    file_hashes,
    open_generation,
    require_model,
    sync_to_disk,
)
from index.settings import IndexSettings


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path) as built:
        built.index([article("a")])
        yield built


def test_the_record_names_every_file_with_its_hash(archive: Archive) -> None:
    record = archive._catalog.current_generation()
    assert record is not None
    directory = archive.folder / GENERATIONS_FOLDER / record.directory
    assert record.files == file_hashes(directory) and "faiss.index" in record.files
    assert any(name.startswith("bm25/") for name in record.files)
    sync_to_disk(directory)
    assert changed_files(directory, record) == []


def test_a_generation_is_opened_only_as_it_was_published(archive: Archive) -> None:
    record = archive._catalog.current_generation()
    assert record is not None
    generation = open_generation(archive.folder, record)
    assert generation.vectors.ids().tolist() == generation.bm25.ids().tolist() == [1]
    other = dataclasses.replace(record, files={**record.files, "faiss.index": "0" * 64})
    with pytest.raises(CorruptIndexError, match=r"faiss\.index.*--rebuild"):
        open_generation(archive.folder, other)


def test_files_that_vanish_while_they_are_read_are_changed_files(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swept(directory: Path) -> dict[str, str]:
        raise ModelFileError("the file cannot be read")

    record = archive._catalog.current_generation()
    assert record is not None
    monkeypatch.setattr("index.generation.file_hashes", swept)
    directory = archive.folder / GENERATIONS_FOLDER / record.directory
    assert changed_files(directory, record) == sorted(record.files)


def test_a_model_must_be_the_one_it_was_built_with(archive: Archive) -> None:
    record = archive._catalog.current_generation()
    assert record is not None
    require_model(record, FakeModel())  # type: ignore[arg-type]
    for model, mend in (
        (FakeModel("x"), "DATELINE_MODEL=fake"),
        (FakeModel(weights="x"), "restore"),
    ):
        with pytest.raises(ModelMismatchError, match=mend):
            require_model(record, model)  # type: ignore[arg-type]


def test_settings_of_a_build_are_its_model_and_its_chunks() -> None:
    settings = IndexSettings(model="fake", chunk_tokens=32, chunk_overlap=4, keep_generations=9)
    made = BuildSettings.of(settings, FakeModel())  # type: ignore[arg-type]
    assert made.to_json() == {
        "model": "fake", "weights_sha256": "w1", "dimension": 24,
        "chunk_tokens": 32, "chunk_overlap": 4,
    }  # fmt: skip
