"""Passages in the catalog: slices of articles, by ids that are never used again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.article import Article, Passage
from index.catalog.articles import Articles
from index.catalog.records import LIVE, VARIABLES


class Passages(Articles):
    """The table passage."""

    def add_passages(
        self, article_key: int, spans: Sequence[tuple[int, int]], generation: int
    ) -> list[int]:
        """Store passages; returns their ids, in order."""
        return [
            self._insert(
                "INSERT INTO passage (article_key, start_offset, end_offset, added_generation)"
                " VALUES (?, ?, ?, ?)",
                (article_key, start, end, generation),
            )
            for start, end in spans
        ]

    def passage_ids(self, generation: int) -> list[int]:
        """The ids of a generation's passages, ascending."""
        rows = self._all(f"SELECT id FROM passage WHERE {LIVE} ORDER BY id", {"g": generation})
        return [row["id"] for row in rows]

    def passage_ids_of(self, article_id: str, generation: int) -> list[int]:
        rows = self._all(
            f"SELECT id FROM passage WHERE {LIVE} AND article_key IN"
            " (SELECT key FROM article WHERE id = :id) ORDER BY id",
            {"g": generation, "id": article_id},
        )
        return [row["id"] for row in rows]

    def passage_articles(self, generation: int) -> NDArray[np.int64]:
        """Ids of passages and keys of their articles, ascending by id: shape (passages, 2)."""
        rows = self._all(
            f"SELECT id, article_key FROM passage WHERE {LIVE} ORDER BY id", {"g": generation}
        )
        pairs = np.fromiter((value for row in rows for value in row), np.int64, 2 * len(rows))
        return pairs.reshape(-1, 2)

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Passages by id, of any generation; those that were purged are left out."""
        found: dict[int, Passage] = {}
        articles: dict[int, Article] = {}
        for rows in self._in_blocks(
            "SELECT id, article_key, start_offset, end_offset FROM passage WHERE id IN ({})", ids
        ):
            for row in rows:
                key = row["article_key"]
                if key not in articles:
                    article = self.article_of_key(key)
                    if article is None:  # purged between the two statements
                        continue
                    articles[key] = article
                found[row["id"]] = Passage(
                    row["id"], articles[key], row["start_offset"], row["end_offset"]
                )
        return found

    def all_passages(self, generation: int) -> Iterator[Passage]:
        """Every passage of a generation, by id; texts are read in blocks."""
        yield from self.each_passage(self.passage_ids(generation))

    def each_passage(self, ids: Sequence[int]) -> Iterator[Passage]:
        """Passages by ascending id; texts are read in blocks."""
        for first in range(0, len(ids), VARIABLES):
            block: Mapping[int, Passage] = self.passages(ids[first : first + VARIABLES])
            yield from (block[id] for id in sorted(block))

    def purge_passages(self, oldest_generation: int) -> None:
        """Delete passages that no generation from `oldest_generation` on holds any more."""
        self._execute("DELETE FROM passage WHERE removed_generation <= ?", (oldest_generation,))
