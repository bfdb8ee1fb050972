"""`dateline articles list`, `show` and `remove`: the catalog."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command, plain_line
from bot.qa.answer import iso_date
from bot.settings import load_settings

app = typer.Typer(
    help="List, show and remove stored articles.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_articles(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the stored articles: date, id and title."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
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
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show a stored article; in JSON its text is exact."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            article = archive.article(id)
        if output.json:
            output.object(
                {
                    "id": article.id,
                    "title": article.title,
                    "date": iso_date(article.date),
                    "source": article.source,
                    "url": article.url,
                    "text": article.text,
                    "content_hash": article.content_hash,
                }
            )
            return
        output.line(plain_line(article.title))
        for value in (iso_date(article.date), article.source, article.url):
            if value:
                output.line(plain_line(value))
        output.line()
        output.line(article.text)


@app.command("remove")
def remove_articles(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Remove articles; if one of the ids is unknown, none is removed."""
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            report = archive.remove(ids)
        if output.json:
            output.object(report.to_json())
        else:
            output.line(f"Articles: {report.removed} removed")
            output.line(f"Passages: {report.passages}")
