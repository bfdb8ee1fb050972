"""An answer as one object: where its citations stand, and who else tells the story."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.qa.answer import Answer, AnswerReading, Citation, name_copies
from index.article import Article, ArticleReference, Passage, ScoredPassage

TEXT = "Page one.\fPage two."


def article(id: str = "a1", **fields: object) -> Article:
    given = {"title": "", "date": None, "source": "", "url": "", "text": TEXT} | fields
    return Article(id=id, **given)  # type: ignore[arg-type]  # fields of the tests


def copies(*ids: str) -> tuple[ArticleReference, ...]:
    return tuple(ArticleReference(id, "", dt.date(2022, 10, 6), "", "") for id in ids)


def test_a_citation_names_the_page_of_its_first_character() -> None:
    paged = article(page_starts=(0, 10), url="https://news.example/a.pdf")
    first, both, second = (Citation(1, paged, *span) for span in ((0, 9), (5, 19), (10, 19)))
    assert [first.page, both.page, second.page] == [1, 1, 2]
    assert second.link == "https://news.example/a.pdf#page=2"
    assert second.to_json()["page"] == 2
    assert Citation(1, article(), 10, 19).page is None


def test_the_copies_of_a_citation_are_those_of_its_article() -> None:
    cited, other, unread = article("cited"), article("other"), article("unread")
    answer = Answer(
        question="why?",
        answered=True,
        answer="so",
        confidence=0.5,
        citations=tuple(Citation(n, a, 10, 19) for n, a in enumerate((cited, other, unread), 1)),
        passages=(
            ScoredPassage(Passage(1, other, 0, 9), 2.0),
            ScoredPassage(Passage(2, cited, 0, 9), 1.0, also_in=copies("b", "c")),
        ),
    )
    assert [len(answer.also_in(citation)) for citation in answer.citations] == [2, 0, 0]
    published = answer.to_json()
    assert [one["also_in"] for one in published["citations"]] == [["b", "c"], [], []]
    assert [one["also_in"] for one in published["passages"]] == [[], ["b", "c"]]


@pytest.mark.parametrize(
    ("ids", "line"),
    [
        ("", ""),
        ("a", "Also in: a"),
        ("abc", "Also in: a; b; c"),
        ("abcd", "Also in: a; b; c and 1 more"),
        ("abcdefg", "Also in: a; b; c and 4 more"),
    ],
)
def test_a_few_copies_are_named_and_the_others_counted(ids: str, line: str) -> None:
    assert name_copies(copies(*ids), lambda copy: copy.id) == line


@pytest.mark.parametrize("words", [(10, 14), (15, 19), (10, 19), (None, None)])
def test_the_answers_words_lie_within_the_quote(words: tuple[int | None, int | None]) -> None:
    published = Citation(1, article(), 10, 19, *words).to_json()
    assert (published["answer_start"], published["answer_end"]) == words


@pytest.mark.parametrize(
    "words", [(9, 14), (15, 20), (12, 12), (14, 12), (None, 14), (12, None), (0, 5)]
)
def test_words_elsewhere_are_refused(words: tuple[int | None, int | None]) -> None:
    with pytest.raises(ValueError, match=r"outside the quote \[10:19\] of a1"):
        Citation(1, article(), 10, 19, *words)


def reading(answer: str, date: dt.date | None, id: str = "a1") -> AnswerReading:
    return AnswerReading(answer, 0.41234, (Citation(1, article(id), 10, 19, 10, 14),), 2, date)


def test_readings_are_shown_newest_first_and_published_with_the_answers_own_first() -> None:
    old, new = dt.date(2022, 10, 6), dt.date(2022, 10, 7)
    readings = (reading("12", old), reading("13", None), reading("14", new), reading("15", old))
    answer = Answer("how many?", True, "12", 0.4, readings=readings)
    assert [one.answer for one in answer.readings_by_date] == ["14", "12", "15", "13"]
    published = answer.to_json()["readings"]
    assert [one["answer"] for one in published] == ["12", "13", "14", "15"]
    assert [one["date"] for one in published] == ["2022-10-06", None, "2022-10-07", "2022-10-06"]
    assert (published[0]["confidence"], published[0]["stories"]) == (0.4123, 2)
    assert published[0]["citations"][0]["quote"] == "Page two."
    assert published[0]["citations"][0]["also_in"] == []


def test_a_reading_stands_on_an_article() -> None:
    citation = Citation(1, article(), 10, 19)
    for citations, stories in (((), 1), ((citation,), 0)):
        with pytest.raises(ValueError, match="'12' has no citation or no story"):
            AnswerReading("12", 0.5, citations, stories)


@pytest.mark.parametrize(
    ("resolved", "context", "shown"),
    [
        ("", "", ""),
        ("February 2022", "", "February 2022"),
        ("", "western Syria", "western Syria"),
        ("February 2022", "before the war", "February 2022; before the war"),
    ],
)
def test_what_is_added_to_the_answer(resolved: str, context: str, shown: str) -> None:
    answer = Answer("when?", True, "in February", 0.5, resolved=resolved, context=context)
    assert answer.supplement == shown
    published = answer.to_json()
    assert (published["resolved"], published["context"]) == (resolved, context)


def test_an_answer_of_a_reader_that_tells_no_more_has_all_keys() -> None:
    published = Answer("why?", False, "", 0.1).to_json()
    assert [published[key] for key in ("kind", "context", "resolved", "readings")] == [
        "",
        "",
        "",
        [],
    ]
