"""Options that narrow a search, and the day from which it is counted."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from index.filtering import FilterError, SearchFilter


def _day(text: str) -> dt.date:
    """A day given as 2022-10-06; for anything else a usage error, which names the option."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2022-10-06") from None


SinceOption = Annotated[
    dt.date | None,
    typer.Option(
        "--since",
        metavar="DAY",
        parser=_day,
        help="Only articles of this day or later: 2022-10-06.",
    ),
]
UntilOption = Annotated[
    dt.date | None,
    typer.Option(
        "--until", metavar="DAY", parser=_day, help="Only articles of this day or earlier."
    ),
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
    dt.date | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        parser=_day,
        help='The day of the question: "last week" and what is new are counted from it. [today]',
    ),
]


def search_filter(
    since: dt.date | None,
    until: dt.date | None,
    sources: list[str] | None,
    article_sets: list[str] | None,
    tags: list[str] | None,
) -> SearchFilter:
    """The filter that the options ask for; a usage error where no day is left."""
    try:
        return SearchFilter(
            since, until, tuple(sources or ()), tuple(article_sets or ()), tuple(tags or ())
        )
    except FilterError as error:
        raise typer.BadParameter(str(error), param_hint="'--since' / '--until'") from None
