"""Options that every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Folder of the archive; default $DATELINE_HOME, else the platform's data folder.",
        show_default=False,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON, in UTF-8, for other programs.")
]


def refuse_blank(value: str, what: str) -> str:
    """`value` if there is something in it that can be searched for; otherwise a usage error."""
    if problem := blank_problem(value):
        raise typer.BadParameter(f"the {what} {problem}")
    return value


def blank_problem(value: str) -> str:
    """Why `value` cannot be a question or a query, or ""."""
    if not value.strip():
        return "is empty"
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"is not valid Unicode at character {error.start + 1}"
    return ""
