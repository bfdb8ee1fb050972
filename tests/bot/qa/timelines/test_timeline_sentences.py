"""What dates a sentence, what tells an event, and what is about a topic."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.timelines.dating import dated, precision_of
from bot.qa.timelines.event import DatedBy, Precision
from bot.qa.timelines.telling import telling
from bot.qa.timelines.topic import ENOUGH, Topic
from index.article import Article

DAY = dt.date(2022, 10, 6)  # a Thursday


def article(text: str, date: dt.date | None = DAY, title: str = "") -> Article:
    return Article("a", title, date, "", "", text)


def days(sentence: str, date: dt.date | None = DAY, before: str = "") -> str:
    """The days of a sentence that stands behind `before`, and what says so."""
    found = dated(article(before + sentence, date), len(before), len(before) + len(sentence))
    if found is None:
        return ""
    last = "" if found.last == found.first else f" {found.last}"
    by = "" if found.dated_by is DatedBy.SENTENCE else " article"
    return f"{found.first}{last}{by}"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The bridge fell on Tuesday.", "2022-10-04"),
        ("The bridge fell in February.", "2022-02-01 2022-02-28"),
        ("The bridge fell in 2019.", "2019-01-01 2019-12-31"),
        ("The bridge fell earlier this week, police said.", "2022-10-03 2022-10-06"),
        ("Troops held it from April 2003 to January 2004.", "2003-04-01 2004-01-31"),
        ("The bridge will open on 2 November.", "2022-11-02"),
        ("The bridge will open on Sunday.", "2022-10-09"),
        ("After starting Saturday, the march reached the bridge.", "2022-10-01"),
        # A bound, an attribute, another thing's year and a clause say when something else was.
        ("After the bridge fell on Tuesday, the mayor resigned on Wednesday.", "2022-10-05"),
        ("The mayor, who took office in May, resigned on Wednesday.", "2022-10-05"),
        ("What the mayor did in 2019 was told to a court that met on Monday.", "2022-10-03"),
        ("The bridge, closed since Monday, fell into the river.", "2022-10-06 article"),
        ("The mayor apologized for what he did at Sunday's parade.", "2022-10-06 article"),
        ("The bridge fell into the river.", "2022-10-06 article"),
        ("The panel looking into the 2019 election found no fraud.", ""),
        ("The storm matched the winds of Hurricane Zelda in 2004.", ""),
        ("The council moved the opening of the bridge to May 2025.", ""),
        ("It was the biggest fine since the bridge fell in May.", ""),
        # No day can be told.
        ("Troops held the bridge from April 2003 to June 2009.", ""),
        ("The bridge fell in the 1990s.", ""),
        ("The bridge fell a few years ago.", ""),
        ("The bridge had fallen into the river.", ""),
        ("The bridge will be opened by the mayor.", ""),
        ("The bridge is a landmark of the town.", ""),
    ],
)
def test_the_day_of_a_sentence(sentence: str, expected: str) -> None:
    assert days(sentence) == expected


def test_without_a_date_of_the_article_only_whole_dates_count() -> None:
    assert days("The bridge fell on Tuesday.", None) == ""
    assert days("The bridge fell.", None) == ""
    assert days("The bridge fell on 4 October 2022.", None) == "2022-10-04"


def test_the_article_dates_only_its_beginning() -> None:
    assert days("The bridge fell.", before="It rained. " * 90) == ""
    assert days("The bridge fell on Tuesday.", before="It rained. " * 90) == "2022-10-04"


def test_only_a_weekday_far_back_is_stale() -> None:
    for sentence, stale in [("It fell on Friday.", True), ("It fell on Tuesday.", False),
                            ("It fell on Sept. 30.", False)]:  # fmt: skip
        found = dated(article(sentence), 0, len(sentence))
        assert found is not None and found.stale(DAY) is stale


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2022-10-06", "2022-10-06", Precision.DAY),
        ("2022-10-03", "2022-10-09", Precision.DAY),
        ("2022-02-01", "2022-02-28", Precision.MONTH),
        ("2022-06-01", "2022-08-31", Precision.MONTH),
        ("2022-01-01", "2022-12-31", Precision.YEAR),
        ("9999-12-01", "9999-12-31", Precision.MONTH),
    ],
)
def test_precision(first: str, last: str, expected: Precision) -> None:
    assert precision_of(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "A day of great grief for the whole town of Velm.",  # no verb
        "Was the bridge of Velm closed before it fell?",
        "Photos: The bridge of Velm collapsed into the river.",
        "Ana Berg/AP People walked over the bridge of Velm.",
        "Read more: How the bridge of Velm collapsed.",
        "THE BRIDGE OF VELM COLLAPSED ON TUESDAY.",
        "and the bridge of Velm collapsed on Tuesday.",
        "Y., said the bridge of Velm collapsed on Tuesday.",
        "The bridge of Velm collapsed on Tuesday, said Ann B.",
        "It fell.",
        "The bridge fell" + " and fell" * 60 + ".",
    ],
)
def test_what_tells_nothing(sentence: str) -> None:
    assert telling(sentence) == 0.0


def test_happenings_tell_more_than_words_plans_and_states() -> None:
    happened, said, planned, state = (
        telling(sentence)
        for sentence in (
            "The bridge of Velm collapsed on Tuesday.",
            "The mayor said the bridge of Velm is old.",
            "The mayor will open the bridge of Velm on Friday.",
            "The bridge of Velm is the oldest in the country.",
        )
    )
    assert 1.0 == happened > said > planned > state > 0.0
    assert telling("“The bridge of Velm collapsed on us,” he said.") < said
    assert telling("The bridge of Velm should not be closed, we are told.") < state + said


def about(topic: str, sentence: str, text: str = "", title: str = "") -> bool:
    weights = {"hurricane": 3.0, "zelda": 6.0, "toll": 4.0, "mira": 6.0, "storm": 2.0}
    asked = Topic(topic, lambda word: weights.get(word.lower(), 4.0))
    return asked.share(sentence, article(text or sentence, title=title)) >= ENOUGH


def test_a_topic_is_told_by_its_rarest_word() -> None:
    assert about("Hurricane Zelda", "Zelda hit the coast.", "Hurricane Zelda came. Zelda hit.")
    assert about("hurricane zelda", "Zelda hit the coast.")
    assert not about("hurricane zelda", "Hurricane Otto hit the coast.", title="Hurricane Zelda")
    assert not about("hurricane zelda", "It rained.", title="Hurricane Zelda")


def test_a_last_name_stands_for_the_whole_where_the_article_has_that() -> None:
    full = "Mira Toll sang in Velm."
    assert about("Mira Toll", full)
    assert about("Mira Toll", "Ms. Toll left.", full)
    assert not about("Mira Toll", "Toll left.", "Peter Toll sang.")
    assert not about("Mira Toll", "Peter Toll left.", full)
    assert not about("Mira Toll", "The road has a toll.", full)


def test_countries_and_spellings() -> None:
    assert about("Syria", "Syrian troops left the town.")
    assert not about("Syria", "Serbian troops left the town.")
    assert about("al-Qurayshi", "Al Quraishi blew himself up.")
    assert about("Al Baghdadi", "Baghdadi was killed.")


def test_the_subject_is_more_prominent_than_what_is_compared() -> None:
    topic = Topic("Zelda", lambda _: 1.0)
    subject = topic.prominence("Zelda flooded the coast.")
    compared = topic.prominence("It was the worst storm to hit the coast since Zelda.")
    assert 1.0 == subject > compared > 0.0


WORDS = "The dam broke on Tuesday in May 2019 from to , . ' who \u201c \u201d ( 1999"
texts = st.text(min_size=1) | st.lists(st.sampled_from(WORDS.split()), min_size=1).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    text=texts.filter(str.strip),
    topic=st.text(min_size=1, max_size=30) | st.just("The Dam"),
    date=st.none() | st.dates(),
)
def test_whatever_is_written_nothing_fails(text: str, topic: str, date: dt.date | None) -> None:
    of = article(text, date)
    found = dated(of, 0, len(text))
    if found is not None:
        assert found.first <= found.last
        assert found.words is None or text[slice(*found.words)]
        assert (found.words is None) is (found.dated_by is DatedBy.ARTICLE)
    assert 0.0 <= telling(text) <= 1.0
    asked = Topic(topic, lambda word: len(word))
    assert 0.0 <= asked.share(text, of) <= 1.0
    assert 0.0 < asked.prominence(text) <= 1.0
