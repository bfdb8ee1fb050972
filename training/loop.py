"""The training loop: schedule, steps, a log, and checkpoints that survive being stopped."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from training import parallel

CLIP = 1.0
"""Largest norm of a step's gradient."""

M = TypeVar("M", bound=nn.Module)
B = TypeVar("B")


@dataclass(frozen=True)
class Schedule:
    """How far each step goes."""

    examples: int
    """Shown in all, repeats included."""
    rate: float
    warm_up: float
    """Share of the examples over which the rate rises; then it falls to 0 in a line."""
    weight_decay: float

    def rate_after(self, shown: int) -> float:
        """The learning rate of the step that comes after `shown` examples."""
        done = shown / self.examples
        warmed = min(1.0, (done + 1e-9) / self.warm_up)
        return self.rate * warmed * max(0.0, 1.0 - done)


@dataclass
class Progress:
    """Where a run stands: enough to go on as if it had not been stopped."""

    step: int = 0
    shown: int = 0
    """Examples."""
    seconds: float = 0.0
    loss: float = float("nan")
    """A moving average over some fifty steps."""


class TrainingLoop(ABC, Generic[M, B]):
    """One run: a model `M`, its optimizer, and where they stand. `B` is what a step works on.

    `made_by` says by what recipe: a checkpoint of another one is refused. In `folder` are
    `checkpoint.pt`, `log.jsonl` and, at the end, `weights.pt`.
    """

    def __init__(
        self, model: M, schedule: Schedule, folder: Path, made_by: Mapping[str, object]
    ) -> None:
        self.model, self.schedule, self.progress = model, schedule, Progress()
        self._folder, self._made_by = folder, dict(made_by)
        self._trained = [one for one in model.parameters() if one.requires_grad]
        decay = {True: schedule.weight_decay, False: 0.0}
        self._optimizer = torch.optim.AdamW(
            [
                {
                    "params": [one for one in self._trained if (one.ndim > 1) is matrix],
                    "weight_decay": decay[matrix],
                }
                for matrix in (True, False)
            ],
            lr=schedule.rate,
            fused=True,
        )

    @abstractmethod
    def begin(self) -> None:
        """Give the model the weights that it starts from."""

    @abstractmethod
    def epoch(self, number: int) -> Iterator[B]:
        """What the steps of an epoch work on, the same whenever it is asked for."""

    @abstractmethod
    def loss(self, batch: B) -> Tensor:
        """This process's share of the step's loss, a scalar."""

    @abstractmethod
    def size(self, batch: B) -> int:
        """Examples in it."""

    def run(self, *, save_every_s: float = 180.0, log_every: int = 25) -> None:
        """Train to the schedule's end, saving now and then; goes on from a checkpoint."""
        if not self._resumed():
            self.begin()
        self.model.train()
        saved = begun = time.monotonic()
        before, skip = self.progress.seconds, self.progress.step
        for step, batch in enumerate(self._batches()):
            if step < skip:
                continue
            self._step(batch)
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

    def _batches(self) -> Iterator[B]:
        """Until the schedule's examples are shown; steps count from the start."""
        shown, epoch = 0, 0
        while shown < self.schedule.examples:
            for batch in self.epoch(epoch):
                if shown >= self.schedule.examples:
                    return
                shown += self.size(batch)
                yield batch
            epoch += 1

    def _step(self, batch: B) -> None:
        rate = self.schedule.rate_after(self.progress.shown)
        for part in self._optimizer.param_groups:
            part["lr"] = rate
        loss = self.loss(batch)
        self._optimizer.zero_grad()
        loss.backward()
        parallel.average_gradients(self._trained)
        torch.nn.utils.clip_grad_norm_(self._trained, CLIP)
        self._optimizer.step()
        value, last = float(loss.detach()), self.progress.loss
        self.progress.loss = value if np.isnan(last) else 0.98 * last + 0.02 * value
        self.progress.step += 1
        self.progress.shown += self.size(batch)

    def _save(self) -> None:
        """Beside, then in place: a crash leaves the checkpoint of before."""
        if parallel.rank():
            return
        path = self._folder / "checkpoint.pt"
        state = {
            "made_by": self._made_by,
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
        if state["made_by"] != self._made_by:
            raise SystemExit(
                f"{path} is of another recipe ({state['made_by']}): give its options, or another "
                "OUT"
            )
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        return True

    def _log(self) -> None:
        if parallel.rank():
            return
        rate = self.schedule.rate_after(self.progress.shown)
        line = json.dumps({**asdict(self.progress), "rate": rate})
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        print(line, flush=True)
