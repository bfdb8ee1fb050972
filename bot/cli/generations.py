"""`dateline export`, `import`, `generations`, `rollback` and `gc`: keeping an archive safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import opened_archive
from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import Output, command, plain_line
from bot.cli.progress import build_progress
from bot.settings import load_settings

if TYPE_CHECKING:
    from index.catalog import GenerationRecord
    from index.transfer import TransferReport


def export_archive(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Write the archive, as it serves now, into one file."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.transfer import export_archive

        _print(output, "Exported", export_archive(settings.home, file))


def import_archive(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Give up the articles that are stored now.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Make an exported file the archive; nothing else may use it meanwhile."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.transfer import import_archive

        with build_progress() as show:
            report = import_archive(file, settings.home, replace=replace, progress=show)
        _print(output, "Imported", report)


def list_generations(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the generations on disk, one a build; * serves now, + is staged."""
    with command(json=json) as output, opened_archive(home) as archive:
        serving = archive.status().generation
        staged = archive.staged()
        listed = [
            {
                "generation": record.id,
                "serving": record.id == serving,
                "staged": staged is not None and record.id == staged.id,
                "created_at": record.created_at,
                "articles": record.articles,
                "passages": record.passages,
                "bytes": archive.generation_bytes(record),
            }
            for record in archive.generations()
        ]
        if output.json:
            output.object({"generations": listed})
            return
        for one in listed:
            mark = "*" if one["serving"] else "+" if one["staged"] else " "
            counts = f"{one['articles']:,} articles, {one['passages']:,} passages"
            output.line(
                f"{mark} {one['generation']:>4}  {one['created_at']}  {counts}, "
                f"{one['bytes']:,} bytes"
            )
        if not listed:
            output.line("No generation yet: `dateline index PATH` builds one.")


def print_serving(output: Output, record: GenerationRecord) -> None:
    """What serves from now on."""
    if output.json:
        output.object(
            {
                "generation": record.id,
                "created_at": record.created_at,
                "articles": record.articles,
                "passages": record.passages,
            }
        )
    else:
        output.line(
            f"Serving generation {record.id} of {record.created_at}: "
            f"{record.articles:,} articles, {record.passages:,} passages"
        )


def roll_back(
    generation: Annotated[
        int, typer.Argument(metavar="N", help="As `generations` lists it.", show_default=False)
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Serve another generation; newer ones are deleted by the next build only."""
    with command(json=json) as output, opened_archive(home) as archive:
        record = archive.roll_back(generation)
        print_serving(output, record)


def collect_garbage(
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            min=1,
            metavar="N",
            help="How many generations stay; default $DATELINE_KEEP_GENERATIONS.",
            show_default=False,
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Delete old generations and what builds that died have left."""
    with command(json=json) as output, opened_archive(home) as archive:
        freed = archive.collect_garbage(keep)
        left = len(archive.generations())
        if output.json:
            output.object({"freed_bytes": freed, "generations": left})
        else:
            output.line(f"Freed: {freed:,} bytes")
            output.line(f"Generations: {left}")


def _print(output: Output, done: str, report: TransferReport) -> None:
    if output.json:
        output.object(report.to_json())
        return
    output.line(f"{done}: {plain_line(report.file)} ({report.bytes:,} bytes)")
    output.line(f"Articles: {report.articles}")
    output.line(f"Passages: {report.passages}")
