"""Answers and contexts that stand one after the other in an article."""

from __future__ import annotations

import pytest
from said import say

from bot.qa.chaining import chained
from bot.qa.merging import Reading

TEXT = (
    "He died in the town of Kelm, Ostrava province. Ostrava is in western Morland. Kelm in Ostrava."
)


@pytest.mark.parametrize(
    ("best", "broader", "answer", "context"),
    [
        ("Kelm", ["Ostrava province"], "Kelm, Ostrava province", []),
        ("Kelm", ["Ostrava province", "Morland"], "Kelm, Ostrava province", ["Morland"]),
        ("town of Kelm", ["Ostrava province"], "the town of Kelm, Ostrava province", []),
        ("Ostrava", ["western Morland"], "Ostrava", ["western Morland"]),
        ("Kelm", [], "Kelm", []),
    ],
)  # fmt: skip
def test_chains(best: str, broader: list[str], answer: str, context: list[str]) -> None:
    reading = Reading((say(TEXT, best, 5.0),), tuple(say(TEXT, words, 3.0) for words in broader))
    found = chained(reading)
    assert found.text == answer
    assert [one.text for one in found.broader] == context
    assert found.score == 5.0
    assert found.best.quote[0] <= found.best.start < found.best.end <= found.best.quote[1]


def test_what_another_article_says_is_not_chained() -> None:
    reading = Reading((say(TEXT, "Kelm"),), (say(TEXT, "Ostrava province", article="b"),))
    assert chained(reading) == reading
