"""Pretrained encoders to start from, both from installed packages and checked by hash.

`all-MiniLM-L6-v2` compares sentences; `ms-marco-MiniLM-L-12-v2` has learned to read a question
and a passage together, which is what a reader does.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from index.cross_encoder import (
    PACKAGED_CROSS_ENCODER,
    WEIGHTS,
    packaged_folder,
    require_known_files,
)
from index.model_files import model_location, require_published_weights
from index.settings import DEFAULT_MODEL

LAYER = re.compile(r"^encoder\.layer\.(\d+)\.")


def backbone(name: str, layers: int) -> dict[str, Tensor]:
    """The encoder's weights, `layers` of its layers, evenly spread where it has more.

    Raises ModelFileError if the files are not the known ones, ValueError for an unknown name.
    """
    if name == DEFAULT_MODEL:
        weights = _sentence_encoder()
    elif name == PACKAGED_CROSS_ENCODER:
        weights = _cross_encoder()
    else:
        raise ValueError(f"no backbone {name!r}: {DEFAULT_MODEL} or {PACKAGED_CROSS_ENCODER}")
    return _thinned(weights, layers)


def _sentence_encoder() -> dict[str, Tensor]:
    from safetensors.torch import load_file

    require_published_weights()
    weights = load_file(Path(model_location(DEFAULT_MODEL)) / "model.safetensors")
    unwanted = ("pooler.", "embeddings.position_ids")
    return {key: value.float() for key, value in weights.items() if not key.startswith(unwanted)}


def _cross_encoder() -> dict[str, Tensor]:
    """Its int8 weights as floats: weight = (stored - zero point) * scale."""
    import onnx
    from onnx.numpy_helper import to_array

    folder = packaged_folder()
    require_known_files(folder)
    graph = onnx.load(str(folder / WEIGHTS)).graph
    stored = {tensor.name: to_array(tensor) for tensor in graph.initializer}

    def real(name: str) -> np.ndarray:
        base = name.removesuffix("_quantized")
        zero = stored[f"{base}_zero_point"].astype(np.float32)
        weight: np.ndarray = (stored[name].astype(np.float32) - zero) * stored[f"{base}_scale"]
        return weight

    weights = {
        name: value
        for name, value in stored.items()
        if name.startswith("bert.")
        and value.dtype == np.float32
        and value.ndim == 1
        and not name.endswith(("_scale", "_zero_point"))
    }
    for name in stored:
        if name.startswith("bert.embeddings.") and name.endswith("_quantized"):
            weights[name.removesuffix("_quantized")] = real(name)
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            module = node.name.strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            weights[f"{module}.weight"] = real(node.input[1]).T
    return {
        name.removeprefix("bert."): torch.from_numpy(np.array(value))
        for name, value in weights.items()
        if name.startswith("bert.") and ".pooler." not in name
    }


def _thinned(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    there = 1 + max(int(found[1]) for name in weights if (found := LAYER.match(name)))
    if layers > there:
        raise ValueError(f"the backbone has {there} layers, not {layers}")
    # The last of each run of layers, so that the topmost one is among them.
    kept = {(new + 1) * there // layers - 1: new for new in range(layers)}
    chosen = {}
    for name, value in weights.items():
        found = LAYER.match(name)
        if not found:
            chosen[name] = value
        elif (old := int(found[1])) in kept:
            chosen[LAYER.sub(f"encoder.layer.{kept[old]}.", name)] = value
    return chosen
