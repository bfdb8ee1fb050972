"""What an archive holds, in numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from index.catalog import GENERATIONS_FOLDER, Catalog, GenerationRecord
from index.errors import CorruptIndexError


@dataclass(frozen=True)
class ArchiveStatus:
    """What an archive holds. Sizes are bytes on disk."""

    home: str
    generation: int | None
    articles: int
    passages: int
    settings: dict[str, Any] | None
    """What the serving generation was built with."""
    built_at: str | None
    build_seconds: float | None
    vectors: dict[str, Any] | None
    """How the vectors are kept, and recall against an exact search: see VectorReport."""
    generations: int
    """On disk, one that is staged included."""
    staged: int | None
    """The generation that is built but not published."""
    catalog_bytes: int
    generation_bytes: int

    @classmethod
    def of(cls, folder: Path, catalog: Catalog) -> Self:
        record = catalog.current_generation()
        staged = catalog.staged()
        return cls(
            home=str(folder),
            generation=record.id if record else None,
            articles=record.articles if record else 0,
            passages=record.passages if record else 0,
            settings=record.settings if record else None,
            built_at=record.created_at if record else None,
            build_seconds=record.seconds if record else None,
            vectors=_vector_report(folder, record) if record else None,
            generations=len(catalog.generations()),
            staged=staged.generation.id if staged else None,
            catalog_bytes=sum(size_on_disk(path) for path in folder.glob(catalog.file.name + "*")),
            generation_bytes=(
                size_on_disk(folder / GENERATIONS_FOLDER / record.directory) if record else 0
            ),
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def size_on_disk(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def _vector_report(folder: Path, record: GenerationRecord) -> dict[str, Any] | None:
    from index.vector_report import VectorReport

    try:
        return asdict(VectorReport.load(folder / GENERATIONS_FOLDER / record.directory))
    except CorruptIndexError:
        return None  # `verify` names it
