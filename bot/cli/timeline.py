"""`dateline timeline`: what the articles say of a topic, by its days."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.answers import byline, indented
from bot.cli.filters import (
    AsOfOption,
    SetOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    search_filter,
)
from bot.cli.options import HomeOption, JsonOption, refuse_blank
from bot.cli.output import Output, command, plain_line
from bot.qa.answer import name_copies
from bot.qa.timelines.event import DatedBy, Event, Timeline
from bot.settings import load_settings

NO_EVENTS = 3
"""The exit code where nothing was found that has a date."""


def timeline(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", show_default=False)],
    most: Annotated[
        int, typer.Option("--most", min=1, max=100, help="How many events at the most.")
    ] = 12,
    as_of: AsOfOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    article_set: SetOption = None,
    tag: TagOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the dated events of a topic with quotes, newest last; exit code 3 if there are none.

    --since and --until hold for the articles and for the events.
    """
    refuse_blank(topic, "topic")
    within = search_filter(since, until, source, article_set, tag)
    with command(json=json) as output:
        settings = load_settings(home=home)
        from bot.qa.timeline import make_timeline
        from index.archive import Archive

        with Archive.open(settings.home, settings=settings) as archive:
            found = make_timeline(archive, topic, within=within, as_of=as_of, most=most)
        if output.json:
            output.object(found.to_json())
        else:
            _show(output, found)
        raise typer.Exit(0 if found.events else NO_EVENTS)


def _show(output: Output, found: Timeline) -> None:
    for event in found.events:
        _show_event(output, event)
    if not found.events:
        output.line("No dated events found.")
        if found.undated:
            output.line(f"Sentences on it without a date: {found.undated}")
    elif found.left_out:
        output.line(f"Events left out: {found.left_out} (--most shows more)")


def _show_event(output: Output, event: Event) -> None:
    notes = [
        "day of the article" if event.dated_by is DatedBy.ARTICLE else "",
        "as expected then" if event.foretold else "",
    ]
    note = ", ".join(filter(None, notes))
    output.line(event.when + (f" ({note})" if note else ""))
    citation = event.citation
    output.line(indented(f"“{citation.quote}”"))
    output.line(f"    [{citation.n}] {byline(citation.article, citation.page)}")
    if link := citation.link or citation.article.url:
        output.line(f"    {plain_line(link)}")
    if copies := name_copies(event.also_in, byline):
        output.line(f"    {copies}")
    output.line()
