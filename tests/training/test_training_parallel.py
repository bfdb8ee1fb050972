"""Several processes that train one model together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from invented_data import write_training_data

from training import parallel
from training.train import main


@pytest.mark.parametrize(
    ("rank", "items", "share"),
    [(0, [1, 2, 3], [1, 3]), (1, [1, 2, 3], [2]), (0, [1], [1]), (1, [1], [1])],
)
def test_every_process_has_a_share(
    rank: int, items: list[int], share: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "rank", lambda: rank)
    monkeypatch.setattr(parallel, "count", lambda: 2)
    assert parallel.own_share(items) == share


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    write_training_data(tmp_path / "data")
    recipe = ["--layers", "1", "--groups", "60", "--batch", "13"]
    main([str(tmp_path / "data"), str(tmp_path / "out"), "--processes", "2", *recipe])
    (line,) = (tmp_path / "out" / "log.jsonl").read_text("utf-8").splitlines()
    told = json.loads(line)
    assert told["shown"] >= 60
    state = torch.load(tmp_path / "out" / "checkpoint.pt", weights_only=True)
    assert state["progress"]["step"] == told["step"]
    assert (tmp_path / "out" / "weights.pt").is_file()
