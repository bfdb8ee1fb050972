"""What passages are filtered, grouped and boosted by: arrays beside FAISS and BM25.

A filter becomes a mask over passages before the search, so that ten results are ten, however
narrow it is. Asking SQLite for it would take a second where an archive is large.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalog import ArticleFacts
from index.errors import CorruptIndexError
from index.filtering import SearchFilter, UnknownNameError

NAMES_FILE = "names.json"
NO_DATE = 0
"""In place of the ordinal of an article without a date; ordinals count from 1."""

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
Days = tuple[int, int]
"""First and last day of a period, as ordinals."""


@dataclass(frozen=True)
class Arrays:
    """All arrays of a generation. Passages are in the order of their ids, ascending."""

    passage_ids: Ints
    article_rows: Ints
    """Of each passage, the row of its article in the arrays below."""
    article_keys: Ints
    dates: Ints
    """Proleptic Gregorian ordinals, or NO_DATE."""
    clusters: Ints
    sources: Ints
    """Codes: places in the list of names."""
    article_sets: Ints
    tag_offsets: Ints
    """The tags of article row r are `tags[tag_offsets[r]:tag_offsets[r + 1]]`."""
    tags: Ints
    mention_offsets: Ints
    """The same for the mentions of each passage."""
    mentions: Ints
    """First and last day of each mention, as ordinals: shape (mentions, 2)."""


class Attributes:
    """The attributes of one generation's passages. Thread-safe."""

    def __init__(self, arrays: Arrays, names: Mapping[str, Sequence[str]]) -> None:
        self.arrays = arrays
        self.names = names
        """The sources, article sets and tags that the codes stand for."""

    @classmethod
    def build(
        cls,
        facts: Sequence[ArticleFacts],
        passages: Ints,
        added: Mapping[int, Sequence[Days]],
        carried: Attributes | None = None,
    ) -> Attributes:
        """The attributes of `passages`, pairs of id and article key, ascending by id.

        `added` gives the days that new passages mention, by id; those of the others come from
        `carried`. Ids grow, so that new passages stand after those carried over.
        """
        ids = np.ascontiguousarray(passages[:, 0])
        keys = np.array([fact.key for fact in facts], np.int64)
        names: dict[str, list[str]] = {"sources": [], "article_sets": [], "tags": []}
        counts, mentions = _mentions(ids, added, carried)
        arrays = Arrays(
            passage_ids=ids,
            article_rows=np.searchsorted(keys, passages[:, 1]),
            article_keys=keys,
            dates=np.array([f.date.toordinal() if f.date else NO_DATE for f in facts], np.int64),
            clusters=np.array([fact.cluster for fact in facts], np.int64),
            sources=_codes((fact.source for fact in facts), names["sources"]),
            article_sets=_codes((fact.article_set for fact in facts), names["article_sets"]),
            tag_offsets=_offsets([len(fact.tags) for fact in facts]),
            tags=_codes((tag for fact in facts for tag in fact.tags), names["tags"]),
            mention_offsets=_offsets(counts),
            mentions=mentions,
        )
        return cls(arrays, names)

    # -- files -------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Writes one file an array into `folder`, which must be new."""
        folder.mkdir()
        for name, array in vars(self.arrays).items():
            np.save(folder / f"{name}.npy", array)
        (folder / NAMES_FILE).write_text(json.dumps(self.names), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Attributes:
        """Memory-maps what was saved. Raises CorruptIndexError if it is missing or damaged."""
        try:
            arrays = {
                # A plain view of the mapped file: taking an item of a memmap is slow.
                name: np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
                for name in Arrays.__dataclass_fields__
            }
            names = json.loads((folder / NAMES_FILE).read_text("utf-8"))
            return cls(Arrays(**arrays), names)
        except (OSError, ValueError, EOFError, TypeError) as error:
            raise CorruptIndexError(
                f"the attributes in {folder} cannot be read: run `dateline index --rebuild`"
            ) from error

    # -- searching ---------------------------------------------------------------------

    def passing(self, wanted: SearchFilter) -> Mask | None:
        """Which articles pass a filter, by row; None where all do.

        Raises FilterError if a source, set or tag is one that no article has.
        """
        if not wanted:
            return None
        arrays = self.arrays
        passing = np.ones(len(arrays.article_keys), np.bool_)
        if wanted.since or wanted.until:
            passing &= arrays.dates != NO_DATE
        if wanted.since:
            passing &= arrays.dates >= wanted.since.toordinal()
        if wanted.until:
            passing &= arrays.dates <= wanted.until.toordinal()
        if wanted.sources:
            passing &= np.isin(arrays.sources, self._known("sources", wanted.sources))
        if wanted.article_sets:
            passing &= np.isin(
                arrays.article_sets, self._known("article_sets", wanted.article_sets)
            )
        if wanted.tags:
            hits = np.flatnonzero(np.isin(arrays.tags, self._known("tags", wanted.tags)))
            tagged = np.searchsorted(arrays.tag_offsets, hits, "right") - 1
            passing &= np.isin(np.arange(len(passing)), tagged)
        return passing

    def passages_of(self, articles: Mask) -> Mask:
        """Which passages are of these articles, in the order of their ids."""
        mask: Mask = articles[self.arrays.article_rows]
        return mask

    def rows_of(self, ids: Sequence[int] | Ints) -> Ints:
        """Places of passages, by id, in the arrays."""
        return np.searchsorted(self.arrays.passage_ids, np.asarray(ids, np.int64))

    def cluster_articles(self, cluster: int) -> Ints:
        """Rows of the articles of a cluster."""
        order, ordered = self._by_cluster
        first, last = np.searchsorted(ordered, [cluster, cluster + 1])
        rows: Ints = order[first:last]
        return rows

    @cached_property
    def _by_cluster(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.arrays.clusters, kind="stable")
        return order, self.arrays.clusters[order]

    def _known(self, kind: str, wanted: Iterable[str]) -> list[int]:
        """The codes of names, one or more for each as names differ in case."""
        codes: dict[str, list[int]] = {}
        for code, name in enumerate(self.names[kind]):
            codes.setdefault(name.casefold(), []).append(code)
        found: list[int] = []
        for name in wanted:
            if name.casefold() not in codes:
                raise _unknown(kind, name, self.names[kind])
            found += codes[name.casefold()]
        return found


def _mentions(
    ids: Ints, added: Mapping[int, Sequence[Days]], carried: Attributes | None
) -> tuple[Ints, Ints]:
    """How many mentions each passage has, and all of them in order."""
    counts, flat = np.empty(0, np.int64), np.empty((0, 2), np.int64)
    if carried is not None:
        arrays = carried.arrays
        kept = np.isin(arrays.passage_ids, ids, assume_unique=True)
        all_counts = np.diff(arrays.mention_offsets)
        counts, flat = all_counts[kept], arrays.mentions[np.repeat(kept, all_counts)]
    new = [added[id] for id in ids[len(counts) :].tolist()]
    of_new = np.array([days for one in new for days in one], np.int64).reshape(-1, 2)
    new_counts = np.array([len(one) for one in new], np.int64)
    return np.concatenate([counts, new_counts]), np.concatenate([flat, of_new])


def _unknown(kind: str, name: str, known: Sequence[str]) -> UnknownNameError:
    singular = kind.removesuffix("s").replace("_", " ")
    close = get_close_matches(name, [each for each in known if each], 3, 0.5)
    shown = close or sorted(filter(None, known))[:5]
    return UnknownNameError(singular, name, shown)


def _codes(values: Iterable[str], names: list[str]) -> Ints:
    """Each value as its place in `names`, which grows by those that are new."""
    place = {name: code for code, name in enumerate(names)}
    codes = []
    for value in values:
        if value not in place:
            place[value] = len(names)
            names.append(value)
        codes.append(place[value])
    return np.array(codes, np.int64)


def _offsets(lengths: Sequence[int] | Ints) -> Ints:
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.asarray(lengths, np.int64), out=offsets[1:])
    return offsets
