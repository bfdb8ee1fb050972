"""Spans that repeat the question before they answer it."""

from __future__ import annotations

import pytest

from bot.qa.questions import question_kind
from bot.qa.restating import without_restatement


@pytest.mark.parametrize(
    ("question", "span", "answer"),
    [
        ("Where did Zahir die?", "Zahir shot himself in the town of Kelm", "the town of Kelm"),
        ("Where did Zahir die?", "Zahir died at Kelm, in Ostrava", "Kelm, in Ostrava"),
        ("Where did Zahir die?", "the museum in Kelm", "the museum in Kelm"),
        ("Where did Zahir die?", "Zahir died in a car", "Zahir died in a car"),
        ("Where did Zahir die?", "Kelm", "Kelm"),
        ("Who died in Kelm?", "Zahir, who died in Kelm", "Zahir, who died in Kelm"),
    ],
)
def test_restatements(question: str, span: str, answer: str) -> None:
    text = f"It is said: {span}."
    start, end = without_restatement(text, 12, 12 + len(span), question, question_kind(question))
    assert text[start:end] == answer
