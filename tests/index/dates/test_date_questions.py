"""Which period a question asks about, counted from Thursday, 6 October 2022."""

from __future__ import annotations

import datetime as dt

import pytest

from index.dates import Period, question_period

TODAY = dt.date(2022, 10, 6)
EVER = "0001-01-01"


def days(first: str, last: str | None = None) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)


def span(question: str, today: dt.date = TODAY) -> tuple[dt.date, dt.date] | None:
    period = question_period(question, today)
    return (period.first, period.last) if period else None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("Where was he killed in February 2022?", "2022-02-01", "2022-02-28"),
        ("Where was he killed in February?", "2022-02-01", "2022-02-28"),
        ("what happened in may", "2022-05-01", "2022-05-31"),
        ("What happened in November?", "2021-11-01", "2021-11-30"),
        ("What did she say in October?", "2022-10-01", "2022-10-31"),
        ("Who resigned in 2019?", "2019-01-01", "2019-12-31"),
        ("Who ruled during the 1990s?", "1990-01-01", "1999-12-31"),
        ("Who ruled in the '80s?", "1980-01-01", "1989-12-31"),
        ("Who ruled in the 19th century?", "1801-01-01", "1900-12-31"),
        ("What was said in the fall of 2021?", "2021-09-01", "2021-11-30"),
        ("What was said in the winter of 2021?", "2021-12-01", "2022-02-28"),
        ("What opened last summer?", "2022-06-01", "2022-08-31"),
        ("What were the profits in Q3 2022?", "2022-07-01", "2022-09-30"),
        ("What were the profits in the first half of 2021?", "2021-01-01", "2021-06-30"),
        ("What did it earn in the second quarter of last year?", "2021-04-01", "2021-06-30"),
        ("What changed in October last year?", "2021-10-01", "2021-10-31"),
    ],
)
def test_months_years_and_seasons(question: str, first: str, last: str) -> None:
    assert span(question) == days(first, last)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What happened on 6 October?", "2022-10-06"),
        ("What happened on 7 October?", "2021-10-07"),
        ("What happened on Oct. 3?", "2022-10-03"),
        ("What happened on January 6, 2021?", "2021-01-06"),
        ("what happened on the 5th of november 2020", "2020-11-05"),
        ("What happened on 2021-10-03?", "2021-10-03"),
        ("What happened on 10/3/2021?", "2021-10-03"),
        ("What happened on 13/2/2022?", "2022-02-13"),
        ("Who spoke on Monday?", "2022-10-03"),
        ("Who spoke on Thursday?", "2022-10-06"),
        ("who spoke last thursday", "2022-09-29"),
        ("Who speaks next Tuesday?", "2022-10-11"),
        ("Who speaks this Friday?", "2022-10-07"),
        ("Who will speak on Friday?", "2022-10-07"),
        ("Who will speak on Oct. 3?", "2023-10-03"),
        ("Who spoke on Monday last week?", "2022-09-26"),
        ("Who won yesterday?", "2022-10-05"),
        ("What was shot down last night?", "2022-10-05"),
        ("What is planned for tomorrow?", "2022-10-07"),
        ("Who called the day before yesterday?", "2022-10-04"),
        ("Who called three days ago?", "2022-10-03"),
    ],
)
def test_single_days(question: str, day: str) -> None:
    assert span(question) == days(day)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What happened last week?", "2022-09-26", "2022-10-02"),
        ("Which show was renewed this week?", "2022-10-03", "2022-10-09"),
        ("Who was cheered over the weekend?", "2022-10-01", "2022-10-02"),
        ("Who won this past weekend?", "2022-10-01", "2022-10-02"),
        ("Who died this month?", "2022-10-01", "2022-10-31"),
        ("Who died last month?", "2022-09-01", "2022-09-30"),
        ("How many were sent this year?", "2022-01-01", "2022-12-31"),
        ("Who won the vote three years ago?", "2019-01-01", "2019-12-31"),
        ("What happened in the past three days?", "2022-10-03", "2022-10-06"),
        ("What happened in the last week?", "2022-09-29", "2022-10-06"),
        ("How far did prices rise over the past year?", "2021-10-06", "2022-10-06"),
        ("What opens in the next two weeks?", "2022-10-06", "2022-10-20"),
    ],
)
def test_periods_counted_from_today(question: str, first: str, last: str) -> None:
    assert span(question) == days(first, last)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What changed between May and July 2021?", "2021-05-01", "2021-07-31"),
        ("Who led between November and February 2022?", "2021-11-01", "2022-02-28"),
        ("Who was president from 2009 to 2017?", "2009-01-01", "2017-12-31"),
        ("What happened from March 3 to April 5, 2020?", "2020-03-03", "2020-04-05"),
        ("What happened from May 3-5, 2021?", "2021-05-03", "2021-05-05"),
        ("Who led the club in 2019-20?", "2019-01-01", "2020-12-31"),
        ("What has happened since March?", "2022-03-01", "2022-10-06"),
        ("WHAT HAVE THEY HAD SINCE 2003?", "2003-01-01", "2022-10-06"),
        ("Which laws passed before 2020?", EVER, "2019-12-31"),
        ("Which laws stood until March 2021?", EVER, "2021-03-31"),
        ("What happened after 2020?", "2021-01-01", "2022-10-06"),
        ("What comes after 2030?", "2031-01-01", "9999-12-31"),
    ],
)
def test_ranges_and_bounds(question: str, first: str, last: str) -> None:
    assert span(question) == days(first, last)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 2012 Olympics?",
        "Who won World Cup 2022?",
        "Who wrote Catch-22?",
        "Who planned 9/11?",
        "Who directed Blade Runner 2049?",
        "What did the Jan. 6 committee find?",
        "Did Theresa May resign?",
        "who may resign",
        "Why did they march to the capital?",
        "Who plays the mother in August: Osage County?",
        "Who hosts Last Week Tonight?",
        "Who writes for USA Today?",
        "Which shop was full on Black Friday?",
        "Who sang “March 1998”?",
        "Where was Al Quraishi killed?",
        "How many of the 2000 people survived?",
        "What was announced on 30 February?",
        "What happened in 99999?",
        "What happened on 32/13/2022?",
        "What came before 0001?",
        "What followed after the 2020 election?",
        "What was frozen 46,000 years ago?",
        "Who was the class of 2020 speaker?",
        "",
    ],
)
def test_names_and_impossible_dates_are_no_period(question: str) -> None:
    assert question_period(question, TODAY) is None


def test_a_date_counted_from_today_goes_before_others() -> None:
    question = "Who said this week that she will run for president in 2024?"
    assert span(question) == days("2022-10-03", "2022-10-09")
    question = "The mayor on Wednesday announced a plan. How much will it cost?"
    assert span(question) == days("2022-10-05")


def test_the_date_that_a_preposition_governs_counts() -> None:
    assert span("What did the March 3 letter say in 2021?") == days("2021-01-01", "2021-12-31")
    assert span("Why did Prime Minister May resign in 2019?") == days("2019-01-01", "2019-12-31")


def test_a_period_gives_its_words_and_whether_they_name_the_year() -> None:
    assert question_period("What has changed since March 2021?", TODAY) == Period(
        dt.date(2021, 3, 1), TODAY, "since March 2021", explicit=True
    )
    recent = question_period("Who left in February?", TODAY)
    assert recent is not None
    assert (recent.text, recent.explicit) == ("February", False)


@pytest.mark.parametrize("today", [dt.date.min, dt.date.max])
def test_periods_outside_the_calendar_are_none(today: dt.date) -> None:
    question = "Who won {} week?".format("last" if today == dt.date.min else "next")
    assert question_period(question, today) is None


def test_only_the_beginning_of_a_very_long_question_is_read() -> None:
    assert span("Who left in 2019? " + "why " * 1_000_000) == days("2019-01-01", "2019-12-31")
    assert question_period("why " * 1_000_000 + "in 2019?", TODAY) is None
