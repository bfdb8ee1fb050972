"""The promise that everything else rests on: passages are slices, whole and complete."""

from __future__ import annotations

import pytest
from fake_model import FakeModel
from hostile_text import PIECES, TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.chunking import Chunker, CountTokens
from index.embedding import EmbeddingModel
from index.sentences import Span, paragraph_spans, sentence_spans

words = FakeModel().count_tokens


def check(text: str, count: CountTokens, size: int, overlap: int) -> list[Span]:
    """Every promise that holds for any text; returns the passages."""
    spans = Chunker(count, size, overlap).spans(text)
    cuts = dict(sentence_spans(text))
    counts = count([text[start:end] for start, end in cuts.items()])
    long = [span for span, tokens in zip(cuts.items(), counts, strict=True) if tokens > size]
    covered = 0
    for number, (start, end) in enumerate(spans):
        piece = text[start:end]
        assert 0 <= start < end <= len(text)
        assert piece == piece.strip()
        assert count([piece])[0] <= size or len(piece) == 1
        assert not text[covered:start].strip(), "a visible character is in no passage"
        if number:
            assert spans[number - 1] < (start, end) and spans[number - 1][1] < end
            if start < covered:
                assert count([text[start:covered]])[0] <= overlap
        for edge, edges in ((start, cuts), (end, cuts.values())):
            inside = any(s < edge < e for s, e in long)
            assert edge in edges or inside, "a sentence that would fit is cut"
        covered = end
    assert not text[covered:].strip()
    return spans


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(1, 24), st.data())
def test_passages_of_any_text(text: str, size: int, data: st.DataObject) -> None:
    check(text, words, size, data.draw(st.integers(0, size // 2)))


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, size=st.sampled_from([16, 24, 64]), overlapping=st.booleans())
def test_passages_of_any_text_with_the_real_tokenizer(
    model: EmbeddingModel, text: str, size: int, overlapping: bool
) -> None:
    check(text, model.count_tokens, size, size // 4 if overlapping else 0)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(4, 24), st.data())
def test_a_paragraph_that_fits_a_passage_is_not_torn(
    text: str, size: int, data: st.DataObject
) -> None:
    spans = Chunker(words, size, data.draw(st.integers(0, size // 2))).spans(text)
    for paragraph in paragraph_spans(text):
        start, end = paragraph[0][0], paragraph[-1][1]
        if sum(words([text[s:e] for s, e in paragraph])) <= size:
            assert any(s <= start and end <= e for s, e in spans)


def test_a_paragraph_that_fits_is_kept_whole_though_an_overlap_would_not_leave_room() -> None:
    text = "a a a a a. B b b b b.\n\nC c c. D d d. E e e."
    spans = Chunker(words, 10, 5).spans(text)
    assert [text[s:e] for s, e in spans] == ["a a a a a. B b b b b.", "C c c. D d d. E e e."]


def test_an_overlap_repeats_whole_sentences_and_no_more_than_asked() -> None:
    text = "One two. Three four. Five six. Seven eight."
    assert [text[s:e] for s, e in Chunker(words, 6, 3).spans(text)] == [
        "One two. Three four. Five six.",
        "Five six. Seven eight.",
    ]


def test_short_paragraphs_share_a_passage() -> None:
    text = "One two.\n\nThree four.\r\n\r\nFive six."
    assert [text[s:e] for s, e in Chunker(words, 6, 0).spans(text)] == [text]


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    text = "Start here. " + "word " * 40 + "end."
    spans = check(text, words, 10, 0)
    assert all(text[s:e].split()[0] in ("Start", "word", "end.") for s, e in spans)
    assert len(spans) >= 5


def test_a_word_that_is_too_long_is_cut_and_nothing_of_it_lost(model: EmbeddingModel) -> None:
    text = "é😀" * 300
    spans = check(text, model.count_tokens, 16, 0)
    assert "".join(text[s:e] for s, e in spans) == text


def test_text_without_visible_characters_has_no_passages() -> None:
    assert Chunker(words, 16).spans("") == Chunker(words, 16).spans(" \n\u00a0") == []


def test_counts_that_do_not_add_up_are_measured_again() -> None:
    """Some tokenizers need more tokens for joined sentences than for each of them."""

    def count(texts: list[str]) -> list[int]:
        return [n + n // 3 for n in words(texts)]

    text = "One two. " * 30
    spans = Chunker(count, 8, 0).spans(text)  # type: ignore[arg-type]
    assert all(count([text[s:e]])[0] <= 8 for s, e in spans)
    assert " ".join(text[s:e] for s, e in spans).split() == text.split()


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (10, 6), (10, -1)])
def test_sizes_that_cannot_work_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(ValueError, match=r"max_tokens|overlap"):
        Chunker(words, size, overlap)


def test_the_seed_article_keeps_its_paragraphs(
    seed_article: Article, model: EmbeddingModel
) -> None:
    text = seed_article.text
    spans = check(text, model.count_tokens, 128, 0)
    starts = {paragraph[0][0] for paragraph in paragraph_spans(text)}
    assert {start for start, _ in spans} <= starts


def test_every_hostile_piece_alone_is_chunked() -> None:
    for piece in PIECES:
        check(piece * 40, words, 5, 2)
