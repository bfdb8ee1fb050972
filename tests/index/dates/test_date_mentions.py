"""Which dates a passage mentions, in an article of Thursday, 6 October 2022."""

from __future__ import annotations

import datetime as dt

import pytest

from index.dates import DateMention, mentions

PUBLISHED = dt.date(2022, 10, 6)


def found(text: str, published: dt.date | None = PUBLISHED) -> list[tuple[str, str, str]]:
    return [
        (text[m.start : m.end], m.first.isoformat(), m.last.isoformat())
        for m in mentions(text, published)
    ]


@pytest.mark.parametrize(
    ("sentence", "words", "first", "last"),
    [
        ("He died in a raid in February.", "February", "2022-02-01", "2022-02-28"),
        ("It began in November.", "November", "2021-11-01", "2021-11-30"),
        ("The river rose in late May.", "May", "2022-05-01", "2022-05-31"),
        ("It was sold in June and August.", "June", "2022-06-01", "2022-06-30"),
        ("She left in October 2021.", "October 2021", "2021-10-01", "2021-10-31"),
        ("She left in October of last year.", "October of last year", "2021-10-01", "2021-10-31"),
        ("The bridge fell in 2019.", "2019", "2019-01-01", "2019-12-31"),
        ("The 2016 vote was close.", "2016", "2016-01-01", "2016-12-31"),
        ("A town founded in 1815.", "1815", "1815-01-01", "1815-12-31"),
        ("The war of 1914-18 began there.", "1914-18", "1914-01-01", "1918-12-31"),
        ("Music of the 1990s was loud.", "1990s", "1990-01-01", "1999-12-31"),
        ("Music of the \u201970s was loud.", "\u201970s", "1970-01-01", "1979-12-31"),
        ("A 19th-century house burned.", "19th-century", "1801-01-01", "1900-12-31"),
        ("Sales fell in Q2 2021.", "Q2 2021", "2021-04-01", "2021-06-30"),
        (
            "Sales fell in the third quarter of 2021.",
            "third quarter of 2021",
            "2021-07-01",
            "2021-09-30",
        ),
        ("It was built in the summer of 2020.", "summer of 2020", "2020-06-01", "2020-08-31"),
        ("It opened last summer.", "last summer", "2022-06-01", "2022-08-31"),
        ("Rain fell last week.", "last week", "2022-09-26", "2022-10-02"),
        ("Rain fell in the last week.", "last week", "2022-09-29", "2022-10-06"),
        ("It was said earlier this month.", "this month", "2022-10-01", "2022-10-31"),
        ("It fell over the past two years.", "past two years", "2020-10-06", "2022-10-06"),
        ("They met over the weekend.", "weekend", "2022-10-01", "2022-10-02"),
        ("He was hurt a month ago.", "a month ago", "2022-09-01", "2022-09-30"),
        (
            "He was hurt a couple of weeks ago.",
            "a couple of weeks ago",
            "2022-09-19",
            "2022-09-25",
        ),
        ("He was born 20 years ago.", "20 years ago", "2002-01-01", "2002-12-31"),
        ("The trial is next March.", "next March", "2023-03-01", "2023-03-31"),
        ("The fair ran May 3-5, 2021.", "May 3-5, 2021", "2021-05-03", "2021-05-05"),
        ("The fair ran from 3 to 5 May.", "3 to 5 May", "2022-05-03", "2022-05-05"),
        ("LAST WEEK THE PREMIER LEFT.", "LAST WEEK", "2022-09-26", "2022-10-02"),
    ],
)
def test_periods(sentence: str, words: str, first: str, last: str) -> None:
    assert (words, first, last) in found(sentence)


@pytest.mark.parametrize(
    ("sentence", "words", "day"),
    [
        ("Monday was cold.", "Monday", "2022-10-03"),
        ("The court ruled on Friday.", "Friday", "2022-09-30"),
        ("The court ruled Thursday.", "Thursday", "2022-10-06"),
        ("The court ruled last Thursday.", "last Thursday", "2022-09-29"),
        ("The court ruled this past Saturday.", "this past Saturday", "2022-10-01"),
        ("The court ruled yesterday.", "yesterday", "2022-10-05"),
        ("Last night the court ruled.", "Last night", "2022-10-05"),
        ("The vote is tomorrow.", "tomorrow", "2022-10-07"),
        ("He was seen on Oct. 3 there.", "Oct. 3", "2022-10-03"),
        ("He was seen on Dec. 9 there.", "Dec. 9", "2021-12-09"),
        ("He was seen on October 3, 2021, there.", "October 3, 2021", "2021-10-03"),
        ("He was seen on 3 October 2021.", "3 October 2021", "2021-10-03"),
        ("He was seen on the 3rd of October 2021.", "3rd of October 2021", "2021-10-03"),
        ("Seen 2021-10-03 there.", "2021-10-03", "2021-10-03"),
        ("Seen 10/3/2021 there.", "10/3/2021", "2021-10-03"),
        ("Seen 10/3/21 there.", "10/3/21", "2021-10-03"),
        ("Seen 25/3/2021 there.", "25/3/2021", "2021-03-25"),
        ("He was seen on Monday, Oct. 3.", "Monday, Oct. 3", "2022-10-03"),
        ("Doors open Wednesday, Oct. 4.", "Wednesday, Oct. 4", "2023-10-04"),
        ("He left three days ago.", "three days ago", "2022-10-03"),
    ],
)
def test_days(sentence: str, words: str, day: str) -> None:
    assert found(sentence) == [(words, day, day)]


@pytest.mark.parametrize(
    ("sentence", "first"),
    [
        ("The court will rule on Friday.", "2022-10-07"),
        ("The court is expected to rule on Friday.", "2022-10-07"),
        ("The report is due Friday.", "2022-10-07"),
        ("On Friday, the court will rule.", "2022-10-07"),
        ("He was told on Friday that the court will rule.", "2022-09-30"),
        ("He is to be sentenced on Friday.", "2022-10-07"),
        ("The court ruled. It will rest on Friday.", "2022-10-07"),
        ("The judge asked them to answer by Friday.", "2022-10-07"),
        ("Repairs were made by Thursday, they said.", "2022-10-06"),
        ("Repairs were made by Friday, they said.", "2022-09-30"),
        ("They want the wall done by March 1.", "2023-03-01"),
        ("Rain is likely on Saturday.", "2022-10-08"),
        ("Free tea through Saturday", "2022-10-08"),
        ("Monday's storm may not be the worst.", "2022-10-03"),
        ("It will rain over the weekend.", "2022-10-08"),
        ("Voters will decide in November.", "2022-11-01"),
        ("Snow may return in January.", "2023-01-01"),
        ("Snow may have fallen in January.", "2022-01-01"),
        ("The film will be out in October.", "2022-10-01"),
        ("The game: Oct. 20, 8 p.m.", "2022-10-20"),
        ("It is scheduled for Dec. 9.", "2022-12-09"),
        ("Feb. 29 was warm.", "2020-02-29"),
    ],
)
def test_the_verb_tells_whether_a_date_lies_ahead(sentence: str, first: str) -> None:
    assert [mention[1] for mention in found(sentence)] == [first]


@pytest.mark.parametrize(
    "sentence",
    [
        "Theresa May left.",
        "You may march now, April Stone.",
        "They joined the Women's March.",
        "He was found at Mar-a-Lago.",
        "They shop on Black Friday.",
        "They meet every Tuesday.",
        "They meet every Monday, Wednesday and Friday.",
        "He had won the previous night.",
        "She watched Saturday Night Live.",
        "She watched CBS This Morning.",
        "She saw Blade Runner 2049 twice.",
        "More than 2000 people came.",
        "It cost $2019 or 2,019 crowns.",
        "They live at 1600 Pennsylvania Avenue.",
        "It starts at 2000 GMT.",
        "After 9/11 the Jan. 6 committee met.",
        "He was in his early '60s.",
        "The next day he left.",
        "On the last day of school he left.",
        "Half past one, long past midnight.",
        "February 30, 32/13/2022, in 99999, the year 0000, 2021-13-45",
        "",
    ],
)
def test_no_dates(sentence: str) -> None:
    assert mentions(sentence, PUBLISHED) == []


def test_offsets_count_code_points() -> None:
    text = "😀 Ünïcode: in February 2021…"
    assert mentions(text, None) == [
        DateMention(14, 27, dt.date(2021, 2, 1), dt.date(2021, 2, 28)),
    ]
    assert text[14:27] == "February 2021"


def test_without_a_date_of_publication_only_absolute_dates_are_given() -> None:
    text = "On Monday, in February, last week, Oct. 3 and in 2019 and the 1990s and June 2020."
    assert [words for words, _, _ in found(text, None)] == ["2019", "1990s", "June 2020"]


def test_several_dates_come_in_order() -> None:
    text = "He left in May 2020, came back on Monday and was gone again yesterday."
    assert [words for words, _, _ in found(text)] == ["May 2020", "Monday", "yesterday"]


def test_no_expression_crosses_a_blank_line() -> None:
    assert [words for words, _, _ in found("It fell in March\n\n2019 was dry.")] == [
        "March",
        "2019",
    ]
