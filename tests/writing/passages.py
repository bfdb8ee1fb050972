"""Articles, passages and a reader's answer, small and invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.qa.answer import Answer, Citation
from index.article import Article, Passage, ScoredPassage

BRIDGE = Article(
    "bridge",
    "Bridge opens after three years",
    dt.date(2022, 10, 6),
    "The Daily Example",
    "https://news.example/bridge",
    "The new bridge over the river Elm was opened on Thursday. It cost 20 million pounds, twice as "
    "much as was planned in 2019. Mayor Andriy Melnychuk called it a gift to the town.",
)
MARKET = Article(
    "market",
    "Market moves indoors",
    dt.date(2022, 10, 5),
    "The Daily Example",
    "",
    "The weekly market moves into the old station in November. The rent falls by a third.",
)


def whole(article: Article, id: int = 1, score: float = 1.0) -> ScoredPassage:
    """The article as one passage."""
    return ScoredPassage(Passage(id, article, 0, len(article.text)), score)


def cited(article: Article, quote: str, n: int = 1) -> Citation:
    start = article.text.index(quote)
    return Citation(n, article, start, start + len(quote))


def answered(
    question: str = "How much did the bridge cost?",
    answer: str = "20 million pounds",
    citations: Sequence[Citation] = (cited(BRIDGE, "It cost 20 million pounds"),),
    passages: Sequence[ScoredPassage] = (whole(BRIDGE, 1), whole(MARKET, 2, 0.5)),
) -> Answer:
    return Answer(question, True, answer, 0.8, tuple(citations), tuple(passages))
