"""The part of a message that can be checked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.followups.claims import MAX_CLAIM, claim_question

RAID = "The raid killed 12 people in Atme"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (RAID, RAID),
        (f"<@123> lol **{RAID}** https://example.org/a?b=c", RAID),
        (f"[{RAID}](https://example.org)", RAID),
        (f"||{RAID}|| @everyone <:fire:12345>", RAID),
        (f"BREAKING: {RAID}", RAID),
        ("> ISIS was defeated\n> in Syria in 2019.", "ISIS was defeated in Syria in 2019."),
        (
            "I love my cat. Al Baghdadi was killed in Barisha in 2019. What do you think?",
            "Al Baghdadi was killed in Barisha in 2019.",
        ),
    ],
)
def test_the_checkable_sentence_is_kept(text: str, claim: str) -> None:
    assert claim_question(text) == claim


@pytest.mark.parametrize("text", ["", "wow", "https://example.org/", "<@1> <@&2>", "ok thanks"])
def test_nothing_is_searched_where_nothing_is_said(text: str) -> None:
    assert claim_question(text) == ""


def test_a_long_sentence_is_cut_between_words() -> None:
    claim = claim_question("Atme Tarn " * 300)

    assert len(claim) <= MAX_CLAIM
    assert set(claim.split()) == {"Atme", "Tarn"}


def test_overrides_and_piled_accents_are_gone() -> None:
    claim = claim_question("The \u202emayor\u200b of Tarn re\u0301\u0301\u0301\u0301\u0301signed")

    assert claim == "The mayor of Tarn re\u0301\u0301signed"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("[](){}<>@#*`_~|:/. aA1\n\u202e\u0301"), max_size=300))
def test_any_markup_gives_one_bounded_line(text: str) -> None:
    claim = claim_question(text)

    assert len(claim) <= MAX_CLAIM
    assert "\n" not in claim
