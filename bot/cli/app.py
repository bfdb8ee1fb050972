"""The `dateline` command. Models and index are imported inside the commands that need them, so
that `dateline --help` answers at once.
"""

from __future__ import annotations

import io
import sys

import typer

from bot.cli import (
    articles,
    asking,
    building,
    feeds,
    generations,
    reading,
    serving,
    staged,
    timeline,
)

app = typer.Typer(
    name="dateline",
    help="Answers to questions over your news articles, each with the passage that proves it.",
    epilog="Exit codes: 0 done or answered, 1 error, 2 wrong usage, 3 no answer found.",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help and errors: quicker, and the same on every terminal
    add_completion=False,
    # An unforeseen error is a plain traceback: the rich one prints local variables.
    pretty_exceptions_enable=False,
)

app.command("index")(building.index)
app.command("ask")(asking.ask)
app.command("search")(asking.search)
app.command("read")(reading.read)
app.command("timeline")(timeline.timeline)
app.add_typer(articles.app, name="articles")
app.add_typer(feeds.app, name="feeds")
app.command("status")(building.status)
app.command("verify")(building.verify)
app.command("generations")(generations.list_generations)
app.command("rollback")(generations.roll_back)
app.add_typer(staged.app, name="staged")
app.command("gc")(generations.collect_garbage)
app.command("export")(generations.export_archive)
app.command("import")(generations.import_archive)
app.command("bot")(serving.bot)


def main() -> None:
    """Run the command line on `sys.argv`; always ends in SystemExit with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # Quotes are cited byte for byte: not in whatever the locale takes for text.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="dateline")
