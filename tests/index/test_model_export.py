"""Exports: what a cache holds is what was written, or it is made anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from index import model_export
from index.embedding import EmbeddingModel
from index.errors import ModelFileError
from index.model_export import ExportedModel, exported
from index.settings import DEFAULT_MODEL


@pytest.fixture
def cache(tmp_path: Path, model: EmbeddingModel, model_cache: Path) -> Path:
    """A copy of the session's export, to be damaged."""
    assert model.precision
    shutil.copytree(model_cache, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch, model: EmbeddingModel, model_cache: Path) -> list[str]:
    """Names that were exported; an export takes the session's instead of seconds."""
    made: list[str] = []
    good = exported(DEFAULT_MODEL, model_cache).folder

    def export(name: str, folder: Path) -> None:
        made.append(name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(good, folder)

    monkeypatch.setattr(model_export, "_export", export)
    return made


def test_an_export_is_made_once(cache: Path, exports: list[str]) -> None:
    first = exported(DEFAULT_MODEL, cache)
    assert exported(DEFAULT_MODEL, cache) == first
    assert exports == []
    assert (first.dimension, first.max_seq_length) == (384, 256)
    assert {file.name for file in first.folder.iterdir()} == {
        "model.json", "model.onnx", "tokenizer.json",
    }  # fmt: skip
    assert not list(cache.glob(".export-*"))


@pytest.mark.parametrize("name", ["model.json", "model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "junk"])
def test_a_damaged_export_is_made_anew(
    cache: Path, exports: list[str], name: str, damage: str
) -> None:
    file = exported(DEFAULT_MODEL, cache).folder / name
    content = file.read_bytes()
    file.unlink()
    if damage != "missing":
        file.write_bytes(content[: len(content) // 2] if damage == "cut" else b"[1, 2]")
    assert exported(DEFAULT_MODEL, cache).onnx.is_file()
    assert exports == [DEFAULT_MODEL]
    assert file.read_bytes() == content


def test_an_export_of_an_older_format_is_made_anew(cache: Path, exports: list[str]) -> None:
    file = exported(DEFAULT_MODEL, cache).folder / "model.json"
    values: dict[str, Any] = json.loads(file.read_text("utf-8"))
    del values["precision"]
    file.write_text(json.dumps(values), "utf-8")
    exported(DEFAULT_MODEL, cache)
    assert exports == [DEFAULT_MODEL]


def test_a_cache_that_cannot_be_written_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelFileError, match="DATELINE_CACHE"):
        exported(DEFAULT_MODEL, tmp_path / "file")


def test_an_export_that_stays_damaged_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_export, "_export", lambda name, folder: folder.mkdir())
    with pytest.raises(ModelFileError, match="is damaged: delete the folder"):
        exported(DEFAULT_MODEL, tmp_path)


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "./no/such/folder"])
def test_a_model_that_does_not_exist_is_refused_without_the_network(
    tmp_path: Path, name: str
) -> None:
    """The network guard of conftest.py fails the test if a hub is asked."""
    with pytest.raises(ModelFileError, match="cannot be loaded") as raised:
        EmbeddingModel(name, cache=tmp_path).encode_queries(["x"])
    assert name in str(raised.value) and DEFAULT_MODEL in str(raised.value)
    assert not list(tmp_path.glob(".export-*"))


def test_a_damaged_model_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"junk")
    with pytest.raises(ModelFileError, match="cannot be loaded"):
        exported(str(tmp_path / "broken"), tmp_path / "cache")


def test_paths_lie_in_the_folder(tmp_path: Path) -> None:
    model = ExportedModel(tmp_path, "w", 3, 8, "int8", "o", "t", {})
    assert (model.onnx, model.tokenizer) == (tmp_path / "model.onnx", tmp_path / "tokenizer.json")
