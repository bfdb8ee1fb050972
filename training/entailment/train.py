"""Trains the model that weighs claims, on the CPU, with checkpoints that survive being stopped.

    python -m training.entailment.train DATA OUT --start READER_WEIGHTS [--pairs N] …

DATA holds `train` and `squad2` as training/README.md describes them, and nothing else is trained
on. OUT gets `checkpoint.pt` every few minutes, `log.jsonl`, and `weights.pt` at the end; the same
command again goes on from the checkpoint.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from index.model_files import model_location
from index.settings import DEFAULT_MODEL
from training import parallel
from training.corpus import Corpus, training_corpus
from training.entailment.model import EntailmentModel
from training.entailment.sampling import Mixture, Pair, Sampler
from training.loop import Schedule, TrainingLoop
from training.parallel import run_processes
from training.train import searched_for

POOL = 32
"""Batches that are sorted by length together."""
EACH = 32
"""Lengths are padded to multiples of this, as each new shape costs a compiled kernel."""


@dataclass(frozen=True)
class Recipe:
    layers: int = 6
    pairs: int = 90_000
    """Pairs shown in all."""
    batch: int = 32
    longest: int = 256
    """Tokens of a pair; longer ones are left out."""
    rate: float = 1.0e-4
    warm_up: float = 0.04
    weight_decay: float = 0.01
    seed: int = 11
    start: str = ""
    """The `weights.pt` of a trained reader."""


@dataclass(frozen=True)
class Encoded:
    ids: list[int]
    types: list[int]
    label: int


def encoded(tokenizer: Tokenizer, pairs: Sequence[Pair], longest: int) -> list[Encoded]:
    """Claim first; without those that are longer than `longest` tokens."""
    found = tokenizer.encode_batch([(one.claim, one.evidence) for one in pairs])
    return [
        Encoded(one.ids, one.type_ids, pair.label)
        for one, pair in zip(found, pairs, strict=True)
        if len(one.ids) <= longest
    ]


def batches(
    sampler: Sampler, tokenizer: Tokenizer, recipe: Recipe, epoch: int
) -> Iterator[list[Encoded]]:
    """An epoch in batches of about equal lengths, in a random order."""
    rng = random.Random(f"{recipe.seed} {epoch} batches")
    stream = sampler.pairs(recipe.seed, epoch)
    while pool := [pair for pair, _ in zip(stream, range(recipe.batch * POOL), strict=False)]:
        ready = sorted(encoded(tokenizer, pool, recipe.longest), key=lambda one: len(one.ids))
        parts = [ready[n : n + recipe.batch] for n in range(0, len(ready), recipe.batch)]
        rng.shuffle(parts)
        yield from parts


def tensors(batch: Sequence[Encoded]) -> tuple[torch.Tensor, ...]:
    """ids, mask and types (pairs, tokens), and labels (pairs,); all int64."""
    longest = max(len(one.ids) for one in batch)
    width = -(-longest // EACH) * EACH
    ids, mask, types = (np.zeros((len(batch), width), np.int64) for _ in range(3))
    for n, one in enumerate(batch):
        ids[n, : len(one.ids)] = one.ids
        mask[n, : len(one.ids)] = 1
        types[n, : len(one.ids)] = one.types
    labels = np.array([one.label for one in batch], np.int64)
    return tuple(map(torch.from_numpy, (ids, mask, types, labels)))


class Training(TrainingLoop[EntailmentModel, Sequence[Encoded]]):
    """A run that trains the model that weighs claims."""

    def __init__(
        self, recipe: Recipe, sampler: Sampler, tokenizer: Tokenizer, folder: Path
    ) -> None:
        torch.manual_seed(recipe.seed)
        schedule = Schedule(recipe.pairs, recipe.rate, recipe.warm_up, recipe.weight_decay)
        made_by = {**asdict(recipe), **asdict(sampler.mixture)}
        super().__init__(EntailmentModel(recipe.layers), schedule, folder, made_by)
        self._recipe, self._sampler, self._tokenizer = recipe, sampler, tokenizer

    def begin(self) -> None:
        self.model.load_reader(torch.load(self._recipe.start, weights_only=True))

    def epoch(self, number: int) -> Iterator[Sequence[Encoded]]:
        return batches(self._sampler, self._tokenizer, self._recipe, number)

    def loss(self, batch: Sequence[Encoded]) -> Tensor:
        ids, mask, types, labels = tensors(parallel.own_share(batch))
        return torch.nn.functional.cross_entropy(self.model(ids, mask, types), labels)

    def size(self, batch: Sequence[Encoded]) -> int:
        return len(batch)


def train(corpus: Corpus, recipe: Recipe, folder: Path) -> None:
    path = Path(model_location(DEFAULT_MODEL)) / "tokenizer.json"
    sampler = Sampler(corpus, searched_for(corpus, folder), Mixture())
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    Training(recipe, sampler, tokenizer, folder).run()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the model that weighs claims.")
    parser.add_argument("data", type=Path, help="a folder with train/ and squad2/")
    parser.add_argument("out", type=Path, help="where checkpoints and the weights go")
    parser.add_argument("--processes", type=int, default=1, help="of one thread each")
    for name, value in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = vars(parser.parse_args(arguments))
    data, out, processes = (options.pop(name) for name in ("data", "out", "processes"))
    corpus = training_corpus(data)
    out.mkdir(parents=True, exist_ok=True)
    searched_for(corpus, out)  # once, and not in each process
    run_processes(processes, partial(train, corpus, Recipe(**options), out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
