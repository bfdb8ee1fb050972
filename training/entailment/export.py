"""Puts trained weights into the form that Dateline ships: int8 ONNX, tokenizer and hashes.

    python -m training.entailment.export OUT/weights.pt FOLDER

FOLDER gets `entailment.onnx`, `tokenizer.json` and `entailment.json`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from training.entailment.model import EntailmentModel
from training.export import Files, main, stored_weights, write_model

FILES = Files("entailment.onnx", "entailment.json")
FORMAT = 1
MAX_TOKENS = 320


def load_weights(path: Path) -> EntailmentModel:
    """A model from `weights.pt` or from a checkpoint."""
    weights, layers = stored_weights(path)
    model = EntailmentModel(layers)
    model.load_state_dict(weights)
    return model.eval()


def export(weights: Path, folder: Path, *, int8: bool = True) -> None:
    """Write the three files into `folder`."""
    facts = {"format": FORMAT, "max_tokens": MAX_TOKENS}
    model = load_weights(weights)
    write_model(model, folder, FILES, facts, outputs=["logits"], tokens=False, int8=int8)


if __name__ == "__main__":
    sys.exit(main(write=export))
