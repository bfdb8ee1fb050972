"""A question through retrieval and reading to an answer. Blocking and thread-safe."""

from __future__ import annotations

import dataclasses
from time import perf_counter

from bot.qa.answer import Answer
from bot.qa.reader import Reader
from index.archive import Archive


class AnswerPipeline:
    """Answers questions from one archive with one reader."""

    def __init__(self, archive: Archive, reader: Reader, *, passages: int = 10) -> None:
        self.archive = archive
        self.reader = reader
        self.passages = passages

    def ask(self, question: str, *, id: str | int | None = None) -> Answer:
        """Answer `question` from the newest published generation.

        Raises ValueError for an empty question, NoIndexError if nothing has been indexed and
        ModelMismatchError if the index was built with another model.
        """
        question = question.strip()
        if not question:
            raise ValueError("the question is empty")
        started = perf_counter()
        found = self.archive.search(question, k=self.passages)
        retrieved = perf_counter()
        answer = self.reader.read(question, found)
        finished = perf_counter()
        timings = {
            "retrieve": 1000 * (retrieved - started),
            "read": 1000 * (finished - retrieved),
            "total": 1000 * (finished - started),
        }
        return dataclasses.replace(answer, id=id, timings_ms=timings)
