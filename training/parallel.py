"""Several processes that train one model, each with a core of its own.

On the CPU this is faster than one process with several threads (1.3 times, with two cores): only
the gradients are exchanged, once a step, instead of the parts of every matrix product.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

T = TypeVar("T")


def run_processes(count: int, work: Callable[[], None]) -> None:
    """Run `work` in `count` processes that know of each other, and wait for them.

    Raises what one of them raised. One process is this one.
    """
    if count == 1:
        work()
        return
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    torch.multiprocessing.spawn(_member, (count, port, work), nprocs=count)


def _member(rank: int, count: int, port: int, work: Callable[[], None]) -> None:
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=count)
    try:
        work()
    finally:
        dist.destroy_process_group()


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def count() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def own_share(items: Sequence[T]) -> Sequence[T]:
    """This process's part of a step's work: never nothing, as all of them have to take the step.

    The last batch of a pool may have fewer items than there are processes; the first is then
    worked on by several.
    """
    return items[rank() :: count()] or items[:1]


def average_gradients(parameters: Sequence[Tensor]) -> None:
    """Give every process the mean of all processes' gradients."""
    if count() == 1:
        return
    gradients = [one.grad for one in parameters if one.grad is not None]
    flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
    dist.all_reduce(flat)
    flat /= count()
    at = 0
    for gradient in gradients:
        gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
        at += gradient.numel()
