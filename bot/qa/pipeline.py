"""A question through retrieval and reading to an answer. Blocking and thread-safe."""

from __future__ import annotations

import dataclasses
import datetime as dt
from time import perf_counter

from bot.qa.answer import Answer
from bot.qa.reader import Reader
from index.archive import Archive
from index.filtering import SearchFilter


class AnswerPipeline:
    """Answers questions from one archive with one reader."""

    def __init__(self, archive: Archive, reader: Reader, *, passages: int = 10) -> None:
        self.archive = archive
        self.reader = reader
        self.passages = passages

    def ask(
        self,
        question: str,
        *,
        id: str | int | None = None,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
    ) -> Answer:
        """Answer `question` from the serving generation.

        `within` narrows what is searched; `as_of` is the day of the question, today if not given.
        Raises ValueError for an empty question, NoIndexError if nothing has been indexed,
        ModelMismatchError if the index was built with another model, and FilterError if `within`
        names what the archive does not have.
        """
        question = question.strip()
        if not question:
            raise ValueError("the question is empty")
        started = perf_counter()
        found = self.archive.search(question, k=self.passages, within=within, as_of=as_of)
        retrieved = perf_counter()
        answer = self.reader.read(question, found)
        finished = perf_counter()
        timings = {
            "retrieve": 1000 * (retrieved - started),
            "read": 1000 * (finished - retrieved),
            "total": 1000 * (finished - started),
        }
        return dataclasses.replace(answer, id=id, timings_ms=timings)
