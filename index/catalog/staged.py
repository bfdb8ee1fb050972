"""The staged generation in the catalog: complete, on disk, and invisible until it is published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.catalog.generations import Generations, generation_record
from index.catalog.records import StagedChanges, StagedRecord

_REPLACES = (
    "EXISTS (SELECT 1 FROM article AS old"
    " WHERE old.id = article.id AND old.removed_generation = :g)"
)
_REPLACED = (
    "EXISTS (SELECT 1 FROM article AS new WHERE new.id = article.id AND new.added_generation = :g)"
)
_CONDITIONS = (
    f"added_generation = :g AND NOT {_REPLACES}",
    f"added_generation = :g AND {_REPLACES}",
    f"removed_generation = :g AND NOT {_REPLACED}",
)


class Staged(Generations):
    """The table staged, which has one row at most."""

    def staged(self) -> StagedRecord | None:
        row = self._one(
            "SELECT generation.*, base, purged, report FROM staged"
            " JOIN generation ON staged.generation = generation.id"
        )
        if row is None:
            return None
        values = dict(row)
        base, purged, report = (values.pop(name) for name in ("base", "purged", "report"))
        return StagedRecord(
            generation_record(values), base, tuple(json.loads(purged)), json.loads(report)
        )

    def stage(
        self,
        generation: int,
        files: dict[str, str],
        seconds: float,
        *,
        purged: Sequence[str],
        report: dict[str, Any],
    ) -> None:
        """Record `generation` as complete, built on the one that serves now, without serving it.

        Inside `writing()`. `purged` are ids that publishing deletes from everywhere.
        """
        self.complete(generation, files, seconds)
        self._execute(
            "INSERT INTO staged VALUES (1, ?, (SELECT current_generation FROM archive), ?, ?)",
            (generation, json.dumps(list(purged)), json.dumps(report)),
        )

    def unstage(self) -> None:
        """Inside `writing()`: from now on its generation is one like the others."""
        self._execute("DELETE FROM staged")

    def staged_changes(self, generation: int, most: int) -> StagedChanges:
        """Keys of the articles that a generation adds, changes (as they become) and removes (as
        they were), the newest articles first, at most `most` of each.
        """
        found = (
            self._all(
                f"SELECT key FROM article WHERE {condition}"
                " ORDER BY date IS NULL, date DESC, id LIMIT :most",
                {"g": generation, "most": most},
            )
            for condition in _CONDITIONS
        )
        return StagedChanges(*(tuple(row["key"] for row in rows) for rows in found))
