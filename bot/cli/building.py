"""`dateline index`, `status` and `verify`: the archive as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command
from bot.cli.progress import build_progress
from bot.settings import load_settings
from index.article import Article
from index.errors import LoadError


def index(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Files and folders: text, Markdown, HTML, PDF, DOCX, EML, CSV, JSON Lines, ZIP …",
            show_default=False,
        ),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Chunk and embed all stored articles again, with today's settings."
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Add articles, or update those that have changed."""
    if not paths and not rebuild:
        raise typer.BadParameter("name at least one file or folder", param_hint="PATH")
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive
        from index.loaders import load_paths

        loaded = _Counted(load_paths(paths or []))
        with Archive.open(settings.home, settings=settings) as archive, build_progress() as show:
            report = archive.index(loaded, progress=show, rebuild=rebuild)
        for message in report.failed:
            output.note(f"failed: {message}")
        if output.json:
            output.object(report.to_json())
        else:
            counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
            output.line(f"Articles: {counts}, {len(report.failed)} failed")
            output.line(f"Passages: {report.passages} ({report.embedded} newly embedded)")
            output.line(f"Seconds: {report.seconds:.1f}")
        if paths and not loaded.articles:
            output.note("dateline: nothing could be read")
            raise typer.Exit(1)


def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Show what the archive holds: counts, model, sizes, last build."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            report = archive.status().to_json()
        if output.json:
            output.object(report)
        else:
            for line in _described(report):
                output.line(line)


def verify(home: HomeOption = None, json: JsonOption = False) -> None:
    """Check every promise of the archive; exit code 1 if not kept."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            problems = archive.verify()
        if output.json:
            output.object({"holds": not problems, "problems": problems})
        else:
            for line in problems or ["everything holds"]:
                output.line(line)
        if problems:
            raise typer.Exit(1)


class _Counted:
    """Passes loaded items on, and counts the articles among them."""

    def __init__(self, items: Iterable[Article | LoadError]) -> None:
        self.items = items
        self.articles = 0

    def __iter__(self) -> Iterator[Article | LoadError]:
        for item in self.items:
            self.articles += isinstance(item, Article)
            yield item


def _described(values: dict[str, Any], indent: str = "") -> Iterator[str]:
    """A JSON object as readable lines, nested objects indented."""
    for name, value in values.items():
        label = f"{indent}{name.replace('_', ' ')}:"
        if isinstance(value, dict):
            yield label
            yield from _described(value, indent + "  ")
        elif name.endswith("bytes") and isinstance(value, int):
            yield f"{label} {value:,}"
        elif isinstance(value, float):
            yield f"{label} {value:.1f}"
        else:
            yield f"{label} {'-' if value is None else value}"
