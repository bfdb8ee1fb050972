"""Answers into the ledger and back: articles by id and revision, never a copy of their text.

So an answer's buttons work after a restart and after later builds, with the articles as they were
when it was given, and a removed article is gone from every old answer too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.qa.answer import Answer, AnswerReading, Citation, iso_date
from bot.servers.records.given import GivenQuote, GivenResult
from index.archive import Archive
from index.article import Article, ArticleReference, Passage, ScoredPassage
from index.errors import ArticleNotFoundError


@dataclass(frozen=True)
class Restored:
    """An answer as it was given, but for what has been removed since."""

    answer: Answer
    missing: tuple[str, ...] = ()
    """Ids of articles that it stood on and that are no longer stored."""


def result_of(answer: Answer, archive: Archive, generation: int | None) -> GivenResult:
    """What the ledger keeps of `answer`. Blocking: it looks revisions up."""
    number = _Revisions(archive).number
    quoted = {one.n: one for one in _citations(answer)}
    return GivenResult(
        answered=answer.answered,
        answer=answer.answer,
        confidence=answer.confidence,
        generation=generation,
        quotes=tuple(
            GivenQuote(
                one.article.id,
                number(one.article),
                one.start,
                one.end,
                one.n,
                one.answer_start,
                one.answer_end,
            )
            for one in quoted.values()
        ),
        details={
            "kind": answer.kind,
            "context": answer.context,
            "resolved": answer.resolved,
            "cited": [one.n for one in answer.citations],
            "readings": [
                {
                    "answer": one.answer,
                    "confidence": one.confidence,
                    "stories": one.stories,
                    "date": iso_date(one.date),
                    "cited": [citation.n for citation in one.citations],
                }
                for one in answer.readings
            ],
            "passages": [
                {
                    "article": one.passage.article.id,
                    "revision": number(one.passage.article),
                    "start": one.passage.start,
                    "end": one.passage.end,
                    "score": one.score,
                    "cosine": one.cosine,
                    "bm25": one.bm25,
                    "also_in": [
                        {**asdict(copy), "date": iso_date(copy.date)} for copy in one.also_in
                    ],
                }
                for one in answer.passages
            ],
            "timings_ms": dict(answer.timings_ms),
        },
    )


def revisions_of(result: GivenResult) -> dict[str, int]:
    """The revision of each article that an answer quotes or was read from, by the article's id."""
    passages = {one["article"]: one["revision"] for one in result.details.get("passages", ())}
    return {**passages, **{one.article_id: one.revision for one in result.quotes}}


def restored(question: str, given: GivenResult, archive: Archive) -> Restored:
    """The answer that `given` records. Blocking: it loads the articles."""
    articles = _Articles(archive)
    details = given.details
    citations = {
        one.n: Citation(one.n, article, one.start, one.end, one.answer_start, one.answer_end)
        for one in given.quotes
        if (article := articles(one.article_id, one.revision)) is not None
    }

    def cited(numbers: Iterable[int]) -> tuple[Citation, ...]:
        return tuple(citations[n] for n in numbers if n in citations)

    readings = tuple(
        AnswerReading(
            one["answer"],
            one["confidence"],
            quotes,
            one["stories"],
            dt.date.fromisoformat(one["date"]) if one["date"] else None,
        )
        for one in details.get("readings", ())
        if (quotes := cited(one["cited"]))
    )
    passages = tuple(
        _passage(n, one, article)
        for n, one in enumerate(details.get("passages", ()))
        if (article := articles(one["article"], one["revision"])) is not None
    )
    answer = Answer(
        question,
        given.answered,
        given.answer,
        given.confidence,
        cited(details.get("cited", sorted(citations))),
        passages,
        timings_ms=dict(details.get("timings_ms", {})),
        kind=details.get("kind", ""),
        context=details.get("context", ""),
        resolved=details.get("resolved", ""),
        readings=readings if len(readings) > 1 else (),
    )
    return Restored(answer, tuple(sorted(articles.missing)))


def _citations(answer: Answer) -> list[Citation]:
    return [*answer.citations, *(one for reading in answer.readings for one in reading.citations)]


def _passage(n: int, kept: Mapping[str, Any], article: Article) -> ScoredPassage:
    copies = tuple(
        ArticleReference(
            **{**one, "date": dt.date.fromisoformat(one["date"]) if one["date"] else None}
        )
        for one in kept["also_in"]
    )
    passage = Passage(n, article, kept["start"], kept["end"])
    return ScoredPassage(passage, kept["score"], kept["cosine"], kept["bm25"], copies)


class _Revisions:
    """The numbers of articles' revisions, each looked up once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._numbers: dict[str, int] = {}

    def number(self, article: Article) -> int:
        if article.content_hash not in self._numbers:
            self._numbers[article.content_hash] = revision_of(self._archive, article)
        return self._numbers[article.content_hash]


def revision_of(archive: Archive, article: Article) -> int:
    """The number of the stored revision that `article` is; the last one if none is the same.

    The latter is where an article is purged between the answer and the look-up: 1 then.
    """
    try:
        revisions = archive.revisions(article.id)
    except ArticleNotFoundError:
        return 1
    same = [one.number for one in revisions if one.content_hash == article.content_hash]
    return same[-1] if same else revisions[-1].number


class _Articles:
    """Revisions of articles, each loaded once; collects the ids of those that are gone."""

    def __init__(self, archive: Archive) -> None:
        self._load: Callable[[str, int], Article] = archive.article_revision
        self._known: dict[tuple[str, int], Article | None] = {}
        self.missing: set[str] = set()

    def __call__(self, id: str, revision: int) -> Article | None:
        key = id, revision
        if key not in self._known:
            try:
                self._known[key] = self._load(id, revision)
            except ArticleNotFoundError:
                self._known[key] = None
                self.missing.add(id)
        return self._known[key]
