"""Puts trained weights into the form that Dateline ships: int8 ONNX, tokenizer and hashes.

    python -m training.export OUT/weights.pt FOLDER

FOLDER gets `reader.onnx`, `tokenizer.json` and `reader.json`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bot.qa.reading.packaged import DESCRIPTION, TOKENIZER, WEIGHTS
from bot.qa.reading.windows import MAX_TOKENS
from index.model_export import quantize
from index.model_files import file_sha256, model_location
from index.settings import DEFAULT_MODEL
from training.model import ReaderModel

FORMAT = 1
UNCALIBRATED = {"calibration": {"slope": 1.0, "intercept": 0.0}, "abstain_below": 0.5}
"""The log-odds as they are, until training/calibrate.py has measured what they mean."""


@dataclass(frozen=True)
class Files:
    """What a model's files are called, beside the tokenizer's."""

    weights: str
    description: str


def load_weights(path: Path) -> ReaderModel:
    """A model from `weights.pt` or from a checkpoint."""
    weights, layers = stored_weights(path)
    model = ReaderModel(layers)
    model.load_state_dict(weights)
    return model.eval()


def stored_weights(path: Path) -> tuple[Mapping[str, Tensor], int]:
    """What `weights.pt` or a checkpoint holds, and of how many layers it is."""
    state: Mapping[str, Any] = torch.load(path, weights_only=True)
    weights: Mapping[str, Tensor] = state.get("model", state)
    layers = {name.split(".")[3] for name in weights if name.startswith("bert.encoder.layer.")}
    return weights, len(layers)


def export(weights: Path, folder: Path, *, int8: bool = True) -> None:
    """Write the files of a reader into `folder`, without a calibration yet."""
    names = Files(WEIGHTS, DESCRIPTION)
    facts = {"format": FORMAT, "max_tokens": MAX_TOKENS}
    write_model(load_weights(weights), folder, names, facts, UNCALIBRATED, int8=int8)


def write_model(
    model: nn.Module,
    folder: Path,
    names: Files,
    facts: Mapping[str, object],
    fitted: Mapping[str, object] | None = None,
    *,
    outputs: Sequence[str] = ("start", "end"),
    tokens: bool = True,
    int8: bool = True,
) -> None:
    """The model, the tokenizer, and what describes them: `facts`, hashes and what was `fitted`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / names.weights
        write_onnx(model, exact, outputs, tokens=tokens)
        if int8:
            quantize(exact, folder / names.weights)
        else:
            shutil.copy(exact, folder / names.weights)
    shutil.copy(Path(model_location(DEFAULT_MODEL)) / TOKENIZER, folder / TOKENIZER)
    hashes = {name: file_sha256(folder / name) for name in (names.weights, TOKENIZER)}
    described = {**facts, "sha256": hashes, **(fitted or {})}
    (folder / names.description).write_text(json.dumps(described, indent=1) + "\n", "utf-8")


def write_onnx(
    model: nn.Module, path: Path, outputs: Sequence[str] = ("start", "end"), *, tokens: bool = True
) -> None:
    """In float32; inputs (windows, tokens) int64, outputs of that shape or, without `tokens`, of
    (windows, …).
    """
    example = torch.ones(2, 8, dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    shape = {0: "windows", 1: "tokens"}
    axes = dict.fromkeys(names, shape)
    axes |= {name: shape if tokens else {0: "windows"} for name in outputs}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter talks of its own internals
        torch.onnx.export(
            model,
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=names,
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def main(arguments: Sequence[str] | None = None, write: Callable[..., None] = export) -> int:
    parser = argparse.ArgumentParser(description="Export a trained model.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="keep 32-bit floats")
    options = parser.parse_args(arguments)
    write(options.weights, options.folder, int8=not options.float)
    return 0


if __name__ == "__main__":
    sys.exit(main())
