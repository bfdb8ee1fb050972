"""Checks every promise an archive makes; what differs is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyzer
from index.attributes import NO_DATE, Attributes
from index.catalog import GENERATIONS_FOLDER, ArticleFacts, Catalog, GenerationRecord
from index.embedding import EmbeddingModel
from index.errors import CorruptIndexError, InvalidArticleError
from index.generation import Generation, changed_files, open_generation, require_model

SAMPLE = 32
"""Passages that are embedded again and compared with their stored vectors."""

LEAST_COSINE = 0.97
"""Of a stored vector and the same passage embedded again: int8 rounds with its batch."""

UNREADABLE = (CorruptIndexError, InvalidArticleError, ValueError, TypeError, AttributeError)
"""What rows raise whose fields are not what a build wrote, such as tags that are no list."""


def verify(folder: Path, catalog: Catalog, model: EmbeddingModel) -> list[str]:
    """Every problem found, as a sentence; empty when all holds. Nothing is changed.

    A staged generation is checked as well, but for the vectors, which the model would embed anew.

    An archive without a generation keeps its promises: it has made none. Raises
    ModelMismatchError if it was built with another model, without which vectors cannot be checked.
    """
    problems, generation = verify_structure(folder, catalog)
    if generation is not None:
        problems += _sampled(catalog, generation, model)
    if problems:
        return problems
    staged = catalog.staged()
    return _structure(folder, catalog, staged.generation)[0] if staged else []


def verify_structure(folder: Path, catalog: Catalog) -> tuple[list[str], Generation | None]:
    """All that can be checked without the model, and the generation if it can be opened."""
    if problems := [f"catalog: {damage}" for damage in catalog.damage()]:
        return problems, None
    record = catalog.current_generation()
    return _structure(folder, catalog, record) if record is not None else ([], None)


def _structure(
    folder: Path, catalog: Catalog, record: GenerationRecord
) -> tuple[list[str], Generation | None]:
    problems: list[str] = []
    try:
        problems += _offsets_and_hashes(catalog, record)
        problems += _clusters(catalog, record)
    except UNREADABLE as error:
        return [*problems, f"catalog: a row cannot be read: {error}"], None
    try:
        generation = open_generation(folder, record)
    except CorruptIndexError as error:
        changed = changed_files(folder / GENERATIONS_FOLDER / record.directory, record)
        problems += [
            f"generation {record.id}: the file {name} is missing or not the one that was published"
            for name in changed
        ]
        return problems if changed else [*problems, f"generation {record.id}: {error}"], None
    problems += _ids(catalog, generation)
    problems += _attributes(catalog, generation)
    return problems, generation


def _offsets_and_hashes(catalog: Catalog, record: GenerationRecord) -> Iterator[str]:
    articles = passages = 0
    for summary in catalog.articles(record.id):
        articles += 1
        passages += summary.passages
        try:
            article = catalog.article(summary.id, record.id)
        except UNREADABLE as error:
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


def _clusters(catalog: Catalog, record: GenerationRecord) -> Iterator[str]:
    from index.duplicates import SIGNATURE_BYTES

    if missing := catalog.unclustered(record.id):
        yield f"catalog: {len(missing)} articles have no cluster{_some(missing)}"
    for key, _, signature in catalog.signatures():
        if signature is None or len(signature) != SIGNATURE_BYTES:
            yield f"catalog: the signature of the article with key {key} is none"


def _ids(catalog: Catalog, generation: Generation) -> Iterator[str]:
    expected = np.asarray(catalog.passage_ids(generation.record.id), dtype=np.int64)
    parts = {
        "FAISS": generation.vectors.ids(),
        "BM25": generation.bm25.ids(),
        "attributes": generation.attributes.arrays.passage_ids,
    }
    for name, found in parts.items():
        if not np.array_equal(expected, found):
            missing, extra = np.setdiff1d(expected, found), np.setdiff1d(found, expected)
            yield (
                f"generation {generation.record.id}: {name} lacks {len(missing)} passages"
                f"{_some(missing)}, has {len(extra)} that the catalog does not{_some(extra)}, and "
                f"{len(found) - len(np.unique(found))} twice"
            )


def _attributes(catalog: Catalog, generation: Generation) -> Iterator[str]:
    """What a search filters and groups by: it must be what the catalog says of each article."""
    attributes, id = generation.attributes, generation.record.id
    facts = {fact.key: fact for fact in catalog.article_facts(id)}
    try:
        stored = {fact.key: fact for fact in _stored_facts(attributes, facts)}
        keys = _article_keys(attributes)
    except (IndexError, ValueError, OverflowError, KeyError, TypeError) as error:
        yield f"generation {id}: the attributes do not fit together ({error})"
        return
    if stored.keys() != facts.keys():
        differing = sorted(stored.keys() ^ facts.keys())
        yield f"generation {id}: the attributes are of other articles{_some(differing)}"
    for key in sorted(stored.keys() & facts.keys()):
        differing_fields = [
            name for name, value in vars(facts[key]).items() if getattr(stored[key], name) != value
        ]
        if differing_fields:
            yield (
                f"article {facts[key].id!r}: {', '.join(differing_fields)} in the attributes "
                "is not what the catalog says"
            )
    expected = catalog.passage_articles(id)
    if len(expected) == len(keys) and (wrong := expected[expected[:, 1] != keys, 0]).size:
        yield f"generation {id}: the attributes take passages for other articles'{_some(wrong)}"


def _stored_facts(attributes: Attributes, facts: dict[int, ArticleFacts]) -> Iterator[ArticleFacts]:
    arrays, names = attributes.arrays, attributes.names
    columns = (arrays.article_keys, arrays.dates, arrays.sources, arrays.article_sets)
    rows = zip(*(column.tolist() for column in (*columns, arrays.clusters)), strict=True)
    offsets = arrays.tag_offsets.tolist()
    for row, (key, day, source, article_set, cluster) in enumerate(rows):
        tags = arrays.tags[offsets[row] : offsets[row + 1]].tolist()
        yield ArticleFacts(
            key,
            facts[key].id if key in facts else "",  # ids are not stored there
            None if day == NO_DATE else dt.date.fromordinal(day),
            names["sources"][source],
            names["article_sets"][article_set],
            tuple(names["tags"][tag] for tag in tags),
            cluster,
        )


def _article_keys(attributes: Attributes) -> NDArray[np.int64]:
    """The key of each passage's article. Raises ValueError if mentions and passages differ."""
    arrays = attributes.arrays
    counts = np.diff(arrays.mention_offsets)
    if len(counts) != len(arrays.passage_ids) or arrays.mention_offsets[-1] != len(arrays.mentions):
        raise ValueError(f"{len(counts)} lists of mentions for {len(arrays.passage_ids)} passages")
    if (counts < 0).any() or (arrays.mentions[:, 0] > arrays.mentions[:, 1]).any():
        raise ValueError("mentions that end before they begin")
    keys: NDArray[np.int64] = arrays.article_keys[arrays.article_rows]
    return keys


def _sampled(catalog: Catalog, generation: Generation, model: EmbeddingModel) -> Iterator[str]:
    """Looks a sample up again: a vector must be its own passage's, not a neighbour's, and BM25
    must find a passage by its words.
    """
    try:
        passages = catalog.passages(catalog.passage_ids(generation.record.id))
    except UNREADABLE as error:
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
        except KeyError:
            continue  # reported with the ids
        cosine = float(np.dot(stored, vector)) if stored.shape == vector.shape else 0.0
        if abs(float(np.linalg.norm(stored)) - 1) > 0.01 or cosine < LEAST_COSINE:
            yield f"passage {id}: its vector in FAISS is not its own (cosine {cosine:.3f})"
    analyzer, bm25 = Analyzer(), generation.bm25
    for id in np.intersect1d(sample, bm25.ids()).tolist():
        text = passages[id].text
        if analyzer.terms(text) and id not in bm25.search(text, 1, allowed=bm25.ids() == id)[0]:
            yield f"passage {id}: BM25 does not find it by its own words"


def _some(ids: Sequence[int] | np.ndarray) -> str:
    return f" (such as {', '.join(str(id) for id in ids[:3])})" if len(ids) else ""
