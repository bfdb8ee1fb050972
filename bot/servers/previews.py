"""What is to be seen of a build: while it waits to be published, and when it has ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.servers.golden_answers import GoldenResult
from bot.servers.records.builds import BuildRecord
from index.staged_build import StagedBuild

MOST_FAILURES = 20
_MOST_FAILURE = 300
"""Code points of the reason why one file failed."""


@dataclass(frozen=True)
class BuildSummary:
    """What a build did or would do, as its record keeps it: counts, and no article's title."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: int = 0
    passages: int = 0
    failures: tuple[str, ...] = ()
    """Why the first MOST_FAILURES failed."""
    built_at: str = ""
    """When the staged generation was made, which tells it from another one of its number."""
    golden: tuple[GoldenResult, ...] = ()
    reason: str = ""
    """Why it ended as it did, a sentence of our own; "" where there is nothing to say."""

    @classmethod
    def of(cls, staged: StagedBuild, built_at: str = "") -> Self:
        report = staged.report
        return cls(
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            removed=report.removed,
            failed=len(report.failed),
            passages=report.passages,
            failures=tuple(one[:_MOST_FAILURE] for one in report.failed[:MOST_FAILURES]),
            built_at=built_at,
        )

    def ended(self) -> Self:
        """Without what quotes the articles: it is not kept longer than somebody has to decide."""
        return dataclasses.replace(self, golden=())

    def to_json(self) -> dict[str, Any]:
        golden = [one.to_json() for one in self.golden]
        return {**dataclasses.asdict(self), "failures": list(self.failures), "golden": golden}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Self:
        values = dict(fields)
        values["failures"] = tuple(values.get("failures", ()))
        values["golden"] = tuple(map(GoldenResult.from_json, values.get("golden", ())))
        return cls(**values)


@dataclass(frozen=True)
class BuildView:
    """A build as a person looks at it."""

    record: BuildRecord
    summary: BuildSummary
    staged: StagedBuild | None = None
    """With the articles' titles; only while it waits to be published."""

    @property
    def waits(self) -> bool:
        """Whether somebody has to publish or discard it."""
        return self.record.state == "previewed"
