"""Generations in the catalog: what was published, and which one serves."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from index.catalog.records import LIVE, GenerationRecord
from index.database import Database


class Generations(Database):
    """The tables generation and archive."""

    def current_generation(self) -> GenerationRecord | None:
        row = self._one(
            "SELECT generation.* FROM generation JOIN archive ON current_generation = generation.id"
        )
        return generation_record(dict(row)) if row else None

    def current_generation_id(self) -> int | None:
        """The number alone: asked before every search, so as cheap as can be."""
        row = self._one("SELECT current_generation FROM archive")
        return row["current_generation"] if row else None

    def generations(self) -> list[GenerationRecord]:
        """All that are recorded, oldest first, one that is staged last."""
        return [
            generation_record(dict(row))
            for row in self._all("SELECT * FROM generation ORDER BY id")
        ]

    def add_generation(self, directory: str, settings: dict[str, Any]) -> int:
        """A new number, inside `writing()`; it serves nobody until `publish`."""
        return self._insert(
            "INSERT INTO generation"
            " (directory, settings, files, articles, passages, created_at, seconds)"
            " VALUES (?, ?, '{}', 0, 0, ?, 0)",
            (directory, json.dumps(settings), dt.datetime.now(dt.UTC).isoformat("T", "seconds")),
        )

    def publish(self, generation: int, files: dict[str, str], seconds: float) -> None:
        """Make `generation` the one that serves, when the transaction is committed."""
        self.complete(generation, files, seconds)
        self.serve(generation)

    def complete(self, generation: int, files: dict[str, str], seconds: float) -> None:
        """Record what a generation holds, when all of its rows are written."""
        counts = {table: self._count(table, generation) for table in ("article", "passage")}
        self._execute(
            "UPDATE generation SET files = ?, articles = ?, passages = ?, seconds = ? WHERE id = ?",
            (json.dumps(files), counts["article"], counts["passage"], seconds, generation),
        )

    def serve(self, generation: int) -> None:
        """Make a recorded generation the one that serves: one statement, so all or nothing."""
        self._execute("UPDATE archive SET current_generation = ?", (generation,))

    def discard_after(self, generation: int) -> None:
        """Inside `writing()`: undo all that was published or staged after `generation`, for good.

        What a build adds to goes on from the generation that serves. Numbers are not used again.
        """
        if self._one("SELECT 1 FROM generation WHERE id > ?", (generation,)) is None:
            return
        for table in ("passage", "article"):
            self._execute(f"DELETE FROM {table} WHERE added_generation > ?", (generation,))
            self._execute(
                f"UPDATE {table} SET removed_generation = NULL WHERE removed_generation > ?",
                (generation,),
            )
        self._execute("DELETE FROM generation WHERE id > ?", (generation,))

    def is_whole(self, record: GenerationRecord) -> bool:
        """Whether nothing that a generation holds was purged since it was published."""
        return self._count("passage", record.id) == record.passages

    def forget_generations(self, ids: Iterable[int]) -> None:
        """Drop records of generations whose directories are gone."""
        for id in ids:
            self._execute("DELETE FROM generation WHERE id = ?", (id,))

    def _count(self, table: str, generation: int) -> int:
        row = self._one(f"SELECT count(*) FROM {table} WHERE {LIVE}", {"g": generation})
        return int(row[0]) if row else 0


def generation_record(values: dict[str, Any]) -> GenerationRecord:
    """A row of the table generation as a value."""
    settings, files = json.loads(values["settings"]), json.loads(values["files"])
    return GenerationRecord(**{**values, "settings": settings, "files": files})
