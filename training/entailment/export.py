"""Puts trained weights into the form that Dateline ships: int8 ONNX, tokenizer and hashes.

    python -m training.entailment.export OUT/weights.pt FOLDER

FOLDER gets `entailment.onnx`, `tokenizer.json` and `entailment.json`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from bot.proof.packaged import DESCRIPTION, TOKENIZER, WEIGHTS
from index.model_export import quantize
from index.model_files import file_sha256, model_location
from index.settings import DEFAULT_MODEL
from training.entailment.model import EntailmentModel
from training.export import write_onnx

FORMAT = 1
MAX_TOKENS = 320


def load_weights(path: Path) -> EntailmentModel:
    """A model from `weights.pt` or from a checkpoint."""
    state: Mapping[str, Any] = torch.load(path, weights_only=True)
    weights = state.get("model", state)
    layers = {name.split(".")[3] for name in weights if name.startswith("bert.encoder.layer.")}
    model = EntailmentModel(len(layers))
    model.load_state_dict(weights)
    return model.eval()


def export(weights: Path, folder: Path, *, int8: bool = True) -> None:
    """Write the three files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / WEIGHTS
        write_onnx(load_weights(weights), exact, ["logits"], tokens=False)
        if int8:
            quantize(exact, folder / WEIGHTS)
        else:
            shutil.copy(exact, folder / WEIGHTS)
    shutil.copy(Path(model_location(DEFAULT_MODEL)) / TOKENIZER, folder / TOKENIZER)
    facts = {
        "format": FORMAT,
        "max_tokens": MAX_TOKENS,
        "sha256": {name: file_sha256(folder / name) for name in (WEIGHTS, TOKENIZER)},
    }
    (folder / DESCRIPTION).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Export the model that weighs claims.")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="keep 32-bit floats")
    options = parser.parse_args(arguments)
    export(options.weights, options.folder, int8=not options.float)
    return 0


if __name__ == "__main__":
    sys.exit(main())
