"""Trains the reader, on the CPU, with checkpoints that survive being stopped.

    python -m training.train DATA OUT [--groups N] [--start WEIGHTS] …

DATA holds `train` and `squad2` as training/README.md describes them. OUT gets `checkpoint.pt`
every few minutes, `log.jsonl`, and `weights.pt` at the end; the same command again goes on from
the checkpoint. How long it takes, and what the shipped reader was trained with: MODEL_CARD.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.model_files import model_location
from index.settings import DEFAULT_MODEL
from training import parallel
from training.backbones import backbone
from training.corpus import Corpus, training_corpus
from training.loss import reader_loss
from training.model import ReaderModel
from training.negatives import hard_negatives
from training.parallel import run_processes
from training.sampling import Mixture, Sampler
from training.windows import Group, as_batch

CLIP = 1.0
"""Largest norm of a step's gradient."""


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


@dataclass
class Progress:
    """Where a run stands: enough to go on as if it had not been stopped."""

    step: int = 0
    groups: int = 0
    windows: int = 0
    seconds: float = 0.0
    loss: float = float("nan")
    """A moving average over some fifty steps."""


class Training:
    """One run: a model, its optimizer, and where they stand."""

    def __init__(self, recipe: Recipe, sampler: Sampler, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.progress = Progress()
        self.model = ReaderModel(recipe.layers)
        self._sampler = sampler
        self._mixture = asdict(sampler.mixture)
        self._folder = folder
        trained = [one for one in self.model.parameters() if one.requires_grad]
        self._trained = trained
        self._optimizer = torch.optim.AdamW(
            [
                {
                    "params": [one for one in trained if one.ndim > 1],
                    "weight_decay": recipe.weight_decay,
                },
                {"params": [one for one in trained if one.ndim == 1], "weight_decay": 0.0},
            ],
            lr=recipe.rate,
            fused=True,
        )
        if not self._resumed():
            if recipe.start:
                self.model.load_state_dict(torch.load(recipe.start, weights_only=True))
            else:
                self.model.load_backbone(backbone(recipe.backbone, recipe.layers))

    def run(self, *, save_every_s: float = 180.0, log_every: int = 25) -> None:
        """Train to the recipe's end, saving now and then."""
        self.model.train()
        saved = begun = time.monotonic()
        before = self.progress.seconds
        skip = self.progress.step
        for step, groups in enumerate(self._batches()):
            if step < skip:
                continue
            self._step(groups)
            now = time.monotonic()
            self.progress.seconds = before + now - begun
            if self.progress.step % log_every == 0:
                self._log()
            if now - saved > save_every_s:
                saved = now
                self._save()
        self._save()
        self._log()
        if not parallel.rank():
            torch.save(self.model.state_dict(), self._folder / "weights.pt")

    def rate(self) -> float:
        """The learning rate of the step that comes next."""
        done = self.progress.groups / self.recipe.groups
        warmed = min(1.0, (done + 1e-9) / self.recipe.warm_up)
        return self.recipe.rate * warmed * max(0.0, 1.0 - done)

    def _batches(self) -> Any:
        """Batches until the recipe's number of groups is reached; steps count from the start."""
        shown, epoch = 0, 0
        while shown < self.recipe.groups:
            for groups in self._sampler.batches(self.recipe.seed, epoch, self.recipe.batch):
                if shown >= self.recipe.groups:
                    return
                shown += len(groups)
                yield groups
            epoch += 1

    def _step(self, groups: Sequence[Group]) -> None:
        batch = as_batch(parallel.own_share(groups))
        for part in self._optimizer.param_groups:
            part["lr"] = self.rate()
        start, end = self.model.read(batch)
        loss = reader_loss(
            start,
            end,
            torch.from_numpy(batch.allowed),
            torch.from_numpy(batch.start),
            torch.from_numpy(batch.end),
            torch.from_numpy(batch.group),
        )
        self._optimizer.zero_grad()
        loss.backward()
        parallel.average_gradients(self._trained)
        torch.nn.utils.clip_grad_norm_(self._trained, CLIP)
        self._optimizer.step()
        value, last = float(loss.detach()), self.progress.loss
        self.progress.loss = value if np.isnan(last) else 0.98 * last + 0.02 * value
        self.progress.step += 1
        self.progress.groups += len(groups)
        self.progress.windows += sum(len(group.windows) for group in groups)

    def _save(self) -> None:
        """Beside, then in place: a crash leaves the checkpoint of before."""
        if parallel.rank():
            return
        path = self._folder / "checkpoint.pt"
        state = {
            "recipe": asdict(self.recipe),
            "mixture": self._mixture,
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
        of = {**state["recipe"], **state["mixture"]}
        if of != {**asdict(self.recipe), **self._mixture}:
            raise SystemExit(
                f"{path} is of another recipe ({of}): give its options, or another OUT"
            )
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
