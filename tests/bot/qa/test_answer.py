"""An answer as one object: where its citations stand, and who else tells the story."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.qa.answer import Answer, Citation, name_copies
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
