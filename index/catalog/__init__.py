"""The catalog: articles, passages and generations in SQLite."""

from __future__ import annotations

from pathlib import Path

from index.catalog.passages import Passages
from index.catalog.records import (
    ArticleFacts,
    ArticleSummary,
    GenerationRecord,
    Revision,
    StagedRecord,
    StoredArticle,
)
from index.catalog.staged import Staged

__all__ = [
    "FILE_NAME",
    "GENERATIONS_FOLDER",
    "ArticleFacts",
    "ArticleSummary",
    "Catalog",
    "GenerationRecord",
    "Revision",
    "StagedRecord",
    "StoredArticle",
]

FILE_NAME = "catalog.sqlite3"
GENERATIONS_FOLDER = "generations"
"""Beside the catalog; holds a directory for each generation."""


class Catalog(Staged, Passages):
    """The catalog in an archive's folder. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE_NAME)
