"""Which reader a name gives, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.qa.reading.calibration import Calibration
from bot.qa.reading.loading import load_reader, load_span_model
from bot.qa.reading.packaged import load_reader_folder
from bot.qa.reading.span_model import OnnxSpanModel
from bot.qa.reading.torch_model import TorchSpanModel
from index.errors import ModelFileError

QUESTION, TEXT = "Where was he killed?", "He was killed in the town of Atme."


@pytest.fixture
def folder(small_reader: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    for name in ("reader.onnx", "tokenizer.json", "reader.json"):
        shutil.copy(small_reader / name, tmp_path)
    return tmp_path


def change(folder: Path, **values: Any) -> None:
    file = folder / "reader.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def test_a_folder_of_the_three_files(small_reader: Path) -> None:
    reader = load_reader_folder(small_reader)
    assert isinstance(reader.model, OnnxSpanModel)
    assert reader.calibration == Calibration(0.5, -1.0, 0.25)
    (spans,) = reader.model.spans(QUESTION, [TEXT])
    assert spans == load_reader(str(small_reader)).model.spans(QUESTION, [TEXT])[0] != []


def test_how_it_was_made_may_be_described(folder: Path) -> None:
    change(folder, trained={"f1": 80.1})
    assert load_reader_folder(folder).calibration.slope == 0.5


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json"])
def test_changed_files(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelFileError, match=f"{name} is not the one that reader.json .*SHA-256"):
        load_reader_folder(folder)


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json", "reader.json"])
def test_missing_files(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match=f"{name} cannot be read"):
        load_reader_folder(folder)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"format": 2}, "format: "),
        ({"max_tokens": 0}, "max_tokens: "),
        ({"max_tokens": "320"}, "max_tokens: "),
        ({"sha256": {"reader.onnx": "0"}}, "sha256.reader.onnx: "),
        ({"calibration": {"slope": -1, "intercept": 0}}, "calibration.slope: "),
        ({"calibration": {"slope": 1, "intercept": float("nan")}}, "calibration.intercept: "),
        ({"calibration": None}, "calibration: "),
        ({"abstain_below": 2}, "abstain_below: "),
    ],
)
def test_wrong_descriptions(folder: Path, values: dict[str, Any], place: str) -> None:
    change(folder, **values)
    with pytest.raises(ModelFileError, match=rf"reader.json is damaged \({place}.*DATELINE_READER"):
        load_reader_folder(folder)


def test_a_description_without_a_hash(folder: Path) -> None:
    change(folder, sha256={})
    with pytest.raises(ModelFileError, match=r"reader\.onnx is not the one"):
        load_reader_folder(folder)


def test_a_description_that_is_no_json(folder: Path) -> None:
    (folder / "reader.json").write_bytes(b"\xff{")
    with pytest.raises(ModelFileError, match=r"reader\.json is damaged \(the file: "):
        load_reader_folder(folder)


def test_a_hugging_face_folder(small_reader: Path, tmp_path: Path) -> None:
    for file in small_reader.glob("*"):
        if not file.name.startswith("reader"):
            shutil.copy(file, tmp_path)
    reader = load_reader(str(tmp_path))
    assert isinstance(reader.model, TorchSpanModel)
    assert reader.calibration == Calibration()


def test_the_packaged_reader_answers() -> None:
    reader = load_reader("")
    (spans,), (nothing,) = (
        reader.model.spans(question, [TEXT], best=1) for question in (QUESTION, "Who sank a ship?")
    )
    assert TEXT[spans[0].start : spans[0].end] in ("Atme", "the town of Atme", "town of Atme")
    assert reader.calibration.probability(nothing[0].score) < reader.calibration.abstain_below
    assert load_span_model("").spans(QUESTION, [TEXT], best=1) == [spans]
