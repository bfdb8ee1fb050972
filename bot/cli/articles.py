"""`dateline articles list`, `show`, `diff` and `remove`: the catalog."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.opening import opened_archive
from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command, plain_line
from bot.qa.answer import iso_date
from index.article import Article

if TYPE_CHECKING:
    from index.catalog.records import Revision

RevisionOption = Annotated[
    int | None,
    typer.Option("--revision", metavar="N", min=1, help="An older one; they count from 1."),
]

app = typer.Typer(
    help="List, show, compare and remove stored articles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_articles(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the stored articles: date, id and title."""
    with command(json=json) as output, opened_archive(home) as archive:
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


@app.command("show")
def show_article(
    id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    revision: RevisionOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show a stored article; in JSON its text is exact."""
    with command(json=json) as output, opened_archive(home) as archive:
        revisions = archive.revisions(id)
        number = revision or next((one.number for one in revisions if one.serving), None)
        article = archive.article_revision(id, number) if number else archive.article(id)
        if output.json:
            output.object(
                {
                    "id": article.id,
                    "title": article.title,
                    "date": iso_date(article.date),
                    "source": article.source,
                    "url": article.url,
                    "authors": list(article.authors),
                    "set": article.article_set,
                    "tags": list(article.tags),
                    "pages": list(article.page_starts),
                    "text": article.text,
                    "content_hash": article.content_hash,
                    "revision": number,
                    "revisions": [_revision_json(one) for one in revisions],
                }
            )
            return
        output.line(plain_line(article.title))
        if article.authors:
            output.line(plain_line(f"by {'; '.join(article.authors)}"))
        for value in (iso_date(article.date), article.source, article.url):
            if value:
                output.line(plain_line(value))
        if len(revisions) > 1:
            output.line(f"revision {number} of {len(revisions)}")
        output.line()
        output.line(article.text)


@app.command("diff")
def diff_article(
    id: Annotated[str, typer.Argument(metavar="ID", show_default=False)],
    old: Annotated[
        int | None, typer.Argument(metavar="OLD", help="[the one before NEW]", min=1)
    ] = None,
    new: Annotated[int | None, typer.Argument(metavar="NEW", help="[the newest]", min=1)] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show what changed between two revisions of an article, as a unified diff."""
    with command(json=json) as output, opened_archive(home) as archive:
        newest = archive.revisions(id)[-1].number
        second = newest if new is None else new
        first = max(second - 1, 1) if old is None else old
        before = archive.article_revision(id, first)
        after = archive.article_revision(id, second)
        names = f"revision {first}", f"revision {second}"
        lines = list(unified_diff(_lines(before), _lines(after), *names, lineterm=""))
        if output.json:
            output.object({"id": id, "old": first, "new": second, "diff": lines})
            return
        for line in lines:
            output.line(line)
        if newest == 1:
            output.note("There is one revision only.")
        elif not lines:
            output.note(f"{names[0]} and {names[1]} read the same.".capitalize())


@app.command("remove")
def remove_articles(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Remove articles; if one of the ids is unknown, none is removed."""
    with command(json=json) as output, opened_archive(home) as archive:
        report = archive.remove(ids)
        if output.json:
            output.object(report.to_json())
        else:
            output.line(f"Articles: {report.removed} removed")
            output.line(f"Passages: {report.passages}")


def _revision_json(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "stored_at": revision.stored_at,
        "content_hash": revision.content_hash,
        "serving": revision.serving,
    }


def _lines(article: Article) -> list[str]:
    """What a revision can differ in, as a diff compares it: fields and text, line by line."""
    fields = {
        "title": article.title,
        "date": iso_date(article.date) or "",
        "source": article.source,
        "url": article.url,
        "authors": "; ".join(article.authors),
        "set": article.article_set,
        "tags": ", ".join(article.tags),
    }
    return [
        *(f"{name}: {' '.join(value.split())}" for name, value in fields.items()),
        *article.text.splitlines(),
    ]
