"""A sentence lacks nothing of itself, and everything that was changed in it."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from proof_sentences import Told, changed_tellings, tellings

from bot.proof.particulars import Kind, missing, particulars

PIECES = (
    "Dr.", "U.S.", "word", "The", "Al", "al-Shabaab", "F-16", "of", "&", "Bank", "12", "1,2,3",
    "$", "5m", "$5m", "two", "one two", "twelve hundred and", "half", "third", "first", "p.m.",
    "3", ":30", "past", "15 years", "Feb.", "30", "Monday", "2022", "1990s", '"', "'", "\u201c",
    "\u2019", "...", "\u00bd", "-", "\u2014", "\u0661", "\u0130", "\ufb01ne", "\u00e9",
    "e\u0301", "\u200b", "million", "\u4e2d\u6587", "IN CAPITALS", "McCain", "van der Berg",
    "O'Neill",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda pieces: st.sampled_from([" ", "", ", ", "\n"]).map(lambda space: space.join(pieces))
)
KIND = {"name": Kind.NAME, "place": Kind.NAME, "number": Kind.NUMBER, "date": Kind.DATE}


@settings(max_examples=400, deadline=None)
@given(TEXTS | st.text(max_size=80), st.dates() | st.none())
def test_a_sentence_lacks_nothing_of_itself(text: str, day: dt.date | None) -> None:
    assert missing(text, [text], written=[day]) == ()


@settings(max_examples=200, deadline=None)
@given(TEXTS | st.text(max_size=80))
def test_particulars_are_slices_in_order_and_all_missing_without_quotes(text: str) -> None:
    found = particulars(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(text[one.start : one.end] == one.text and one.text for one in found)
    assert missing(text, [], written=[]) == found


@settings(max_examples=200, deadline=None)
@given(tellings, st.booleans(), st.booleans())
def test_the_form_of_numbers_and_dates_makes_no_difference(
    told: Told, in_words: bool, day_first: bool
) -> None:
    sentence = told.written(in_words=in_words, day_first=day_first)
    assert missing(sentence, [str(told)], written=[None]) == ()
    assert missing(str(told), [sentence], written=[None]) == ()


@settings(max_examples=400, deadline=None)
@given(changed_tellings(), st.booleans(), st.booleans())
def test_another_name_number_place_or_date_is_found_missing(
    change: tuple[Told, Told, str], in_words: bool, day_first: bool
) -> None:
    told, changed, what = change
    sentence = changed.written(in_words=in_words, day_first=day_first)
    lacking = missing(sentence, [str(told)], written=[None])
    assert [one.kind for one in lacking] == [KIND[what]]
