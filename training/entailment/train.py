"""Trains the model that weighs claims, on the CPU, with checkpoints that survive being stopped.

    python -m training.entailment.train DATA OUT --start READER_WEIGHTS [--pairs N] …

DATA holds `train` and `squad2` as training/README.md describes them, and nothing else is trained
on. OUT gets `checkpoint.pt` every few minutes, `log.jsonl`, and `weights.pt` at the end; the same
command again goes on from the checkpoint.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.model_files import model_location
from index.settings import DEFAULT_MODEL
from training import parallel
from training.corpus import Corpus, training_corpus
from training.entailment.model import EntailmentModel
from training.entailment.sampling import Mixture, Pair, Sampler
from training.parallel import run_processes
from training.train import CLIP, searched_for

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


@dataclass
class Progress:
    step: int = 0
    pairs: int = 0
    seconds: float = 0.0
    loss: float = float("nan")
    right: float = 0.0
    """Moving averages over some fifty steps."""


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


class Training:
    """One run: a model, its optimizer, and where they stand."""

    def __init__(self, recipe: Recipe, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.progress, self._folder = recipe, Progress(), folder
        self.model = EntailmentModel(recipe.layers)
        self._trained = [one for one in self.model.parameters() if one.requires_grad]
        self._optimizer = torch.optim.AdamW(
            self._trained, lr=recipe.rate, weight_decay=recipe.weight_decay, fused=True
        )
        if not self._resumed():
            self.model.load_reader(torch.load(recipe.start, weights_only=True))

    def run(self, sampler: Sampler, tokenizer: Tokenizer, save_every_s: float = 180.0) -> None:
        self.model.train()
        skip, step, epoch = self.progress.step, 0, 0
        before, begun = self.progress.seconds, time.monotonic()
        saved = begun
        while self.progress.pairs < self.recipe.pairs:
            for batch in batches(sampler, tokenizer, self.recipe, epoch):
                step += 1
                if step <= skip:
                    continue
                if self.progress.pairs >= self.recipe.pairs:
                    break
                self._step(batch)
                now = time.monotonic()
                self.progress.seconds = before + now - begun
                if self.progress.step % 25 == 0:
                    self._log()
                if now - saved > save_every_s:
                    saved = now
                    self._save()
            epoch += 1
        self._save()
        self._log()
        if not parallel.rank():
            torch.save(self.model.state_dict(), self._folder / "weights.pt")

    def rate(self) -> float:
        """Rises over the warm-up, then falls to 0 in a line."""
        done = self.progress.pairs / self.recipe.pairs
        return self.recipe.rate * min(1.0, (done + 1e-9) / self.recipe.warm_up) * max(0.0, 1 - done)

    def _step(self, batch: Sequence[Encoded]) -> None:
        ids, mask, types, labels = tensors(parallel.own_share(batch))
        for part in self._optimizer.param_groups:
            part["lr"] = self.rate()
        logits = self.model(ids, mask, types)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        self._optimizer.zero_grad()
        loss.backward()
        parallel.average_gradients(self._trained)
        torch.nn.utils.clip_grad_norm_(self._trained, CLIP)
        self._optimizer.step()
        right = float((logits.argmax(1) == labels).float().mean())
        value, last = float(loss.detach()), self.progress
        first = np.isnan(last.loss)
        last.loss = value if first else 0.98 * last.loss + 0.02 * value
        last.right = right if first else 0.98 * last.right + 0.02 * right
        last.step += 1
        last.pairs += len(batch)

    def _save(self) -> None:
        """Beside, then in place: a crash leaves the checkpoint of before."""
        if parallel.rank():
            return
        path = self._folder / "checkpoint.pt"
        state = {
            "recipe": asdict(self.recipe),
            "progress": asdict(self.progress),
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        torch.save(state, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").replace(path)

    def _resumed(self) -> bool:
        path = self._folder / "checkpoint.pt"
        if not path.is_file():
            return False
        state = torch.load(path, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise SystemExit(f"{path} is of another recipe ({state['recipe']})")
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        return True

    def _log(self) -> None:
        if parallel.rank():
            return
        line = json.dumps({**asdict(self.progress), "rate": self.rate()})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)


def train(corpus: Corpus, recipe: Recipe, folder: Path) -> None:
    path = Path(model_location(DEFAULT_MODEL)) / "tokenizer.json"
    sampler = Sampler(corpus, searched_for(corpus, folder), Mixture())
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    Training(recipe, folder).run(sampler, tokenizer)


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
