"""Trains the reader, on the CPU, with checkpoints that survive being stopped.

    python -m training.train DATA OUT [--groups N] [--start WEIGHTS] …

DATA holds `train` and `squad2` as training/README.md describes them. OUT gets `checkpoint.pt`
every few minutes, `log.jsonl`, and `weights.pt` at the end; the same command again goes on from
the checkpoint. How long it takes, and what the shipped reader was trained with: MODEL_CARD.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from index.model_files import model_location
from index.settings import DEFAULT_MODEL
from training import parallel
from training.backbones import backbone
from training.corpus import Corpus, training_corpus
from training.loop import Schedule, TrainingLoop
from training.loss import reader_loss
from training.model import ReaderModel
from training.negatives import hard_negatives
from training.parallel import run_processes
from training.sampling import Mixture, Sampler
from training.windows import Group, as_batch


@dataclass(frozen=True)
class Recipe:
    """What a training run depends on, beside its data."""

    backbone: str = DEFAULT_MODEL
    layers: int = 6
    groups: int = 80_000
    """Questions shown in all, repeats included."""
    batch: int = 24
    """Questions of one step."""
    rate: float = 1.5e-4
    warm_up: float = 0.03
    """Share of the groups over which the rate rises; then it falls to 0 in a line."""
    weight_decay: float = 0.01
    seed: int = 7
    start: str = ""
    """The `weights.pt` of another run to start from, instead of the backbone's encoder."""


class Training(TrainingLoop[ReaderModel, Sequence[Group]]):
    """A run that trains a reader; a step works on the groups of windows of some questions."""

    def __init__(self, recipe: Recipe, sampler: Sampler, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        schedule = Schedule(recipe.groups, recipe.rate, recipe.warm_up, recipe.weight_decay)
        made_by = {**asdict(recipe), **asdict(sampler.mixture)}
        super().__init__(ReaderModel(recipe.layers), schedule, folder, made_by)
        self._recipe = recipe
        self._sampler = sampler

    def begin(self) -> None:
        if self._recipe.start:
            self.model.load_state_dict(torch.load(self._recipe.start, weights_only=True))
        else:
            self.model.load_backbone(backbone(self._recipe.backbone, self._recipe.layers))

    def epoch(self, number: int) -> Iterator[Sequence[Group]]:
        return self._sampler.batches(self._recipe.seed, number, self._recipe.batch)

    def loss(self, batch: Sequence[Group]) -> Tensor:
        own = as_batch(parallel.own_share(batch))
        start, end = self.model.read(own)
        return reader_loss(
            start,
            end,
            torch.from_numpy(own.allowed),
            torch.from_numpy(own.start),
            torch.from_numpy(own.end),
            torch.from_numpy(own.group),
        )

    def size(self, batch: Sequence[Group]) -> int:
        return len(batch)


def train(corpus: Corpus, recipe: Recipe, folder: Path, mixture: Mixture | None = None) -> Training:
    """Train on `corpus` by `recipe`, going on from a checkpoint in `folder` if there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(model_location(DEFAULT_MODEL)) / "tokenizer.json"  # both backbones' vocabulary
    sampler = Sampler(
        corpus, searched_for(corpus, folder), Tokenizer.from_file(str(path)), mixture or Mixture()
    )
    training = Training(recipe, sampler, folder)
    training.run()
    return training


def searched_for(corpus: Corpus, folder: Path) -> NDArray[np.int32]:
    """The corpus's hard negatives, which take minutes to find: kept beside the checkpoint."""
    path = folder / "hard_negatives.npy"
    if not path.is_file():
        np.save(path, hard_negatives(corpus))
    found: NDArray[np.int32] = np.load(path)
    if len(found) != len(corpus.examples):
        raise SystemExit(f"{path} is of other data: delete it, or give another OUT")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("data", type=Path, help="a folder with train/ and squad2/")
    parser.add_argument("out", type=Path, help="where checkpoints and the weights go")
    parser.add_argument("--processes", type=int, default=1, help="of one thread each")
    for name, value in (asdict(Recipe()) | asdict(Mixture())).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = vars(parser.parse_args(arguments))
    data, out, processes = (options.pop(name) for name in ("data", "out", "processes"))
    corpus = training_corpus(data)
    out.mkdir(parents=True, exist_ok=True)
    searched_for(corpus, out)  # once, and not in each process
    mixture = Mixture(**{field.name: options.pop(field.name) for field in fields(Mixture)})
    run_processes(processes, partial(train, corpus, Recipe(**options), out, mixture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
