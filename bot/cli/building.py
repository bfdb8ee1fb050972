"""`dateline index`, `status` and `verify`: the archive as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.opening import opened_archive
from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import Output, command
from bot.cli.progress import build_progress
from bot.cli.watching import WATCH_HELP, watch
from bot.settings import Settings, load_settings
from index.article import Article
from index.errors import LoadError

if TYPE_CHECKING:
    from index.archive import Archive


def index(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH|URL...",
            help="Files and folders (text, HTML, PDF, DOCX, CSV, ZIP …), or web addresses.",
            show_default=False,
        ),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Chunk and embed all stored articles again, with today's settings."
        ),
    ] = False,
    stage: Annotated[
        bool,
        typer.Option(
            "--stage", help="Do not publish: `dateline staged` shows, publishes or discards it."
        ),
    ] = False,
    article_set: Annotated[
        str, typer.Option("--set", metavar="NAME", help="Put the articles into this article set.")
    ] = "",
    watching: Annotated[bool, typer.Option("--watch", help=WATCH_HELP)] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Add articles, or update those that have changed.

    Without PATH, an index that another version of Dateline has written is brought up to date.
    """
    from index.fetching.addressing import is_web_address

    addresses = [source for source in sources or () if is_web_address(source)]
    paths = [Path(source) for source in sources or () if not is_web_address(source)]
    if watching and (addresses or rebuild or stage or not paths):
        raise typer.BadParameter("goes with files and folders only", param_hint="--watch")
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            if not sources and archive.status().generation is None:
                raise typer.BadParameter(
                    "name at least one file, folder or address", param_hint="PATH"
                )
            if watching:
                watch(
                    paths,
                    lambda: _build(archive, paths, [], output, article_set),
                    ignored=settings.home,
                    note=output.note,
                )
                return
            fetched = _fetched(addresses, settings)
            articles = _build(
                archive, paths, fetched, output, article_set, rebuild=rebuild, stage=stage
            )
        if sources and not articles:
            output.note("dateline: nothing could be read")
            raise typer.Exit(1)


def _fetched(addresses: Sequence[str], settings: Settings) -> list[Article | LoadError]:
    """All of it before the build begins, so that no other build waits for a slow site."""
    if not addresses:
        return []
    from index.fetching.fetcher import Fetcher
    from index.fetching.web import load_url

    fetcher = Fetcher(settings)
    return [item for address in addresses for item in load_url(address, fetcher)]


def _build(
    archive: Archive,
    paths: Sequence[Path],
    fetched: Sequence[Article | LoadError],
    output: Output,
    article_set: str,
    *,
    rebuild: bool = False,
    stage: bool = False,
) -> int:
    """One build and its report; the number of articles that were read."""
    from index.loaders import load_paths

    loaded = _Counted(chain(fetched, load_paths(paths)), article_set)
    with build_progress() as show:
        if stage:
            staged = archive.stage(loaded, progress=show, rebuild=rebuild)
            report = staged.report
        else:
            staged, report = None, archive.index(loaded, progress=show, rebuild=rebuild)
    for message in report.failed:
        output.note(f"failed: {message}")
    if output.json:
        output.object(staged.to_json() if staged else report.to_json())
    else:
        counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged"
        output.line(f"Articles: {counts}, {len(report.failed)} failed")
        output.line(f"Passages: {report.passages} ({report.embedded} newly embedded)")
        if report.recall_at_10 is not None and report.recall_at_10 < 1:
            output.line(f"Recall@10 of the vector search: {report.recall_at_10:.3f}")
        output.line(f"Seconds: {report.seconds:.1f}")
        if staged and staged.generation is None:
            output.line("Nothing is staged: there is nothing to change.")
        elif staged:
            output.line(
                f"Staged: generation {staged.generation}; `dateline staged publish` makes it serve"
            )
    return loaded.articles


def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Show what the archive holds: counts, model, sizes, last build."""
    with command(json=json) as output, opened_archive(home) as archive:
        report = archive.status().to_json()
        if output.json:
            output.object(report)
        else:
            for line in _described(report):
                output.line(line)


def verify(home: HomeOption = None, json: JsonOption = False) -> None:
    """Check every promise of the archive; exit code 1 if not kept."""
    with command(json=json) as output, opened_archive(home) as archive:
        problems = archive.verify()
        if output.json:
            output.object({"holds": not problems, "problems": problems})
        else:
            for line in problems or ["everything holds"]:
                output.line(line)
        if problems:
            raise typer.Exit(1)


class _Counted:
    """Passes loaded items on, puts articles into a set and counts them."""

    def __init__(self, items: Iterable[Article | LoadError], article_set: str) -> None:
        self.items = items
        self.article_set = article_set
        self.articles = 0

    def __iter__(self) -> Iterator[Article | LoadError]:
        for item in self.items:
            if isinstance(item, LoadError):
                yield item
                continue
            self.articles += 1
            yield replace(item, article_set=self.article_set) if self.article_set else item


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
