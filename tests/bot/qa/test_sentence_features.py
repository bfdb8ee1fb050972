"""The evidence for a sentence, and that it is the sentence's own."""

from __future__ import annotations

import numpy as np

from bot.qa.sentence_features import NAMES, features, sentences_of
from index.analysis import Analyzer
from index.article import Article, Passage, ScoredPassage

TEXT = "The mayor resigned on Monday. Nobody was hurt. The mayor had led Lyon since 2014."
ARTICLE = Article("a", "Mayor resigns", None, "", "", TEXT)


def found(*spans: tuple[int, int]) -> list[ScoredPassage]:
    return [
        ScoredPassage(Passage(number, ARTICLE, *span), 1 / number, 0.5)
        for number, span in enumerate(spans, start=1)
    ]


def test_sentences_are_slices_of_the_article() -> None:
    sentences = sentences_of(found((0, len(TEXT))))
    assert [sentence.text for sentence in sentences] == [
        "The mayor resigned on Monday.",
        "Nobody was hurt.",
        "The mayor had led Lyon since 2014.",
    ]
    assert all(TEXT[slice(*sentence.span)] == sentence.text for sentence in sentences)


def test_a_sentence_of_two_passages_counts_once_at_its_better_rank() -> None:
    sentences = sentences_of(found((30, len(TEXT)), (0, 46)))
    assert [(sentence.text[:6], sentence.rank) for sentence in sentences] == [
        ("Nobody", 0),
        ("The ma", 0),
        ("The ma", 1),
    ]


def test_rare_terms_and_things_asked_for_are_seen() -> None:
    sentences = sentences_of(found((0, len(TEXT))))
    rows = features("When did the mayor resign?", sentences, [0.1, 0.2, 0.3], Analyzer())
    assert rows.shape == (3, len(NAMES))
    value = {name: rows[:, column] for column, name in enumerate(NAMES)}
    assert np.allclose(value["cosine"], [0.1, 0.2, 0.3])
    assert value["coverage"][0] == 1.0
    assert value["coverage"][1] == 0.0
    assert 0 < value["coverage"][2] < 0.5, "'mayor' is the commoner of the two terms"
    assert value["answer_candidates"][0] > 0
    assert value["no_answer_candidate"].tolist() == [0.0, 1.0, 0.0]


def test_no_sentences_give_no_rows() -> None:
    assert features("When?", [], [], Analyzer()).shape == (0, len(NAMES))
