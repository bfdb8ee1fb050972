"""Puts archive, models and reader together, and owns them for as long as they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.qa.pipeline import AnswerPipeline
from bot.qa.reader import Reader
from bot.qa.reading.loading import SENTENCES, load_span_model
from bot.qa.sentence_answers import SentenceAnswers
from bot.qa.sentence_reader import SentenceRanker, SentenceReader
from bot.qa.span_reader import SpanReader
from bot.settings import Settings
from index.archive import Archive
from index.embedding import EmbeddingModel

SPANS_BELOW, SENTENCES_BELOW = 0.4, 0.16
"""The confidence from which each reader answers, unless `DATELINE_ABSTAIN_BELOW` says otherwise.

From 0.4 on, answering costs less than abstaining if a wrong answer costs 1.67 times what abstaining
does. Were it twice as much, 0.5 would be right: on the questions of the fit, the utility then is
0.122 a question instead of 0.103, and of the answerable ones 0.47 are answered instead of 0.62.
The sentence reader's has the best F1 of answering over questions on news."""


@contextmanager
def open_pipeline(settings: Settings) -> Iterator[AnswerPipeline]:
    """The archive of `settings.home` with the reader that the settings choose.

    An empty archive opens as well: asking it raises NoIndexError until something is indexed.
    """
    with Archive.open(settings.home, settings=settings) as archive:
        reader = make_reader(settings, archive.model)
        yield AnswerPipeline(archive, reader, passages=settings.passages)


def make_reader(settings: Settings, model: EmbeddingModel) -> Reader:
    """The reader that `DATELINE_READER` names; `model` is the archive's.

    Raises ModelFileError if its files are missing, damaged, or not those of such a model.
    """
    least = abstain_below(settings)
    if settings.reader == SENTENCES:
        return SentenceReader(model, abstain_below=least)
    answers = SentenceAnswers(SentenceRanker(model))
    return SpanReader(load_span_model(settings.reader), answers, abstain_below=least)


def abstain_below(settings: Settings) -> float:
    """The confidence under which no answer is given."""
    if settings.abstain_below is not None:
        return settings.abstain_below
    return SENTENCES_BELOW if settings.reader == SENTENCES else SPANS_BELOW
