"""`dateline articles list`, `show`, `diff` and `remove`: the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command, plain_line
from bot.qa.answer import iso_date
from bot.settings import load_settings
from index.article import Article

if TYPE_CHECKING:
    from index.archive import Archive

app = typer.Typer(
    help="List, show, compare and remove stored articles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_articles(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the stored articles: date, id and title."""
    with command(json=json) as output, _opened(home) as archive:
        summaries = archive.articles()
        if output.json:
            listed = [
                {
                    "id": summary.id,
                    "title": summary.title,
                    "date": iso_date(summary.date),
                    "source": summary.source,
                    "url": summary.url,
                    "passages": summary.passages,
                    "set": summary.article_set,
                    "tags": list(summary.tags),
                }
                for summary in summaries
            ]
            output.object({"articles": listed})
            return
        for summary in summaries:
            day = iso_date(summary.date) or "-"
            output.line(f"{day:10}  {plain_line(summary.id)}  {plain_line(summary.title)}")


RevisionOption = Annotated[
    int | None,
    typer.Option("--revision", metavar="N", min=1, help="An older one; they count from 1."),
]


@app.command("show")
def show_article(
    id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    revision: RevisionOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show a stored article; in JSON its text is exact."""
    with command(json=json) as output, _opened(home) as archive:
        article = (
            archive.article(id) if revision is None else archive.article_revision(id, revision)
        )
        revisions = archive.revisions(id)
        if output.json:
            output.object(
                {
                    "id": article.id,
                    "title": article.title,
                    "date": iso_date(article.date),
                    "source": article.source,
                    "url": article.url,
                    "set": article.article_set,
                    "tags": list(article.tags),
                    "pages": list(article.page_starts),
                    "text": article.text,
                    "content_hash": article.content_hash,
                    "revisions": [
                        {
                            "number": one.number,
                            "stored_at": one.stored_at,
                            "content_hash": one.content_hash,
                            "serving": one.serving,
                        }
                        for one in revisions
                    ],
                }
            )
            return
        output.line(plain_line(article.title))
        for value in (iso_date(article.date), article.source, article.url):
            if value:
                output.line(plain_line(value))
        if len(revisions) > 1:
            shown = revision or next(one.number for one in revisions if one.serving)
            output.line(f"revision {shown} of {len(revisions)}")
        output.line()
        output.line(article.text)


@app.command("diff")
def diff_article(
    id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    old: Annotated[
        int | None, typer.Argument(metavar="OLD", help="[the one before the newest]")
    ] = None,
    new: Annotated[int | None, typer.Argument(metavar="NEW", help="[the newest]")] = None,
    home: HomeOption = None,
) -> None:
    """Show what changed between two revisions of an article, as a unified diff."""
    with command(json=False) as output, _opened(home) as archive:
        numbers = [revision.number for revision in archive.revisions(id)]
        second = numbers[-1] if new is None else new
        first = max((n for n in numbers if n < second), default=second) if old is None else old
        before = archive.article_revision(id, first)
        after = archive.article_revision(id, second)
        for line in unified_diff(
            _lines(before), _lines(after), f"revision {first}", f"revision {second}", lineterm=""
        ):
            output.line(plain_line(line))


@app.command("remove")
def remove_articles(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Remove articles; if one of the ids is unknown, none is removed."""
    with command(json=json) as output, _opened(home) as archive:
        report = archive.remove(ids)
        if output.json:
            output.object(report.to_json())
        else:
            output.line(f"Articles: {report.removed} removed")
            output.line(f"Passages: {report.passages}")


@contextmanager
def _opened(home: Path | None) -> Iterator[Archive]:
    settings = load_settings(home=home)
    from index.archive import Archive

    with Archive.open(settings.home, settings=settings) as archive:
        yield archive


def _lines(article: Article) -> list[str]:
    """Headline, date and text, a line each, as a diff compares them."""
    return [article.title, iso_date(article.date) or "", *article.text.splitlines()]
