"""Timelines from small archives of invented articles, searched with the real model."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.qa.timeline import DatedBy, Event, Precision, Timeline, make_timeline
from index.archive import Archive
from index.article import Article
from index.errors import NoIndexError
from index.filtering import FilterError, SearchFilter

BREACH = (
    "The Orlow dam broke on Tuesday after three days of rain, flooding the lower town of Velm. "
    "Rescuers took 300 people from their roofs. The dam is 60 metres high."
)
ARTICLES = [
    ("built", "2021-03-10", "Courier", "The dam at Orlow needs repair. "
     "Inspectors found cracks in the Orlow dam in February 2020 and asked for money."),
    ("breach", "2022-05-04", "Courier", BREACH),
    ("copy", "2022-05-05", "Herald", BREACH + " Schools are closed."),
    ("again", "2022-05-06", "Gazette", "Velm counts its losses. When the Orlow dam broke on May 3, "
     "it flooded the lower town of Velm within an hour."),
    ("trial", "2022-11-20", "Courier", "A court fined the owner of the Orlow dam two million crowns"
     " on Friday. It was the biggest fine since the Orlow dam broke in May."),
    ("plan", "2023-01-15", "Herald", "The new Orlow dam will open on 2 March. "
     "Would a new Orlow dam be safe? Engineers like the plan for the Orlow dam."),
    ("other", "2022-05-04", "Herald", "The mayor of Lund opened a library on Tuesday."),
]  # fmt: skip


def article(id: str, day: str | None, source: str, text: str) -> Article:
    date = dt.date.fromisoformat(day) if day else None
    return Article(id, f"Report {id}", date, source, f"https://news.example/{id}", text)


@pytest.fixture
def dam(archive: Archive) -> Archive:
    archive.index(article(*one) for one in ARTICLES)
    return archive


def quotes(timeline: Timeline) -> list[tuple[str, str]]:
    return [(event.when, event.citation.quote.split(",")[0][:40]) for event in timeline.events]


def only(timeline: Timeline, start: str) -> Event:
    (event,) = (one for one in timeline.events if one.citation.quote.startswith(start))
    return event


def test_events_are_dated_and_the_newest_is_last(dam: Archive) -> None:
    found = make_timeline(dam, "Orlow dam")
    assert quotes(found) == [
        ("2020-02", "Inspectors found cracks in the Orlow dam"),
        ("2022-05-03", "The Orlow dam broke on Tuesday after thr"),
        ("2022-11-18", "A court fined the owner of the Orlow dam"),
        ("2023-03-02", "The new Orlow dam will open on 2 March."),
    ]
    assert [event.citation.n for event in found.events] == [1, 2, 3, 4]


def test_quotes_are_the_bytes_of_the_article_with_the_words_that_date_them(dam: Archive) -> None:
    for event in make_timeline(dam, "Orlow dam").events:
        citation = event.citation
        stored = dam.article(citation.article.id).text
        assert stored[citation.start : citation.end] == citation.quote
        assert event.dated_by is DatedBy.SENTENCE
        words = stored[citation.answer_start : citation.answer_end]
        assert words in ("February 2020", "Tuesday", "May 3", "Friday", "2 March")


def test_several_articles_tell_one_event(dam: Archive) -> None:
    event = only(make_timeline(dam, "Orlow dam"), "The Orlow dam broke")
    ids = {event.citation.article.id, *(one.id for one in event.also_in)}
    assert ids == {"breach", "copy", "again"}
    assert [one.date for one in event.also_in] == sorted(
        (one.date for one in event.also_in), key=str, reverse=True
    )


def test_what_was_only_expected_says_so(dam: Archive) -> None:
    found = make_timeline(dam, "Orlow dam")
    assert [event.foretold for event in found.events] == [False, False, False, True]


def test_months_and_their_days(dam: Archive) -> None:
    first = make_timeline(dam, "Orlow dam").events[0]
    assert (first.date, first.until) == (dt.date(2020, 2, 1), dt.date(2020, 2, 29))
    assert first.precision is Precision.MONTH


def test_the_weightiest_are_kept_and_the_others_counted(dam: Archive) -> None:
    every = make_timeline(dam, "Orlow dam")
    one = make_timeline(dam, "Orlow dam", most=1)
    assert quotes(one) == [("2022-05-03", "The Orlow dam broke on Tuesday after thr")]
    assert one.left_out == every.left_out + 3


def test_days_narrow_the_events_and_sources_the_articles(dam: Archive) -> None:
    late = make_timeline(dam, "Orlow dam", within=SearchFilter(since=dt.date(2022, 5, 4)))
    assert [event.when for event in late.events] == ["2022-11-18", "2023-03-02"]
    early = make_timeline(dam, "Orlow dam", within=SearchFilter(until=dt.date(2022, 5, 4)))
    assert [event.when for event in early.events] == ["2020-02", "2022-05-03"]
    herald = make_timeline(dam, "Orlow dam", within=SearchFilter(sources=("Herald",)))
    assert {event.citation.article.source for event in herald.events} == {"Herald"}
    with pytest.raises(FilterError, match="Times"):
        make_timeline(dam, "Orlow dam", within=SearchFilter(sources=("Times",)))


def test_a_sentence_that_names_no_day_has_the_day_of_its_article(archive: Archive) -> None:
    archive.index([article("a", "2022-05-04", "", "Police arrested the singer Mira Toll in Velm.")])
    (event,) = make_timeline(archive, "Mira Toll").events
    assert (event.when, event.dated_by) == ("2022-05-04", DatedBy.ARTICLE)
    assert event.citation.answer_start is None


def test_what_nothing_dates_is_counted(archive: Archive) -> None:
    archive.index([article("a", None, "", "Police arrested the singer Mira Toll in Velm.")])
    found = make_timeline(archive, "Mira Toll")
    assert (found.events, found.undated) == ((), 1)


def test_a_page_kept_up_to_date_counts_its_weekdays_too_early(archive: Archive) -> None:
    archive.index(
        article(*one)
        for one in [
            ("live", "2022-05-01", "A", "Live: The Orlow dam broke on Tuesday, flooding Velm."),
            ("one", "2022-05-04", "B", "The Orlow dam broke on Tuesday, and Velm was flooded."),
            ("two", "2022-05-05", "C", "Velm was flooded when the Orlow dam broke on Tuesday."),
        ]
    )
    (event,) = make_timeline(archive, "Orlow dam").events
    assert event.when == "2022-05-03"
    assert len(event.also_in) == 2


def test_nothing_on_the_topic(dam: Archive) -> None:
    assert make_timeline(dam, "Antarctic whaling").events == ()
    assert make_timeline(dam, "?!").events == ()


def test_json(dam: Archive) -> None:
    shown = make_timeline(dam, " Orlow dam ", most=1).to_json()
    assert shown["topic"] == "Orlow dam"
    (event,) = shown["events"]
    citation = event.pop("citation")
    assert event == {
        "date": "2022-05-03", "until": None, "precision": "day", "dated_by": "sentence",
        "foretold": False,
    }  # fmt: skip
    assert citation["quote"].startswith("The Orlow dam broke on Tuesday")
    assert citation["link"].startswith("https://news.example/")
    assert len(citation["also_in"]) == 2


def test_bad_input(archive: Archive) -> None:
    with pytest.raises(ValueError, match="the topic is empty"):
        make_timeline(archive, "  ")
    with pytest.raises(ValueError, match="ask for 1 or more"):
        make_timeline(archive, "dam", most=0)
    with pytest.raises(NoIndexError):
        make_timeline(archive, "dam")
