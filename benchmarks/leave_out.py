"""Makes answerable questions unanswerable, by hiding every article that could answer them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from benchmarks.datasets import Question, SourceArticle
from bot.qa.pipeline import AnswerPipeline
from index.archive import Archive
from index.article import ScoredPassage
from index.evaluation import metrics
from index.filtering import SearchFilter


class LeaveOut:
    """Pipelines that see none of the articles which could answer a question.

    Those are its gold articles and every article with the words of a gold answer. It is an
    approximation of building the archive again without them, for each question: more results
    are fetched and those from such articles dropped. The order of the others stays, but figures
    that depend on the whole collection (BM25's idf, ranks that are fused) still know of them.
    """

    def __init__(self, pipeline: AnswerPipeline, articles: Mapping[str, SourceArticle]) -> None:
        self._pipeline = pipeline
        self._articles = articles
        self._words = lru_cache(maxsize=2000)(self._words_of)

    def pipeline_for(self, question: Question) -> AnswerPipeline:
        archive = cast(Archive, _Filtered(self, question))
        return AnswerPipeline(archive, self._pipeline.reader, passages=self._pipeline.passages)

    def search(
        self,
        question: Question,
        query: str,
        k: int,
        *,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
    ) -> list[ScoredPassage]:
        depth = 5 * k
        while True:
            found = self._pipeline.archive.search(query, depth, within=within, as_of=as_of)
            kept = [one for one in found if not self._answers(one.passage.article.id, question)]
            if len(kept) >= k or len(found) < depth:
                return kept[:k]
            depth *= 4

    def _answers(self, article_id: str, question: Question) -> bool:
        return article_id in question.article_ids or any(
            metrics.contains_words(self._words(article_id), gold) for gold in question.answers
        )

    def _words_of(self, article_id: str) -> str:
        return metrics.searchable_words(self._articles[article_id].text)


class _Filtered:
    """As much of an Archive as the pipeline uses, for one question."""

    def __init__(self, leave_out: LeaveOut, question: Question) -> None:
        self._leave_out = leave_out
        self._question = question

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
    ) -> list[ScoredPassage]:
        return self._leave_out.search(self._question, query, k, within=within, as_of=as_of)
