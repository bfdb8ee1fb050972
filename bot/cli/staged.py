"""`dateline staged show`, `publish` and `discard`: a build that waits, made by `index --stage`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.generations import print_serving
from bot.cli.opening import opened_archive
from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command, plain_line
from index.errors import GenerationNotFoundError

if TYPE_CHECKING:
    from index.archive import Archive
    from index.staged_build import StagedBuild

app = typer.Typer(
    help="Show, publish or discard the build that `dateline index --stage` has made.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

GenerationArgument = Annotated[
    int | None,
    typer.Argument(
        metavar="[N]", help="As `show` names it; default: the staged one.", show_default=False
    ),
]


@app.command("show")
def show_staged(home: HomeOption = None, json: JsonOption = False) -> None:
    """Show which articles the staged build adds, changes and removes."""
    with command(json=json) as output, opened_archive(home) as archive:
        staged = archive.staged_build()
        if output.json:
            output.object({"staged": staged.to_json() if staged else None})
        elif staged is None:
            output.line("Nothing is staged: `dateline index --stage PATH` builds it.")
        else:
            for line in described(staged):
                output.line(line)


@app.command("publish")
def publish_staged(
    generation: GenerationArgument = None, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Serve the staged build; `rollback` takes it back, unless it removes articles."""
    with command(json=json) as output, opened_archive(home) as archive:
        record = archive.publish_staged(_named(archive, generation))
        print_serving(output, record)


@app.command("discard")
def discard_staged(
    generation: GenerationArgument = None, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Delete the staged build; what serves goes on serving."""
    with command(json=json) as output, opened_archive(home) as archive:
        discarded = _named(archive, generation)
        archive.discard_staged(discarded)
        if output.json:
            output.object({"discarded": discarded})
        else:
            output.line(f"Discarded generation {discarded}")


def described(staged: StagedBuild) -> Iterator[str]:
    """A staged build for a person, an article a line."""
    report = staged.report
    yield f"Staged: generation {staged.generation}, built on {staged.base or 'an empty archive'}"
    yield f"Passages: {report.passages} ({report.embedded} newly embedded)"
    for name, articles, count in (
        ("added", staged.added, report.added),
        ("changed", staged.changed, report.changed),
        ("removed", staged.removed, report.removed),
    ):
        yield f"Articles: {count} {name}"
        yield from (f"  {plain_line(one.id)}  {plain_line(one.title)}" for one in articles)
        if count > len(articles):
            yield f"  … and {count - len(articles)} more"
    yield f"Not read: {len(report.failed)}"
    yield from (f"  {plain_line(message)}" for message in staged.failed)
    if len(report.failed) > len(staged.failed):
        yield f"  … and {len(report.failed) - len(staged.failed)} more"


def _named(archive: Archive, generation: int | None) -> int:
    """Raises GenerationNotFoundError if none is named and none is staged."""
    if generation is not None:
        return generation
    record = archive.staged()
    if record is None:
        raise GenerationNotFoundError("nothing is staged: run `dateline index --stage PATH`")
    return record.id
