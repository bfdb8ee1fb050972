"""Whatever the text, nothing is raised and every span and day is possible."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dates import mentions, question_period, wants_latest

WORDS = (
    "Dr.", "U.S.", "word", "😀", "İ", "ﬁ", "\u2029", "\r\n", "\ufeff", "\u0301", "$", "p.m.",
    "in", "the", "on", "of", "last", "past", "this", "next", "Last", "NEXT", "coming",
    "previous", "between", "and", "from", "to", "since", "before", "until", "after", "week",
    "weeks", "month", "Year", "decades", "centuries", "century", "weekend", "day", "night", "ago",
    "from now", "a", "few", "couple of", "999", "0", "00", "29", "30", "31", "45", "0000", "1000",
    "1582", "1999", "2022", "2099", "99999", "1990s", "'90s", "0th century", "21st century", "Q4",
    "first half of", "fourth half of", "February", "Feb.", "FEB 29", "may", "March", "Sept. 31",
    "Monday", "friday", "Sat.", "summer", "winter of", "yesterday", "today", "day before yesterday",
    "2022-02-30", "0001-01-01", "2021/10/03", "32/13/2022", "02/29/2100", "1/1/00", "0/0/0000",
    "3-5", "9999", "\u0663", "\uff11\uff12",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=25).flatmap(
    lambda words: st.sampled_from([" ", "", ", ", "-", "\n", "\u00a0"]).map(
        lambda space: space.join(words)
    )
)
DAYS = st.dates() | st.sampled_from([dt.date.min, dt.date.max, dt.date(2024, 2, 29)])


@settings(max_examples=400, deadline=None)
@given(TEXTS | st.text(max_size=80), DAYS | st.none())
def test_mentions_are_ordered_slices_with_possible_days(text: str, day: dt.date | None) -> None:
    position = 0
    for mention in mentions(text, day):
        assert position <= mention.start < mention.end <= len(text)
        assert mention.first <= mention.last
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end]
        position = mention.end


@settings(max_examples=400, deadline=None)
@given(TEXTS | st.text(max_size=80), DAYS)
def test_a_question_s_period_is_possible_and_in_its_words(text: str, today: dt.date) -> None:
    period = question_period(text, today)
    assert period is None or (period.first <= period.last and period.text in text)
    assert wants_latest(text) in (True, False)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.dates(), st.dates())
def test_an_absolute_date_is_the_same_whenever_it_is_said(
    text: str, one: dt.date, other: dt.date
) -> None:
    absolute = {(m.start, m.end): m for m in mentions(text, None)}
    for day in (one, other):
        for mention in mentions(text, day):
            key = (mention.start, mention.end)
            assert absolute.get(key, mention) == mention


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "a ",
        "last ",
        "2019-",
        "1/1/",
        "Jan ",
        "Mon., ",
        "the next ",
        "between May and ",
        "'90s",
    ],
)
def test_a_long_text_of_almost_dates_comes_to_an_end(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert all(m.end - m.start < 60 for m in mentions(text, dt.date(2022, 10, 6)))
    question_period(text, dt.date(2022, 10, 6))
    wants_latest(text)
