"""Both texts can be told from their differences, which are few where little changed."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room_samples import texts, unhurried

from bot.room.differences import MAX_PARTS, Change, differences

sentences = st.lists(
    st.sampled_from(["The bridge opened. ", "It cost 20 million. ", "Nobody came!\n\n", "So? "]),
    max_size=12,
).map("".join)


def old_of(changes: list[Change]) -> str:
    return "".join(change.text for change in changes if change.kind != "added")


def new_of(changes: list[Change]) -> str:
    return "".join(change.text for change in changes if change.kind != "removed")


@unhurried
@given(st.one_of(texts, sentences), st.one_of(texts, sentences))
def test_both_texts_are_whole(old: str, new: str) -> None:
    changes = differences(old, new)
    assert (old_of(changes), new_of(changes)) == (old, new)
    assert all(change.text for change in changes)
    kinds = [change.kind for change in changes]
    assert all(a != b for a, b in pairwise(kinds))


@unhurried
@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert differences(text, text) == [Change("same", text)]


def test_changed_words_are_named_inside_their_sentence() -> None:
    assert differences(
        "It opened in May. It cost 20 million pounds. All came.",
        "It opened in May. It cost 25 million pounds. All came. Some left.",
    ) == [
        Change("same", "It opened in May. It cost "),
        Change("removed", "20"),
        Change("added", "25"),
        Change("same", " million pounds. All came."),
        Change("added", " Some left."),
    ]


def test_another_sentence_is_replaced_as_a_whole() -> None:
    changes = differences(
        "It rained. The mayor spoke for an hour. It ended.",
        "It rained. Ferries will carry forty cars daily. It ended.",
    )
    assert [change.kind for change in changes] == ["same", "removed", "added", "same"]
    assert "The mayor spoke for an hour." in changes[1].text


@pytest.mark.parametrize("seed", range(3))
def test_texts_too_hard_to_match_are_replaced_between_their_equal_ends(seed: int) -> None:
    chance = random.Random(seed)
    words = [chance.choice("ab") for _ in range(4 * MAX_PARTS)]
    old = "Begin. " + ". ".join(words) + ". End."
    new = "Begin. " + ". ".join(reversed(words)) + ". End."
    changes = differences(old, new)
    assert (old_of(changes), new_of(changes)) == (old, new)
    assert len(changes) == 4
    assert changes[0].text.startswith("Begin.")
    assert changes[-1].text.endswith("End.")


def test_a_million_changed_words_end() -> None:
    old = "".join(f"Word {n} of one text that is long.\n" for n in range(30_000))
    new = old.replace("one", "another")
    changes = differences(old, new)
    assert (old_of(changes), new_of(changes)) == (old, new)
