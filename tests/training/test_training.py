"""The whole way, on a few dozen examples: data, training, a stop in the middle, export, reading."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from invented_data import write_training_data

from training.corpus import training_corpus
from training.export import export
from training.loop import Schedule
from training.sampling import Mixture
from training.train import Recipe, train

RECIPE = Recipe(layers=3, groups=1300, batch=8, rate=4e-4)
MIXTURE = Mixture(swapped=0.0)
REACHED = 0.7
"""The loss that it must come under; untrained, it is about 3.5."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    write_training_data(folder / "data")
    torch.set_num_threads(1)
    train(training_corpus(folder / "data"), RECIPE, folder / "out", MIXTURE)
    return folder


def test_training_reaches_its_loss_and_its_export_answers(trained: Path) -> None:
    lines = (trained / "out" / "log.jsonl").read_text("utf-8").splitlines()
    losses = [json.loads(line)["loss"] for line in lines]
    assert losses[0] > 2
    assert losses[-1] < REACHED

    export(trained / "out" / "weights.pt", trained / "reader")
    from bot.qa.reading.packaged import load_reader_folder

    reader = load_reader_folder(trained / "reader").model
    corpus = training_corpus(trained / "data")
    examples = [one for one in corpus.examples if one.answerable]
    right = 0
    for example in examples:
        text = corpus.paragraphs[example.paragraph].text
        best = reader.spans(example.question, [text])[0][0]
        right += text[best.start : best.end] == text[example.start : example.end]
    assert right >= 0.9 * len(examples)


def test_a_stopped_run_goes_on_from_its_checkpoint(trained: Path, tmp_path: Path) -> None:
    state = torch.load(trained / "out" / "checkpoint.pt", weights_only=True)
    (tmp_path / "checkpoint.pt").write_bytes((trained / "out" / "checkpoint.pt").read_bytes())
    again = train(training_corpus(trained / "data"), RECIPE, tmp_path, MIXTURE)
    assert again.progress.step == state["progress"]["step"]
    weights = again.model.state_dict()
    assert all(torch.equal(weights[name], value) for name, value in state["model"].items())


def test_a_checkpoint_of_another_recipe_is_refused(trained: Path) -> None:
    corpus, other = training_corpus(trained / "data"), Recipe(layers=3, groups=1301)
    with pytest.raises(SystemExit, match="another recipe"):
        train(corpus, other, trained / "out", MIXTURE)
    with pytest.raises(SystemExit, match="another recipe"):
        train(corpus, RECIPE, trained / "out", Mixture(swapped=0.5))


def test_a_run_starts_from_the_weights_of_another(trained: Path, tmp_path: Path) -> None:
    weights = trained / "out" / "weights.pt"
    one_step = dataclasses.replace(RECIPE, groups=1, start=str(weights))  # the rate is still 0
    started = train(training_corpus(trained / "data"), one_step, tmp_path, MIXTURE)
    before = torch.load(weights, weights_only=True)
    after = started.model.state_dict()
    assert all(torch.allclose(after[name], value, atol=1e-6) for name, value in before.items())


def test_the_rate_rises_and_falls_to_nothing() -> None:
    schedule = Schedule(examples=100, rate=1.0, warm_up=0.1, weight_decay=0.0)
    rates = [schedule.rate_after(shown) for shown in range(0, 101, 5)]
    assert np.argmax(rates) == 2
    assert rates[0] < 0.01
    assert rates[-1] == 0
