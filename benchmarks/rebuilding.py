"""What does a build cost where little has changed?

    python benchmarks/rebuilding.py FOLDER [--distractors FOLDER ...] [--home DIR] [--json]

A full build of all articles, the same again with nothing changed, and one article added to them,
each from files on disk to a published index, the model's loading included. With a --home that
holds the archive already, the full build is passed over.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.dateline import home_folder, prepare
from benchmarks.options import dataset_of, parser, settings_of
from benchmarks.peers import quiet
from benchmarks.reporting import markdown_table, number, progress
from bot.settings import Settings
from index.archive import Archive
from index.builder import BuildReport
from index.loaders import load_paths

NEW = "The harbour board of Elmford met on Tuesday and closed the eastern quay for a year."


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser("What does a build cost where little has changed?").parse_args(arguments)
    files = list(dataset_of(options).files)
    with home_folder(options.home) as home, TemporaryDirectory() as folder:
        settings = settings_of(options, home)
        prepare(settings)
        new = Path(folder) / "harbour.txt"
        new.write_text(NEW)
        steps = {
            "full build": files,
            "nothing changed": files,
            "one article added": [new],
        }
        results = {}
        for name, paths in steps.items():
            progress(name)
            report, seconds = timed_build(settings, paths)
            results[name] = {"seconds": seconds, **report.to_json(), "failed": len(report.failed)}
        with Archive.open(home, settings=settings) as archive:
            archive.remove([new.stem])
    if results["full build"]["added"] == 0:
        del results["full build"]  # it was there
    print(json.dumps(results) if options.json else table(results))
    return 0


def timed_build(settings: Settings, paths: Sequence[Path]) -> tuple[BuildReport, float]:
    """A build by an archive of its own, so that each loads what it needs."""
    started = perf_counter()
    with quiet(), Archive.open(settings.home, settings=settings) as archive:
        report = archive.index(load_paths(paths))
    return report, perf_counter() - started


def table(results: dict[str, dict[str, float]]) -> str:
    full = results.get("full build", {}).get("seconds")
    return markdown_table(
        ["build", "articles new", "unchanged", "passages", "embedded", "seconds", "of full"],
        [
            [
                name,
                number(row["added"]),
                number(row["unchanged"]),
                number(row["passages"]),
                number(row["embedded"]),
                number(row["seconds"], 1),
                number(row["seconds"] / full, 4) if full else "-",
            ]
            for name, row in results.items()
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
