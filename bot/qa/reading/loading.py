"""The reader that a setting names."""

from __future__ import annotations

from pathlib import Path

from bot.qa.reading.calibration import Calibration
from bot.qa.reading.packaged import DESCRIPTION, CalibratedReader, load_reader_folder
from bot.qa.reading.spans import SpanModel

SENTENCES = "sentences"
"""The value of `DATELINE_READER` that does without a reading model; not for `load_reader`."""


def load_reader(name: str) -> CalibratedReader:
    """What `DATELINE_READER` names: "" is the packaged reader, then a folder made by training, then
    any extractive question answering model of Hugging Face, by name or folder.

    Raises ModelFileError if its files are missing or not the ones described, or if it was not
    trained to give spans.
    """
    if not name:
        return load_reader_folder()
    folder = Path(name).expanduser()
    if (folder / DESCRIPTION).is_file():
        return load_reader_folder(folder)
    from bot.qa.reading.torch_model import TorchSpanModel

    return CalibratedReader(TorchSpanModel(str(folder) if folder.is_dir() else name), Calibration())


def load_span_model(name: str) -> SpanModel:
    """Its model alone. Raises as `load_reader`."""
    return load_reader(name).model
