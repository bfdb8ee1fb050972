from hostile_text import TEXTS
from hypothesis import given, settings

from index.article import Article
from index.sentences import paragraph_spans, sentence_spans, trimmed


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_sentences_cover_every_visible_character_once_and_in_order(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip(), "a visible character lies between two sentences"
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_paragraphs_are_the_sentences_grouped_and_never_empty(text: str) -> None:
    paragraphs = paragraph_spans(text)
    assert all(paragraphs)
    assert [span for paragraph in paragraphs for span in paragraph] == sentence_spans(text)


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    text = "Dr. Ash of the U.S. Army paid $3.50. He left at 5 p.m. on Monday."
    assert sentences(text) == [
        "Dr. Ash of the U.S. Army paid $3.50.",
        "He left at 5 p.m. on Monday.",
    ]


def test_a_blank_line_ends_a_sentence_also_without_a_full_stop() -> None:
    assert sentences("A headline\n\nThe body.\r\n \r\nMore\u2029end") == [
        "A headline", "The body.", "More", "end",
    ]  # fmt: skip


def test_a_no_break_space_before_a_full_stop_is_no_trouble() -> None:
    assert sentences("Really\u00a0. Yes\u202f! 😀 No\u00a0?") != []


def test_text_without_visible_characters_has_no_sentences() -> None:
    assert sentence_spans("") == sentence_spans(" \r\n\u00a0\u2029\t") == []
    assert trimmed("a \n ", 1, 4) is None


def test_the_seed_article_s_sentences_stand_where_a_reader_sees_them(seed_article: Article) -> None:
    found = sentences(seed_article.text)
    atme = "a US raid in the town of Atme, Idlib province in February."
    areas = "controlled by rebel groups, some of which are affiliated with Al Qaeda."
    assert f"Al Quraishi blew himself up during {atme}" in found
    assert f"Both areas are {areas}" in found
