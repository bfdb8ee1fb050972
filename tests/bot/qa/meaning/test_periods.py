"""The days that a candidate's words mean."""

from __future__ import annotations

import datetime as dt

import pytest
from said import say

from bot.qa.meaning.periods import apart, period_of, within

FEBRUARY = dt.date(2022, 2, 1), dt.date(2022, 2, 28)


@pytest.mark.parametrize(
    ("text", "words", "first", "last"),
    [
        ("He left in February.", "in February", "2022-02-01", "2022-02-28"),
        ("He left on Feb. 3.", "Feb. 3", "2022-02-03", "2022-02-03"),
        ("He left on 3 February 2019.", "3 February 2019", "2019-02-03", "2019-02-03"),
        ("He left in October 2019.", "2019", "2019-10-01", "2019-10-31"),
        ("He left in 2019.", "in 2019", "2019-01-01", "2019-12-31"),
        ("He left early on Thursday.", "early on Thursday", "2022-10-06", "2022-10-06"),
        ("He left on Monday morning.", "Monday morning", "2022-10-03", "2022-10-03"),
        ("On Thursday, October 6, he left.", "Thursday, October 6", "2022-10-06", "2022-10-06"),
    ],
)
def test_a_date_is_counted_from_the_article(text: str, words: str, first: str, last: str) -> None:
    expected = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert period_of(say(text, words)) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It was so before 2019.", "before 2019"),
        ("It rained in May and July.", "May and July"),
        ("The 2019 elections were held.", "2019 elections"),
        ("He met the mayor.", "the mayor"),
    ],
)
def test_what_is_more_or_less_than_a_date_has_no_days(text: str, words: str) -> None:
    assert period_of(say(text, words)) is None


def test_a_relative_date_of_an_undated_article_has_no_days() -> None:
    assert period_of(say("He left in February.", "February", date=None)) is None


def test_periods_are_compared_by_their_days() -> None:
    day = dt.date(2022, 2, 3), dt.date(2022, 2, 3)
    march = dt.date(2022, 3, 1), dt.date(2022, 3, 31)
    assert within(day, FEBRUARY)
    assert not within(FEBRUARY, FEBRUARY)
    assert not within(FEBRUARY, day)
    assert apart(FEBRUARY, march)
    assert not apart(day, FEBRUARY)
