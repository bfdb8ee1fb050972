"""A build that is complete and on disk but not published, as an operator looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.article import ArticleReference
from index.build_report import BuildReport
from index.catalog import GENERATIONS_FOLDER, Catalog
from index.errors import CorruptIndexError

MOST_LISTED = 200
"""Articles or messages in each list of a staged build; its report counts them all."""


@dataclass(frozen=True)
class StagedBuild:
    """What publishing would do. Lists hold the first MOST_LISTED, newest articles first."""

    generation: int | None
    """The number to publish or discard; None if the build found nothing to do."""
    base: int | None
    """The generation that served when it was built, without which it cannot be published."""
    report: BuildReport
    added: tuple[ArticleReference, ...] = ()
    changed: tuple[ArticleReference, ...] = ()
    """As they become."""
    removed: tuple[ArticleReference, ...] = ()
    """As they are until then."""
    failed: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "generation": self.generation,
            "base": self.base,
            "report": {**self.report.to_json(), "failed": len(self.report.failed)},
            "added": [{"id": one.id, "title": one.title} for one in self.added],
            "changed": [{"id": one.id, "title": one.title} for one in self.changed],
            "removed": [{"id": one.id, "title": one.title} for one in self.removed],
            "failed": list(self.failed),
        }


def read_staged_build(folder: Path, catalog: Catalog) -> StagedBuild | None:
    """The staged build of an archive, also one of a process that has ended since."""
    staged = catalog.staged()
    if staged is None:
        return None
    record = staged.generation
    counts = {**staged.report, "failed": tuple(staged.report["failed"])}
    report = BuildReport(
        **counts,
        passages=record.passages,
        generation=record.id,
        recall_at_10=recall_at_10(folder / GENERATIONS_FOLDER / record.directory),
        seconds=record.seconds,
    )
    keys = catalog.staged_changes(record.id, MOST_LISTED)
    return StagedBuild(
        generation=record.id,
        base=staged.base,
        report=report,
        added=tuple(catalog.references(keys.added)),
        changed=tuple(catalog.references(keys.changed)),
        removed=tuple(catalog.references(keys.removed)),
        failed=report.failed[:MOST_LISTED],
    )


def recall_at_10(directory: Path) -> float | None:
    """What a generation's own report says, None if its folder is gone."""
    from index.vector_report import VectorReport

    try:
        return VectorReport.load(directory).recall_at_10
    except CorruptIndexError:
        return None
