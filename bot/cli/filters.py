"""Options that narrow a search, and the day from which it is counted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from index.filtering import FilterError, SearchFilter

SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DAY", help="Only articles of this day or later: 2022-10-06."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="Only articles of this day or earlier.")
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Only from this source; may be repeated."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME", help="Only from this article set; may be repeated."),
]
TagOption = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="NAME", help="Only articles with this tag; may be repeated."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help='The day of the question: "last week" and what is new are counted from it. [today]',
    ),
]


def search_filter(
    since: str | None,
    until: str | None,
    sources: list[str] | None,
    article_sets: list[str] | None,
    tags: list[str] | None,
) -> SearchFilter:
    """The filter that the options ask for; a usage error where a day is none."""
    try:
        return SearchFilter(
            since=day(since, "--since"),
            until=day(until, "--until"),
            sources=tuple(sources or ()),
            article_sets=tuple(article_sets or ()),
            tags=tuple(tags or ()),
        )
    except FilterError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


def day(text: str | None, option: str) -> dt.date | None:
    """A day given as 2022-10-06; a usage error for anything else."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no day: write it as 2022-10-06", param_hint=option
        ) from None
