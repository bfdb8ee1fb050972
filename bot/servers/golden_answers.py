"""What a build would change in the answers to a server's golden questions."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from bot.qa.answer import Answer
from bot.qa.reader import Reader
from bot.servers.records.golden import GoldenQuestion
from index.errors import DatelineError

if TYPE_CHECKING:
    from index.hybrid_search import HybridSearch

log = logging.getLogger(__name__)

MOST_ANSWER = 300
"""Code points of an answer that are kept."""


@dataclass(frozen=True)
class GoldenResult:
    """One question in two generations. An answer is "" where it abstains and None where it could
    not be asked, as in an archive without articles.
    """

    question: str
    expected: str
    before: str | None
    after: str | None
    right_before: bool
    right_after: bool

    @property
    def changed(self) -> bool:
        return (self.before, self.right_before) != (self.after, self.right_after)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> Self:
        return cls(**fields)


def is_right(answer: str | None, expected: str) -> bool:
    """Whether the answer has the expected words in it, articles, case and punctuation aside; where
    none is expected, whether there is none.
    """
    from index.evaluation.metrics import contains_gold

    if answer is None:
        return False
    return bool(contains_gold(answer, expected)) if expected else not answer


def compare(
    questions: Sequence[GoldenQuestion],
    *,
    serving: HybridSearch | None,
    staged: HybridSearch,
    reader: Reader,
    passages: int,
    today: dt.date,
    asked: Callable[[int], None] = lambda done: None,
) -> Iterator[GoldenResult]:
    """Each question's answers from two searches, with the same `reader`, as of the same day.

    `asked` is told how many questions are done and may raise to end it.
    """
    for done, golden in enumerate(questions):
        asked(done)
        before, after = (
            _answer(golden.question, search, reader, passages, today)
            for search in (serving, staged)
        )
        yield GoldenResult(
            golden.question,
            golden.expected,
            _kept(before),
            _kept(after),
            is_right(before, golden.expected),
            is_right(after, golden.expected),
        )


def counts(results: Iterable[GoldenResult]) -> tuple[int, int, int]:
    """How many are right before, right after, and how many there are."""
    listed = list(results)
    return (
        sum(one.right_before for one in listed),
        sum(one.right_after for one in listed),
        len(listed),
    )


def _answer(
    question: str, search: HybridSearch | None, reader: Reader, passages: int, today: dt.date
) -> str | None:
    if search is None:
        return None
    try:
        answer: Answer = reader.read(question, search.search(question, passages, as_of=today))
    except DatelineError as error:
        log.warning("A golden question could not be asked: %s", error)
        return None
    return answer.answer if answer.answered else ""


def _kept(answer: str | None) -> str | None:
    return answer if answer is None else answer[:MOST_ANSWER]
