"""Dates as written, in full."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qa.when import resolved_date

THURSDAY = dt.date(2022, 10, 6)


def resolved(marked: str, date: dt.date | None = THURSDAY) -> str:
    """What the words in brackets mean in an article of `date`."""
    before, _, rest = marked.partition("[")
    answer, _, after = rest.partition("]")
    return resolved_date(before + answer + after, len(before), len(before + answer), date)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He was killed in a raid [in February].", "February 2022"),
        ("It was opened [on Thursday].", "6 October 2022"),
        ("It was opened on [Monday].", "3 October 2022"),
        ("It will open [on Monday].", "10 October 2022"),
        ("The vote was [yesterday].", "5 October 2022"),
        ("Prices fell [last month].", "September 2022"),
        ("He left [three years ago].", "2019"),
        ("He left [two weeks ago].", "19 to 25 September 2022"),
        ("He was jailed [last year].", "2021"),
        ("The fair is [next week].", "10 to 16 October 2022"),
        ("It began [on Sept. 28].", "28 September 2022"),
        ("The tour ran [from 3-5 October].", "3 to 5 October 2022"),
        ("Talks are set for [December].", "December 2022"),
        ("It rose [in the second quarter of last year].", "April to June 2021"),
        ("Snow fell [in the winter of last year].", "December 2021 to February 2022"),
        ("He died [early last year].", "2021"),
        ("He sang in [the '90s].", "the 1990s"),
        ("He was killed [in a raid in February] near the border.", "February 2022"),
        ("He left [on Friday, 30 September].", "30 September 2022"),
        ("He was freed [in October] 2020.", "October 2020"),
        ("He was freed in February [2019].", "February 2019"),
        ("They met [this past weekend].", "1 to 2 October 2022"),
        ("They met [last Friday].", "30 September 2022"),
        ("They met [last December].", "December 2021"),
    ],
)
def test_a_partial_date_in_full(text: str, words: str) -> None:
    assert resolved(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "He left [in 2019].",
        "He left [on 6 October 2022].",
        "He left [in February 2022] for good.",
        "The rule dates from [the 1990s].",
        "It was [2021-10-03].",
        "It was [10/3/2021].",
        "He came [at noon].",
        "He came [from Paris].",
    ],
)
def test_nothing_to_add_to_what_is_written(text: str) -> None:
    assert resolved(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "He left [a few years ago].",
        "He left [several weeks ago].",
        "They met [two decades ago].",
        "They met about [three years ago].",
        "They met nearly [three years ago].",
        "He left fifteen years ago [Wednesday].",
        "The vote is a week from [Monday].",
        "Prices rose [in the past three years].",
        "They met [last Monday].",  # of this week, or of the week before?
        "They will meet [next Friday].",
        "They met [last March].",
        "It closes every [February].",
        "He left [in February that year].",
        "He left [in February of the same year].",
        "In 2011 he came, and [in March] he left.",
        "He came in May 2011. [In March] he left.",
        "He came [on Monday and on Tuesday].",
        "He stayed [from June to August].",
        "It was [10/3/20]21.",
    ],
)
def test_no_date_where_there_is_a_doubt(text: str) -> None:
    assert resolved(text) == ""


def test_another_year_far_away_is_no_doubt() -> None:
    text = "He came in May 2011. He liked it. He stayed. He left [in March]."
    assert resolved(text) == "March 2022"
    assert resolved("In 2022 he came, and [in March] he left.") == "March 2022"
    assert resolved("He came in 2011 and left [last month].") == "September 2022"


def test_without_the_articles_date_nothing_is_added() -> None:
    assert resolved("He left [in February].", None) == ""


def test_an_answer_far_into_a_long_article() -> None:
    text = "It rained. " * 2000 + "He left [in February]. " + "It rained. " * 2000
    assert resolved(text) == "February 2022"


@given(
    st.lists(
        st.sampled_from(
            """in on last next this the of and to 3 31 2019 1990s '90s February Monday May year
            weeks ago two a few yesterday 10/3/2021 , .""".split()  # noqa: SIM905
        ),
        max_size=20,
    ).map(" ".join),
    st.integers(0, 80),
    st.integers(1, 80),
    st.dates() | st.none(),
)
def test_any_span_of_any_text(
    text: str, start: int, length: int, published: dt.date | None
) -> None:
    start = min(start, len(text))
    words = resolved_date(text, start, min(start + length, len(text)), published)
    assert words == words.strip() and (words == "" or words[-1].isdigit() or words.endswith("s"))
