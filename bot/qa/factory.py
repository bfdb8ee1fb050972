"""Puts archive, models and reader together, and owns them for as long as they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.qa.pipeline import AnswerPipeline
from bot.qa.sentence_reader import SentenceReader
from bot.settings import Settings
from index.archive import Archive


@contextmanager
def open_pipeline(settings: Settings) -> Iterator[AnswerPipeline]:
    """The archive of `settings.home` with the reader that the settings choose.

    An empty archive opens as well: asking it raises NoIndexError until something is indexed.
    """
    with Archive.open(settings.home, settings=settings) as archive:
        reader = SentenceReader(archive.model, abstain_below=settings.abstain_below)
        yield AnswerPipeline(archive, reader, passages=settings.passages)
