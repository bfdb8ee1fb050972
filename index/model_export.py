"""Exports a sentence-transformers model once to int8 ONNX, which runs several times faster.

The export lies in the user's cache folder, made on this machine and without a network. It is
compared with the original before it is used: where int8 arithmetic is poor (CPUs without
VNNI-like instructions saturate), the float32 export is kept instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from index.errors import ModelFileError
from index.model_files import (
    PACKAGED_WEIGHTS_SHA256,
    file_sha256,
    identity,
    model_location,
    require_published_weights,
)
from index.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

FORMAT = 1
"""Raised when exports made before can no longer be read."""

LEAST_COSINE = 0.97
"""Of int8 and float32 vectors, over SAMPLES; measured 0.984 to 0.997 with VNNI."""

SAMPLES = (
    "The town council voted on Tuesday to close two of its five libraries.",
    "Where was the general born?",
    "Shares fell 3.2 % to $41.75 after the company said that sales had slowed in March.",
    "An earthquake of magnitude 6.1 struck near the coast, killing at least 12 people.",
    "“We will appeal,” her lawyer told reporters outside the court in Lyon.",
    "2019",
)


@dataclass(frozen=True)
class ExportedModel:
    """An exported model's folder and what is known of it."""

    folder: Path
    weights_sha256: str
    dimension: int
    max_seq_length: int
    precision: str
    onnx_sha256: str
    tokenizer_sha256: str
    prompts: dict[str, str]

    @property
    def onnx(self) -> Path:
        return self.folder / "model.onnx"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"


def exported(name: str, cache: Path) -> ExportedModel:
    """The export of model `name`, made now if `cache` does not hold it.

    Raises ModelFileError if the model cannot be loaded or exported.
    """
    folder = cache / f"{identity(name)}-v{FORMAT}"
    if (model := _read(folder)) is not None:
        return model
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{folder.name}.lock"):
            if (model := _read(folder)) is None:  # another process may have made it meanwhile
                logger.info("exporting %s to ONNX, once", name)
                _export(name, folder)
                model = _read(folder)
    except OSError as error:
        raise ModelFileError(
            f"the export of {name!r} cannot be kept in {cache} ({error.strerror}): make the "
            "folder writable, or set DATELINE_CACHE to another one"
        ) from error
    if model is None:
        raise ModelFileError(f"the export of {name!r} in {folder} is damaged: delete the folder")
    return model


def _read(folder: Path) -> ExportedModel | None:
    """The export in `folder`; None if there is none, or not the one that was written."""
    try:
        values = json.loads((folder / "model.json").read_text("utf-8"))
        model = ExportedModel(folder=folder, **values)
        found = file_sha256(model.onnx), file_sha256(model.tokenizer)
    except (OSError, ValueError, TypeError, ModelFileError):
        return None
    return model if found == (model.onnx_sha256, model.tokenizer_sha256) else None


def _export(name: str, folder: Path) -> None:
    original = load_original(name)
    building = Path(tempfile.mkdtemp(prefix=".export-", dir=folder.parent))
    try:
        _write_onnx(original, building)
        precision = _smaller_if_faithful(original, building)
        original.tokenizer.backend_tokenizer.save(str(building / "tokenizer.json"))
        values = asdict(
            ExportedModel(
                folder=folder,
                weights_sha256=weights_sha256(name, original),
                dimension=int(original.get_embedding_dimension() or 0),
                max_seq_length=int(original.max_seq_length or 512),
                precision=precision,
                onnx_sha256=file_sha256(building / "model.onnx"),
                tokenizer_sha256=file_sha256(building / "tokenizer.json"),
                prompts={kind: text for kind, text in original.prompts.items() if text},
            )
        )
        del values["folder"]
        (building / "model.json").write_text(json.dumps(values, indent=1), "utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def load_original(name: str) -> SentenceTransformer:
    """The model in torch. Raises ModelFileError if it is damaged or not to be had."""
    if name == DEFAULT_MODEL:
        require_published_weights()
    # Costs seconds, so it is imported only when it is needed.
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # of loading weights: it would stand among the answers
    try:
        return SentenceTransformer(
            model_location(name), device="cpu", model_kwargs={"attn_implementation": "eager"}
        )
    except Exception as error:  # a damaged file fails in any of several libraries
        raise ModelFileError(
            f"the model {name!r} cannot be loaded ({error}). DATELINE_MODEL takes "
            f"{DEFAULT_MODEL}, a sentence-transformers model name or a model folder."
        ) from error


def weights_sha256(name: str, model: SentenceTransformer) -> str:
    """Of the published file, or, for any other model, over all its parameters by name."""
    if name == DEFAULT_MODEL:
        return PACKAGED_WEIGHTS_SHA256  # load_original has checked it
    digest = hashlib.sha256()
    state: dict[str, Any] = model.state_dict()
    for key in sorted(state):
        digest.update(key.encode())
        digest.update(state[key].detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def _write_onnx(model: SentenceTransformer, folder: Path) -> None:
    import torch

    class SentenceEmbedding(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": ids, "attention_mask": mask}
            embedding: torch.Tensor = self.model(features)["sentence_embedding"]
            return embedding

    example = torch.ones(2, 8, dtype=torch.long)
    shape = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter talks of its own internals
        torch.onnx.export(
            SentenceEmbedding().eval(),
            (example, example),
            str(folder / "model.onnx"),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": shape, "attention_mask": shape, "embedding": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )


@contextlib.contextmanager
def _unheard_root_logger() -> Iterator[None]:
    """The quantiser gives advice on the root logger, and so would also set up logging for all."""
    root, nothing = logging.getLogger(), logging.NullHandler()
    level = root.level
    root.setLevel(logging.ERROR)
    root.addHandler(nothing)  # with a handler there, `logging.warning` adds none of its own
    try:
        yield
    finally:
        root.removeHandler(nothing)
        root.setLevel(level)


def quantize(full: Path, small: Path) -> None:
    """Writes an ONNX model with weights in 8 bits, a scale for each output channel.

    Activations are scaled as they come, so that nothing has to be calibrated.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _unheard_root_logger():
        quantize_dynamic(full, small, per_channel=True, weight_type=QuantType.QInt8)


def _smaller_if_faithful(model: SentenceTransformer, folder: Path) -> str:
    """Replaces the export by its int8 form where that stays close; the precision that is kept."""
    from index.onnx_encoder import OnnxEncoder

    full, small = folder / "model.onnx", folder / "int8.onnx"
    quantize(full, small)
    reference = model.encode(list(SAMPLES), normalize_embeddings=True, show_progress_bar=False)
    tokenizer = folder / "tokenizer.json"
    model.tokenizer.backend_tokenizer.save(str(tokenizer))
    encoder = OnnxEncoder(small, tokenizer, int(model.max_seq_length or 512))
    cosine = float(np.min(np.sum(encoder.encode(SAMPLES) * reference, axis=1)))
    if cosine < LEAST_COSINE:
        logger.warning("int8 is too coarse here (cosine %.3f): float32 is used", cosine)
        small.unlink()
        return "float32"
    small.replace(full)
    return "int8"
