"""A model's JSON, piece by piece: complete sentences at once, nonsense never."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_llm import answer_json, in_pieces

from bot.writing.errors import UnusableOutputError
from bot.writing.parsing import MOST_SENTENCES, MOST_TEXT, ParsedSentence, SentenceParser

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
SENTENCES = st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=3)), max_size=4)


def parsed(text: str) -> list[ParsedSentence]:
    parser = SentenceParser()
    found = parser.feed(text)
    parser.end()
    return found


def as_given(sentence: ParsedSentence) -> tuple[str, list[str]]:
    return sentence.text, [quote.quote for quote in sentence.quotes]


@given(SENTENCES, st.booleans(), st.lists(st.integers(1, 30), max_size=20))
def test_pieces_of_any_size_give_the_same_sentences(
    sentences: list[tuple[str, list[str]]], answerable: bool, sizes: list[int]
) -> None:
    text = answer_json(sentences, answerable=answerable)
    parser = SentenceParser()
    found = []
    for size in [*sizes, len(text)]:
        piece, text = text[:size], text[size:]
        found += parser.feed(piece)
    parser.end()
    assert [as_given(one) for one in found] == sentences
    assert parser.answerable == answerable


@given(SENTENCES, st.integers(0, 300), st.text(max_size=5), st.integers(0, 9), st.integers(1, 9))
def test_damaged_json_is_read_or_refused(
    sentences: list[tuple[str, list[str]]], at: int, inserted: str, removed: int, size: int
) -> None:
    whole = answer_json(sentences)
    text = whole[:at] + inserted + whole[at + removed :]
    parser = SentenceParser()
    with contextlib.suppress(UnusableOutputError):
        for piece in in_pieces(text, size):
            assert all(one.text for one in parser.feed(piece))
        parser.end()
        assert parser.finished


def test_a_sentence_comes_with_the_character_that_completes_it() -> None:
    text = answer_json([("One.", ["a"]), ("Two.", ["b"])])
    parser = SentenceParser()
    came = [(at, one.text) for at, letter in enumerate(text) for one in parser.feed(letter)]
    first = text.index("}]}") + 2
    assert came == [(first, "One."), (text.index("}]}", first) + 2, "Two.")]


@pytest.mark.parametrize("before", ["", "Here it is:\n", "```json\n", "\ufeff ```\n"])
@pytest.mark.parametrize("after", ["", "\n```", " Have a nice day {"])
def test_a_code_fence_is_no_nonsense(before: str, after: str) -> None:
    (found,) = parsed(before + answer_json([("One.", ["a"])]) + after)
    assert as_given(found) == ("One.", ["a"])


def test_whether_there_is_an_answer_may_be_said_last() -> None:
    parser = SentenceParser()
    assert parser.feed('{"sentences": [], "answerable": false}') == []
    assert parser.finished
    assert not parser.answerable


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I do not know.",
        "[]",
        "{}",
        "null",
        '{"answer": "yes"}' + " " * 500,
        '{"sentences": {}}' + " " * 500,
        '{"sentences": [17]}',
        '{"sentences": ["text"]}',
        '{"sentences": [{"text": "a"}]}',
        '{"sentences": [{"text": "", "quotes": []}]}',
        '{"sentences": [{"text": "a", "quotes": [], "more": 1}]}',
        '{"sentences": [{"text": "a", "quotes": ["a"]}]}',
        '{"sentences": [{"text": "a", "quotes": [{"passage": "1", "quote": "a"}]}]}',
        '{"sentences": [{"text": "a", "quotes": [{"passage": true, "quote": "a"}]}]}',
        '{"sentences": [{"text": "\\ud800", "quotes": []}]}',
        '{"sentences": [{]]}',
        '{"sentences": [[[[[[[[[',
        '{"sentences": [{"text": ' + "[" * 100_000,
        '{"sentences": [{"text": "' + "a" * 100_000,
        '{"sentences": [{"text": "a", "quotes": []}',
        '{"sentences": [], "more": 1}' + " " * 500,
        "a" * 100 + '{"sentences": []}',
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(UnusableOutputError):
        parsed(text)


@pytest.mark.parametrize("size", [1, 20, 10_000])
def test_nonsense_takes_back_no_sentence_before_it(size: int) -> None:
    text = answer_json([("One.", ["a"])])[:-2] + ', "and so on"' + answer_json([])
    parser = SentenceParser()
    found = []
    with pytest.raises(UnusableOutputError, match="no sentence"):
        for piece in in_pieces(text, size):
            found += parser.feed(piece)
        parser.end()
    assert [one.text for one in found] == ["One."]


def test_a_sentence_has_its_bound() -> None:
    assert len(parsed(answer_json([("a" * MOST_TEXT, [])]))) == 1
    with pytest.raises(UnusableOutputError):
        parsed(answer_json([("a" * (MOST_TEXT + 1), [])]))


def test_more_sentences_than_may_be_are_not_waited_for() -> None:
    parser = SentenceParser()
    found = parser.feed(answer_json([(f"{n}.", []) for n in range(MOST_SENTENCES + 5)])[:-2])
    assert [one.text for one in found] == [f"{n}." for n in range(MOST_SENTENCES)]
    assert parser.finished
    assert parser.feed("whatever") == []
