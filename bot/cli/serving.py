"""`dateline bot`: the Discord bot."""

from __future__ import annotations

import typer

from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import command
from bot.settings import load_settings


def bot(home: HomeOption = None, json: JsonOption = False) -> None:
    """Run the Discord bot until it is told to stop."""
    with command(json=json):
        settings = load_settings(home=home)
        from bot.client import run

        raise typer.Exit(run(settings))
