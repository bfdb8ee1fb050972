"""The reader that ships with Dateline, and folders of the same three files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.qa.reading.calibration import Calibration
from index.errors import ModelFileError
from index.model_files import file_sha256

if TYPE_CHECKING:
    from bot.qa.reading.spans import SpanModel

PACKAGED_FOLDER = Path(__file__).parent / "model"
WEIGHTS, TOKENIZER, DESCRIPTION = "reader.onnx", "tokenizer.json", "reader.json"

_MEND = "reinstall Dateline, or set DATELINE_READER to another model"

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class CalibratedReader:
    """A model, and what its scores mean."""

    model: SpanModel
    calibration: Calibration


class _Part(BaseModel):
    """Further keys are allowed: how the model was made may stand there too."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Logistic(_Part):
    slope: float = Field(gt=0)
    intercept: float


class _Description(_Part):
    """reader.json."""

    format: Literal[1]
    max_tokens: int = Field(ge=64, le=512)
    sha256: dict[str, Sha256]
    calibration: _Logistic
    abstain_below: float = Field(ge=0, le=1)


def load_reader_folder(folder: Path = PACKAGED_FOLDER) -> CalibratedReader:
    """The reader in `folder`: reader.onnx, tokenizer.json and reader.json, which describes it.

    Raises ModelFileError if one of them is missing, cannot be read, or is not the one described.
    """
    description = _description(folder / DESCRIPTION)
    for name in (WEIGHTS, TOKENIZER):
        found, expected = file_sha256(folder / name), description.sha256.get(name)
        if found != expected:
            raise ModelFileError(
                f"the model file {folder / name} is not the one that {DESCRIPTION} beside it "
                f"describes (SHA-256 {found}, expected {expected}): {_MEND}"
            )
    from bot.qa.reading.span_model import OnnxSpanModel

    fitted = description.calibration
    return CalibratedReader(
        OnnxSpanModel(folder / WEIGHTS, folder / TOKENIZER, description.max_tokens),
        Calibration(fitted.slope, fitted.intercept, description.abstain_below),
    )


def _description(file: Path) -> _Description:
    try:
        return _Description.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ModelFileError(
            f"the model file {file} cannot be read ({error.strerror}): {_MEND}"
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ModelFileError(
            f"the model file {file} is damaged ({place}: {first['msg']}): {_MEND}"
        ) from None
