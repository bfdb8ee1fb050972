"""Candidates out of invented sentences, for the tests of what is done with candidates."""

from __future__ import annotations

import datetime as dt

from bot.qa.candidates import Candidate
from index.article import Article, Passage, ScoredPassage
from index.sentences import sentence_spans

DAY = dt.date(2022, 10, 6)


def say(
    text: str,
    words: str,
    score: float = 5.0,
    *,
    article: str = "a",
    date: dt.date | None = DAY,
    title: str = "News",
    rank: int = 0,
) -> Candidate:
    """The first `words` of an article with that `text`, quoted with the sentences they are in."""
    passage = Passage(1, Article(article, title, date, "", "", text), 0, len(text))
    start = text.index(words)
    end = start + len(words)
    quoted = [span for span in sentence_spans(text) if span[0] < end and start < span[1]]
    quote = min(start, quoted[0][0]), max(end, quoted[-1][1])
    return Candidate(ScoredPassage(passage, 1.0), rank, start, end, quote, score)
