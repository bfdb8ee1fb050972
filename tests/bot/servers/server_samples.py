"""Servers with real archives and records, and a reader that finds who holds an office."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bot.qa.answer import Answer, Citation
from bot.servers.keeping import result_of
from bot.servers.registry import OpenServer
from index.article import Article, ScoredPassage

NOW = dt.datetime(2023, 5, 17, 12, tzinfo=dt.UTC)
SERVER, OTHER_SERVER = 7, 8
ASKER, CHANNEL, MESSAGE = 11, 300, 500
QUESTION = "Who is the mayor of Velmora?"

_SAID = re.compile(r"The mayor of Velmora is ([A-Z]\w+(?: [A-Z]\w+)*)\.(?: Sure: (0\.\d+)\.)?")


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **how_much: float) -> None:
        self.now += dt.timedelta(**how_much)


class MayorReader:
    """Finds the mayor of the passage that is surest, or abstains."""

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        found = tuple(passages)
        best = Answer(question, False, "", 0.1, passages=found)
        for scored in found:
            article = scored.passage.article
            for said in _SAID.finditer(article.text):
                confidence = float(said[2] or 0.5)
                if confidence > best.confidence:
                    quote = Citation(1, article, said.start(), said.end(1) + 1, *said.span(1))
                    best = Answer(
                        question, True, said[1], confidence, (quote,), found, kind="person"
                    )
        return best


def article(id: str, text: str, day: int = 1, source: str = "Gazette") -> Article:
    return Article(
        id, id.title(), dt.date(2023, 5, day), source, f"https://news.example/{id}", text
    )


def mayor(name: str, sure: float = 0.5, id: str = "mayor", **fields: int) -> Article:
    return article(
        id, f"The mayor of Velmora is {name}. Sure: {sure}. More is not known.", **fields
    )


def give(
    server: OpenServer,
    question: str = QUESTION,
    *,
    now: dt.datetime = NOW,
    message: int | None = MESSAGE,
    private: bool = False,
    filters: dict[str, object] | None = None,
) -> int:
    """A question that was answered from what the archive holds now, as the bot would have."""
    ledger = server.records.ledger
    id = ledger.begin(
        question,
        asker_id=ASKER,
        channel_id=CHANNEL,
        private=private,
        filters=filters or {},
        now=now,
    )
    generation = server.archive.generation_id()
    answer = server.pipeline.ask(question, as_of=now.date())
    assert ledger.complete(id, result_of(answer, server.archive, generation), now)
    if message is not None:
        ledger.mark_message(id, channel_id=CHANNEL, message_id=message)
    return id
