"""Questions that ask for the opposite."""

from __future__ import annotations

import random

import pytest

from training.opposites import ANTONYMS, opposite


def every(question: str) -> set[str | None]:
    return {opposite(question, random.Random(seed)) for seed in range(40)}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Was the largest?", {"Was the smallest?", "Wasn't the largest?"}),
        ("Who won?", {"Who lost?"}),
        ("Before the war, who ruled?", {"After the war, who ruled?"}),
        ("Where can it live?", {"Where can it die?", "Where can't it live?"}),
        ("Who will sing?", {"Who won't sing?"}),
        ("Who sang?", {None}),
    ],
)
def test_an_antonym_or_a_denied_verb(question: str, expected: set[str | None]) -> None:
    assert every(question) == expected


def test_every_antonym_differs_from_its_word() -> None:
    assert all(word != other and " " not in other for word, other in ANTONYMS.items())
    assert len(ANTONYMS) > 150
