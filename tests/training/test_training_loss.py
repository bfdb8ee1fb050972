"""The loss against the same written out window by window."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.loss import alone, reader_loss, together

LOGITS = torch.tensor(
    [[0.5, 9.0, 1.0, -2.0, 0.3], [1.5, 9.0, 0.0, 3.0, 2.0], [2.0, 9.0, 1.0, 1.0, 0.0]]
)
ALLOWED = torch.tensor([[False, False, True, True, True]] * 3)


def test_alone_is_cross_entropy_over_the_context_and_no_answer() -> None:
    expected = -math.log(math.exp(1.0) / sum(map(math.exp, (0.5, 1.0, -2.0, 0.3))))
    found = alone(LOGITS[:1].clone(), ALLOWED[:1], torch.tensor([2]))
    assert float(found) == pytest.approx(expected, abs=1e-5)


def test_together_normalises_over_all_windows_of_a_question() -> None:
    # Logits above those of [CLS]; the answer is the second window's fourth token.
    first, second = (0.5, -2.5, -0.2), (-1.5, 1.5, 0.5)
    total = sum(map(math.exp, (*first, *second, 0.0)))
    expected = -math.log(math.exp(1.5) / total)
    found = together(LOGITS[:2], ALLOWED[:2], torch.tensor([0, 3]), torch.tensor([0, 0]))
    assert float(found) == pytest.approx(expected, abs=1e-5)


def test_together_may_take_an_answer_from_any_window_that_has_it() -> None:
    total = sum(map(math.exp, (0.5, -2.5, -0.2, -1.5, 1.5, 0.5, 0.0)))
    expected = -math.log((math.exp(0.5) + math.exp(1.5)) / total)
    found = together(LOGITS[:2], ALLOWED[:2], torch.tensor([2, 3]), torch.tensor([0, 0]))
    assert float(found) == pytest.approx(expected, abs=1e-5)


def test_together_wants_nothing_where_no_window_answers() -> None:
    total = sum(map(math.exp, (-1.0, -1.0, -2.0, 0.0)))
    found = together(LOGITS[2:], ALLOWED[2:], torch.tensor([0]), torch.tensor([0]))
    assert float(found) == pytest.approx(math.log(total), abs=1e-5)


@given(st.permutations(range(3)))
def test_the_order_of_questions_does_not_matter(order: list[int]) -> None:
    at = torch.tensor([2, 3, 0])
    expected = reader_loss(LOGITS, LOGITS, ALLOWED, at, at, torch.arange(3))
    mixed = LOGITS[order]
    found = reader_loss(mixed, mixed, ALLOWED[order], at[order], at[order], torch.arange(3))
    assert float(found) == pytest.approx(float(expected), abs=1e-5)
