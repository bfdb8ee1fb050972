"""An answer and the citations it stands on: one object from the reader to every way out."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.languages import _
from bot.qa.citations import quote_link
from index.article import Article, ArticleReference, ScoredPassage

COPIES_NAMED = 3
"""Near copies of an article that are named to a person; the others are counted."""


@dataclass(frozen=True)
class Citation:
    """A quote and where it stands: `article.text[start:end]`, in code points.

    Raises ValueError if the answer's words do not lie within the quote.
    """

    n: int
    """The number an answer cites it by, from 1."""
    article: Article
    start: int
    end: int
    answer_start: int | None = None
    """Where the answer's words begin in the article; None when the whole quote is the answer."""
    answer_end: int | None = None

    def __post_init__(self) -> None:
        if self.answer_start is None and self.answer_end is None:
            return
        if (
            self.answer_start is None
            or self.answer_end is None
            or not (self.start <= self.answer_start < self.answer_end <= self.end)
        ):
            raise ValueError(
                f"citation {self.n}: the answer's words [{self.answer_start}:{self.answer_end}] "
                f"lie outside the quote [{self.start}:{self.end}] of {self.article.id}"
            )

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """The page on which the quote begins, from 1; None for an article without pages."""
        return self.article.page_at(self.start)

    @property
    def link(self) -> str:
        """The article's URL with a fragment that opens it at the quote; "" without a URL."""
        return quote_link(self.article.url, self.quote, self.page)

    def to_json(self) -> dict[str, Any]:
        article = self.article
        return {
            "n": self.n,
            "article_id": article.id,
            "title": article.title,
            "date": iso_date(article.date),
            "source": article.source,
            "url": article.url,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "link": self.link,
            "page": self.page,
            "answer_start": self.answer_start,
            "answer_end": self.answer_end,
        }


@dataclass(frozen=True)
class AnswerReading:
    """One of the answers between which the articles disagree, and what says so.

    Raises ValueError for a reading that no article gives.
    """

    answer: str
    confidence: float
    citations: tuple[Citation, ...]
    stories: int
    """How many articles say so, near copies counted as one."""
    date: dt.date | None = None
    """The day of the newest of them; None if none has a date."""

    def __post_init__(self) -> None:
        if not self.citations or self.stories < 1:
            raise ValueError(f"the reading {self.answer!r} has no citation or no story")


@dataclass(frozen=True)
class Answer:
    """The answer to one question, or a stated abstention (`answered` is False, `answer` is "").

    `confidence` is in [0, 1] also when abstaining: the reader's belief in the best candidate.
    `passages` holds the passages that were read, best first, also when abstaining.
    """

    question: str
    answered: bool
    answer: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    passages: tuple[ScoredPassage, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    id: str | int | None = None
    kind: str = ""
    """What the question asks for: a value of QuestionKind; "" where the reader does not tell."""
    context: str = ""
    """A broader answer that is true as well ("western Syria"); "" if there is none."""
    resolved: str = ""
    """A date that `answer` gives in part or relatively, in full; "" if there is none to add."""
    readings: tuple[AnswerReading, ...] = ()
    """Where the articles disagree, all that they say, `answer` first; else ()."""

    def asked(self, question: str) -> Answer:
        """The same answer to the question as a person put it, where another one was searched."""
        return dataclasses.replace(self, question=question)

    @property
    def supplement(self) -> str:
        """What is shown in brackets after the answer; "" if there is nothing."""
        return "; ".join(filter(None, (self.resolved, self.context)))

    @property
    def readings_by_date(self) -> tuple[AnswerReading, ...]:
        """The readings as people see them: newest first, those without a date last."""
        return tuple(sorted(self.readings, key=lambda one: one.date or dt.date.min, reverse=True))

    def also_in(self, citation: Citation) -> tuple[ArticleReference, ...]:
        """Near copies of the article that is cited, newest first, as the search found them."""
        for scored in self.passages:
            if scored.passage.article.id == citation.article.id:
                return scored.also_in  # which all passages of an article share
        return ()

    def to_json(self) -> dict[str, Any]:
        """The published JSON form: keys are added over time, never renamed."""
        return {
            "id": self.id,
            "question": self.question,
            "answered": self.answered,
            "answer": self.answer,
            "confidence": round(self.confidence, 4),
            "kind": self.kind,
            "context": self.context,
            "resolved": self.resolved,
            "citations": [self._citation_to_json(citation) for citation in self.citations],
            "readings": [
                {
                    "answer": reading.answer,
                    "confidence": round(reading.confidence, 4),
                    "stories": reading.stories,
                    "date": iso_date(reading.date),
                    "citations": [self._citation_to_json(one) for one in reading.citations],
                }
                for reading in self.readings
            ],
            "passages": [passage_to_json(scored) for scored in self.passages],
            "timings_ms": {stage: round(ms, 2) for stage, ms in self.timings_ms.items()},
        }

    def _citation_to_json(self, citation: Citation) -> dict[str, Any]:
        return {**citation.to_json(), "also_in": _ids(self.also_in(citation))}


def passage_to_json(scored: ScoredPassage) -> dict[str, Any]:
    passage = scored.passage
    return {
        "article_id": passage.article.id,
        "start": passage.start,
        "end": passage.end,
        "score": round(scored.score, 6),
        "also_in": _ids(scored.also_in),
    }


def name_copies(copies: Sequence[ArticleReference], name: Callable[[ArticleReference], str]) -> str:
    """ "Also in: A; B; C and 4 more", each named by `name`; "" if there are none."""
    if not copies:
        return ""
    named = "; ".join(name(copy) for copy in copies[:COPIES_NAMED])
    if len(copies) <= COPIES_NAMED:
        return _("Also in: {names}").format(names=named)
    return _("Also in: {names} and {count} more").format(
        names=named, count=len(copies) - COPIES_NAMED
    )


def iso_date(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _ids(articles: Sequence[ArticleReference]) -> list[str]:
    return [article.id for article in articles]
