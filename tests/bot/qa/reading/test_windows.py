"""Long texts in parts."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.qa.reading.windows import MAX_ANSWER_TOKENS, WindowBuilder, parts


@pytest.fixture
def tokenizer(small_reader: Path) -> Tokenizer:
    return Tokenizer.from_file(str(small_reader / "tokenizer.json"))


@given(st.integers(62, 400), st.lists(st.integers(1, 300), min_size=1, max_size=30).map(np.cumsum))
def test_parts(room: int, ends: np.ndarray) -> None:
    count, sentences = int(ends[-1]), [0, *ends[:-1].tolist()]
    found = list(parts(sentences, count, room))
    assert found[0][0] == 0 and found[-1][1] == count
    assert all(0 < end - begin <= room for begin, end in found)
    for (begin, end), (following, _) in itertools.pairwise(found):
        assert begin < following <= end - MAX_ANSWER_TOKENS + 1, "an answer would be in neither"
        assert following <= begin + room // 2
    if count <= room:
        assert len(found) == 1
    elif max(np.diff([*sentences, count])) <= room // 2 - MAX_ANSWER_TOKENS:
        assert all(begin in sentences for begin, _ in found)
        assert all(end in {*sentences, count} for _, end in found)


def test_no_tokens_have_no_parts() -> None:
    assert list(parts([0], 0, 100)) == []


def test_a_window_is_the_pair_that_the_tokenizer_makes(tokenizer: Tokenizer) -> None:
    question, text = "Where was he killed?", "In Atme, they said. It was early."
    pair = tokenizer.encode(question, text)
    builder = WindowBuilder(tokenizer, 96)
    (tokens,) = builder.tokens([text])
    (window,) = builder.windows(builder.question(question), tokens)
    length = sum(pair.attention_mask)
    assert window.ids.tolist() == pair.ids[:length]
    assert window.types.tolist() == pair.type_ids[:length]
    assert (window.begin, window.end) == (0, len(tokens.ids))
    shown = [text[start:end] for start, end in tokens.offsets.tolist()]
    assert "".join(shown) == text.replace(" ", "")
    assert [shown[n] for n in tokens.sentences] == ["In", "It"]


def test_windows_hold_what_they_say(tokenizer: Tokenizer) -> None:
    builder = WindowBuilder(tokenizer, 96)
    (tokens,) = builder.tokens(["The council closed two libraries. " * 60])
    windows = list(builder.windows(builder.question("Why?"), tokens))
    assert len(windows) > 5 and max(len(window.ids) for window in windows) <= 96
    for window in windows:
        held = window.ids[window.context : window.context + window.end - window.begin]
        assert held.tolist() == tokens.ids[window.begin : window.end].tolist()
        assert window.begin in tokens.sentences


def test_a_tokenizer_without_pairs(tokenizer: Tokenizer) -> None:
    from tokenizers.processors import TemplateProcessing

    tokenizer.post_processor = TemplateProcessing(single="$A", pair="$A $B:1", special_tokens=[])
    with pytest.raises(ValueError, match="begins with no special token"):
        WindowBuilder(tokenizer)
