"""Texts to read out of passages found, and the way back to the articles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said import say

from bot.qa.candidates import CONTEXT_LIMIT, Candidate, contexts_of
from index.article import Article, Passage, ScoredPassage

TEXT = "The bridge fell. Nobody was hurt.\n\nThe mayor came at noon. She wept. It rained."
BRIDGE = Article("bridge", "Bridge falls", None, "", "", TEXT)
OTHER = Article("other", "Other", None, "", "", "A dog barked. A cat slept.")


def found(article: Article, *spans: tuple[int, int]) -> list[ScoredPassage]:
    return [ScoredPassage(Passage(n, article, *span), 1.0) for n, span in enumerate(spans)]


def test_passages_that_touch_are_one_text() -> None:
    (context,) = contexts_of(found(BRIDGE, (35, len(TEXT)), (0, 33)))
    assert context.text == TEXT
    assert [(rank, scored.passage.start) for rank, scored in context.found] == [(0, 35), (1, 0)]
    assert context.rank == 0


def test_passages_that_overlap_are_one_text() -> None:
    (context,) = contexts_of(found(BRIDGE, (17, 58), (0, 33)))
    assert (context.start, context.end) == (0, 58)


def test_passages_with_text_between_stay_apart_and_the_better_comes_first() -> None:
    contexts = contexts_of(found(BRIDGE, (59, len(TEXT)), (0, 16)))
    assert [(context.start, context.rank) for context in contexts] == [(59, 0), (0, 1)]


def test_articles_are_never_mixed() -> None:
    passages = [*found(OTHER, (0, 13)), *found(BRIDGE, (0, 16)), *found(OTHER, (14, 26))]
    contexts = contexts_of(passages)
    assert [(c.article.id, c.text) for c in contexts] == [
        ("other", "A dog barked. A cat slept."),
        ("bridge", "The bridge fell."),
    ]


def test_no_text_grows_beyond_the_limit() -> None:
    text = "x" * CONTEXT_LIMIT + " " + "y" * CONTEXT_LIMIT
    long = Article("long", "Long", None, "", "", text)
    contexts = contexts_of(found(long, (0, CONTEXT_LIMIT), (CONTEXT_LIMIT + 1, len(text))))
    assert [len(context.text) for context in contexts] == [CONTEXT_LIMIT, CONTEXT_LIMIT]


def test_a_passage_above_the_limit_is_read_whole() -> None:
    text = "x" * (CONTEXT_LIMIT + 5)
    (context,) = contexts_of(found(Article("l", "", None, "", "", text), (0, len(text))))
    assert context.text == text


def test_a_passage_found_twice_counts_at_its_better_rank() -> None:
    (context,) = contexts_of(found(BRIDGE, (0, 16), (0, 16)))
    assert [rank for rank, _ in context.found] == [0]


@pytest.mark.parametrize(
    ("neighbours", "text"),
    [
        (0, "The mayor came at noon."),
        (1, "Nobody was hurt.\n\nThe mayor came at noon. She wept."),
        (2, TEXT),
        (9, TEXT),
    ],
)
def test_sentences_around_are_read_too(neighbours: int, text: str) -> None:
    (context,) = contexts_of(found(BRIDGE, (35, 58)), neighbours=neighbours)
    assert context.text == text


def test_sentences_around_stop_at_the_limit() -> None:
    text = "Short. " + "x" * CONTEXT_LIMIT + ". Short."
    passages = found(Article("l", "", None, "", "", text), (7, 8 + CONTEXT_LIMIT))
    (context,) = contexts_of(passages, neighbours=1)
    assert len(context.text) == CONTEXT_LIMIT + 1


def test_the_way_back_to_the_article_and_the_passage() -> None:
    (context,) = contexts_of(found(BRIDGE, (35, len(TEXT)), (0, 33)))
    start = context.text.index("mayor")
    first, last = context.in_article(start, start + 5)
    assert TEXT[first:last] == "mayor"
    assert context.passage_of(first, last)[0] == 0
    assert context.passage_of(4, 10)[0] == 1
    assert context.passage_of(33, 34)[0] == 1, "the nearest, where no passage has it"


def test_a_place_outside_the_text_is_refused() -> None:
    (context,) = contexts_of(found(BRIDGE, (0, 16)))
    with pytest.raises(ValueError, match="not in a text of 16"):
        context.in_article(10, 17)


def test_nothing_found_is_nothing_to_read() -> None:
    assert contexts_of([]) == []


def test_a_candidate_is_a_slice_of_its_article() -> None:
    candidate = say("It fell. The mayor came at noon.", "at noon")
    assert (candidate.text, candidate.quote_text) == ("at noon", "The mayor came at noon.")


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(5, 5, (0, 16)), (5, 20, (0, 16)), (-1, 3, (-1, 16)), (0, 9, (4, 16)), (0, 5, (0, 900))],
)
def test_a_span_that_does_not_fit_is_refused(start: int, end: int, quote: tuple[int, int]) -> None:
    (scored,) = found(BRIDGE, (0, 16))
    with pytest.raises(ValueError, match="does not fit the text of bridge"):
        Candidate(scored, 0, start, end, quote, 1.0)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 70), st.integers(1, 40)), max_size=8),
    st.integers(0, 3),
)
def test_every_passage_is_read_once_and_whole(
    spans: list[tuple[int, int]], neighbours: int
) -> None:
    passages = found(BRIDGE, *((a, min(a + n, len(TEXT))) for a, n in spans if a < len(TEXT)))
    contexts = contexts_of(passages, neighbours=neighbours)
    read = [(scored, context) for context in contexts for _, scored in context.found]
    wanted = {(scored.passage.start, scored.passage.end) for scored in passages}
    assert sorted((s.passage.start, s.passage.end) for s, _ in read) == sorted(wanted)
    assert all(c.start <= s.passage.start and s.passage.end <= c.end for s, c in read)
    assert [context.rank for context in contexts] == sorted(context.rank for context in contexts)
