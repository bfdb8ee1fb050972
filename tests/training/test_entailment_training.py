"""The whole way of the model that weighs claims, on a few dozen examples: training to export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from invented_data import write_training_data

from training.corpus import training_corpus
from training.entailment.export import FILES, export
from training.entailment.train import Recipe, train
from training.model import ReaderModel

# The part-of-speech tagger leaves the file of its lexicon open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning",
    "ignore:unclosed file:ResourceWarning",
)


def test_it_trains_from_a_reader_stops_goes_on_and_is_exported(tmp_path: Path) -> None:
    write_training_data(tmp_path / "data")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    reader, out = tmp_path / "reader.pt", tmp_path / "out"
    torch.save(ReaderModel(2).state_dict(), reader)
    corpus = training_corpus(tmp_path / "data")
    recipe = Recipe(layers=2, pairs=96, batch=8, start=str(reader))
    out.mkdir()
    train(corpus, recipe, out)
    state = torch.load(out / "checkpoint.pt", weights_only=True)
    assert state["progress"]["shown"] >= recipe.pairs

    before = (out / "weights.pt").read_bytes()
    train(corpus, recipe, out)  # there is nothing left to do
    after = torch.load(out / "checkpoint.pt", weights_only=True)
    assert after["progress"]["step"] == state["progress"]["step"]
    assert len((out / "weights.pt").read_bytes()) == len(before)

    export(out / "weights.pt", tmp_path / "model")
    described = json.loads((tmp_path / "model" / FILES.description).read_text("utf-8"))
    assert set(described["sha256"]) == {FILES.weights, "tokenizer.json"}
    session = onnxruntime.InferenceSession(str(tmp_path / "model" / FILES.weights))
    ids = np.ones((2, 7), np.int64)
    given = {"input_ids": ids, "attention_mask": ids, "token_type_ids": np.zeros_like(ids)}
    (logits,) = session.run(["logits"], given)
    assert logits.shape == (2, 3)
