"""The loss: each passage by itself, and all passages of a question together."""

from __future__ import annotations

import torch
from torch import Tensor

WEIGHT_TOGETHER = 0.5
NEVER = -1e4
"""A logit that no probability is left for; in half precision it is still a number."""


def reader_loss(
    start: Tensor, end: Tensor, allowed: Tensor, start_at: Tensor, end_at: Tensor, group: Tensor
) -> Tensor:
    """Mean negative log-likelihood of starts and ends, a scalar.

    start, end (windows, tokens): logits; allowed (windows, tokens): where a span may be;
    start_at, end_at (windows,): the right tokens, 0 for no answer; group (windows,): from 0.

    Half of it takes each window alone, [CLS] being the choice "no answer here". The other half is
    the shared normalisation of Clark and Gardner (2018, "Simple and Effective Multi-Paragraph
    Reading Comprehension", section 3.3): logits less their window's [CLS] compete with those of
    all windows of the question, and with a 0 for "no answer in any".
    """
    both = [
        WEIGHT_TOGETHER * together(logits, allowed, at, group)
        + (1 - WEIGHT_TOGETHER) * alone(logits, allowed, at)
        for logits, at in ((start, start_at), (end, end_at))
    ]
    return torch.stack(both).mean()


def alone(logits: Tensor, allowed: Tensor, at: Tensor) -> Tensor:
    choices = logits.masked_fill(~allowed, NEVER)
    choices[:, 0] = logits[:, 0]
    return torch.nn.functional.cross_entropy(choices, at)


def together(logits: Tensor, allowed: Tensor, at: Tensor, group: Tensor) -> Tensor:
    above = (logits - logits[:, :1]).masked_fill(~allowed, NEVER)
    groups = int(group.max()) + 1
    no_answer = torch.zeros(groups, 1, dtype=above.dtype)
    everything = torch.cat([_by_group(above.logsumexp(1), group, groups), no_answer], 1)
    right = above.gather(1, at[:, None]).squeeze(1).masked_fill(at == 0, NEVER)
    answered = torch.zeros(groups, dtype=torch.bool).index_fill_(0, group[at > 0], True)
    # An answer that several windows have may be taken from any of them.
    wanted = torch.where(answered, _by_group(right, group, groups).logsumexp(1), 0.0)
    return (everything.logsumexp(1) - wanted).mean()


def _by_group(values: Tensor, group: Tensor, groups: int) -> Tensor:
    """(windows,) to (groups, most windows of one), padded with NEVER; groups are contiguous."""
    counts = torch.bincount(group, minlength=groups)
    column = torch.arange(len(group)) - (counts.cumsum(0) - counts)[group]
    table = torch.full((groups, int(counts.max())), NEVER, dtype=values.dtype)
    return table.index_put((group, column), values)
