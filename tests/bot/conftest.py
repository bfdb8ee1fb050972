"""A reader of random numbers, as every part that loads one takes it."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import pytest

from index import model_files


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one small model for ONNX Runtime and for torch. Its answers mean nothing, and
    are the same each time.
    """
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("small_reader")
    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(model_files.packaged_folder(), model_max_length=512)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.5,  # so that texts differ
        attn_implementation="eager",
    )
    model = BertForQuestionAnswering(config).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(
            self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor]:
            output = self.model(input_ids=ids, attention_mask=mask, token_type_ids=types)
            return output.start_logits, output.end_logits

    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    outputs = ["start", "end"]
    example = torch.ones(2, 8, dtype=torch.long)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the exporter talks of its own internals
        torch.onnx.export(
            Logits().eval(),
            (example, example, example),
            str(folder / "reader.onnx"),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes={name: {0: "windows", 1: "tokens"} for name in [*inputs, *outputs]},
            opset_version=17,
            dynamo=False,
        )
    describe(folder)
    return folder


def describe(folder: Path) -> None:
    """Write the reader.json that fits the files in `folder`."""
    names = ("reader.onnx", "tokenizer.json")
    description = {
        "format": 1,
        "max_tokens": 96,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names
        },
        "calibration": {"slope": 0.5, "intercept": -1.0},
        "abstain_below": 0.25,
    }
    (folder / "reader.json").write_text(json.dumps(description))
