"""Checks every promise an archive makes; what differs is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.embedding import EmbeddingModel
from index.errors import CorruptIndexError, InvalidArticleError
from index.generation import Generation, changed_files, open_generation, require_model

SAMPLE = 32
"""Passages that are embedded again and compared with their stored vectors."""

LEAST_COSINE = 0.97
"""Of a stored vector and the same passage embedded again: int8 rounds with its batch."""


def verify(folder: Path, catalog: Catalog, model: EmbeddingModel) -> list[str]:
    """Every problem found, as a sentence; empty when all holds. Nothing is changed.

    An archive without a generation keeps its promises: it has made none.
    """
    if problems := [f"catalog: {damage}" for damage in catalog.damage()]:
        return problems
    record = catalog.current_generation()
    if record is None:
        return []
    try:
        problems += _offsets_and_hashes(catalog, record)
    except CorruptIndexError as error:
        return [*problems, str(error)]
    directory = folder / GENERATIONS_FOLDER / record.directory
    if changed := changed_files(directory, record):
        return problems + [
            f"generation {record.id}: the file {name} is missing or not the one that was published"
            for name in changed
        ]
    try:
        generation = open_generation(folder, record)
    except CorruptIndexError as error:
        return [*problems, f"generation {record.id}: {error}"]
    problems += _ids(catalog, generation)
    problems += _vectors(catalog, generation, model)
    return problems


def _offsets_and_hashes(catalog: Catalog, record: GenerationRecord) -> Iterator[str]:
    articles = passages = 0
    for summary in catalog.articles(record.id):
        articles += 1
        passages += summary.passages
        try:
            article = catalog.article(summary.id, record.id)
        except (CorruptIndexError, InvalidArticleError, ValueError) as error:
            yield f"article {summary.id!r}: it cannot be read: {error}"
            continue
        if article is None:
            yield f"article {summary.id!r}: its text is missing"
        elif article.content_hash != catalog.content_hash(summary.id, record.id):
            yield f"article {summary.id!r}: its content is not what was indexed (hash differs)"
        if summary.passages == 0:
            yield f"article {summary.id!r}: it has no passages"
    if (articles, passages) != (record.articles, record.passages):
        yield (
            f"generation {record.id}: the catalog holds {articles} articles and {passages} "
            f"passages, but {record.articles} and {record.passages} were published"
        )


def _ids(catalog: Catalog, generation: Generation) -> Iterator[str]:
    expected = np.asarray(catalog.passage_ids(generation.record.id), dtype=np.int64)
    for name, found in (("FAISS", generation.vectors.ids()), ("BM25", generation.bm25.ids())):
        if not np.array_equal(expected, found):
            missing, extra = np.setdiff1d(expected, found), np.setdiff1d(found, expected)
            yield (
                f"generation {generation.record.id}: {name} lacks {len(missing)} passages"
                f"{_some(missing)}, has {len(extra)} that the catalog does not{_some(extra)}, and "
                f"{len(found) - len(np.unique(found))} twice"
            )


def _vectors(catalog: Catalog, generation: Generation, model: EmbeddingModel) -> Iterator[str]:
    """Embeds a sample again: a vector must be its own passage's, not a neighbour's."""
    try:
        passages = catalog.passages(catalog.passage_ids(generation.record.id))
    except (CorruptIndexError, InvalidArticleError, ValueError) as error:
        yield str(error)  # such as offsets outside the article, which a Passage refuses
        return
    ids = sorted(passages)
    if not ids:
        return
    require_model(generation.record, model)
    sample = ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE]
    again = model.encode_documents([passages[id].text for id in sample])
    for id, vector in zip(sample, again, strict=True):
        try:
            stored = generation.vectors.reconstruct(id)
        except RuntimeError:
            continue  # reported with the ids
        cosine = float(np.dot(stored, vector))
        if abs(float(np.linalg.norm(stored)) - 1) > 0.01 or cosine < LEAST_COSINE:
            yield f"passage {id}: its vector in FAISS is not its own (cosine {cosine:.3f})"


def _some(ids: Sequence[int] | np.ndarray) -> str:
    return f" (such as {', '.join(str(id) for id in ids[:3])})" if len(ids) else ""
