"""`dateline feeds add`, `list`, `remove` and `poll`: articles that come by themselves."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import HomeOption, JsonOption
from bot.cli.output import Output, command, plain_line
from bot.cli.progress import build_progress
from bot.cli.stopping import until_stopped
from bot.settings import Settings, load_settings
from index.errors import DatelineError

if TYPE_CHECKING:
    from index.archive import Archive
    from index.feeds import FeedRecord, Feeds
    from index.fetching.fetcher import Fetcher
    from index.fetching.polling import PollReport

app = typer.Typer(
    help="Subscribe to RSS and Atom feeds.", no_args_is_help=True, rich_markup_mode=None
)

LONGEST_SLEEP = 60.0
"""Seconds between two looks for due feeds, so that one added meanwhile is polled, too."""
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
_INTERVAL = re.compile(r"([0-9]{1,6})([smhd])", re.ASCII)

UrlsArgument = Annotated[list[str], typer.Argument(metavar="URL...", show_default=False)]


@app.command("add")
def add_feed(
    url: Annotated[str, typer.Argument(metavar="URL", show_default=False)],
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="How often to ask: 30m, 2h, 1d.")
    ] = "30m",
    article_set: Annotated[
        str, typer.Option("--set", metavar="NAME", help="The set its articles are put into.")
    ] = "",
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Subscribe to a feed, or change how; `feeds poll` gets its articles."""
    seconds = _seconds(every)
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive
        from index.feeds import Feeds
        from index.fetching.fetcher import Fetcher
        from index.fetching.polling import fetch_feed

        (address,) = _addresses([url])
        _, feed = fetch_feed(address, Fetcher(settings))
        title = feed.title if feed else ""
        with Archive.open(settings.home, settings=settings):
            feeds = Feeds(settings.home)
            try:
                feeds.add(
                    address,
                    every_seconds=seconds,
                    article_set=article_set,
                    title=title,
                    now=dt.datetime.now(dt.UTC),
                )
                (record,) = feeds.named([address])
            finally:
                feeds.close()
        if output.json:
            output.object(record.to_json())
        else:
            output.line(f"Subscribed: {plain_line(title or address)}, every {_shown(seconds)}")
            output.line("`dateline feeds poll` gets its articles.")


@app.command("list")
def list_feeds(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the feeds: how often, last poll, address, title, last error."""
    with command(json=json) as output:
        feeds = _opened(load_settings(home=home))
        try:
            records = feeds.all()
        finally:
            feeds.close()
        if output.json:
            output.object({"feeds": [record.to_json() for record in records]})
            return
        for record in records:
            when = (record.polled_at or "never")[:16].replace("T", " ")
            line = f"{_shown(record.every_seconds):4}  {when:16}  {plain_line(record.url)}"
            output.line(f"{line}  {plain_line(record.title)}".rstrip())
            if record.last_error:
                output.line(f"      {plain_line(record.last_error)}")


@app.command("remove")
def remove_feeds(urls: UrlsArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """End subscriptions; the articles that came by them stay."""
    with command(json=json) as output:
        feeds = _opened(load_settings(home=home))
        addresses = _addresses(urls)
        try:
            feeds.remove(addresses)
        finally:
            feeds.close()
        if output.json:
            output.object({"removed": addresses})
        else:
            output.line(f"Feeds: {len(addresses)} removed")


@app.command("poll")
def poll_feeds(
    urls: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[URL...]", help="Feeds to poll now, due or not.", show_default=False
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on polling what is due, until Ctrl-C.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Get new articles from the feeds that are due; 1 if none could be read."""
    if urls and watch:
        raise typer.BadParameter("polls all feeds when they are due: name none", param_hint="URL")
    with command(json=json) as output:
        settings = load_settings(home=home)
        from index.archive import Archive
        from index.feeds import Feeds
        from index.fetching.fetcher import Fetcher

        with Archive.open(settings.home, settings=settings) as archive:
            feeds = Feeds(settings.home)
            try:
                records = feeds.named(_addresses(urls)) if urls else None
                if not feeds.all() and not watch:
                    raise DatelineError("no feed to poll: `dateline feeds add URL` adds one")
                fetcher = Fetcher(settings)
                if watch:
                    with until_stopped():
                        _poll_for_ever(archive, feeds, fetcher, output)
                    return
                report = _poll(archive, feeds, fetcher, records)
            finally:
                feeds.close()
        _show(report, output)
        if report.polled and len(report.failed) == report.polled:
            raise typer.Exit(1)


def _poll_for_ever(archive: Archive, feeds: Feeds, fetcher: Fetcher, output: Output) -> None:
    while True:
        try:
            if due := feeds.due(dt.datetime.now(dt.UTC)):
                _show(_poll(archive, feeds, fetcher, due), output)
        except DatelineError as error:  # such as a build of another process
            output.note(f"failed: {plain_line(str(error))}")
        time.sleep(_until_due(feeds))


def _until_due(feeds: Feeds) -> float:
    now = dt.datetime.now(dt.UTC)
    waits = [(dt.datetime.fromisoformat(r.due_at) - now).total_seconds() for r in feeds.all()]
    return min(max(min(waits, default=LONGEST_SLEEP), 1.0), LONGEST_SLEEP)


def _poll(
    archive: Archive, feeds: Feeds, fetcher: Fetcher, records: Sequence[FeedRecord] | None
) -> PollReport:
    from index.fetching.polling import poll

    with build_progress() as show:
        return poll(
            feeds,
            lambda items: archive.index(items, progress=show),
            fetcher,
            dt.datetime.now(dt.UTC),
            records,
        )


def _show(report: PollReport, output: Output) -> None:
    build = report.build
    for message in (*report.failed, *(build.failed if build else ())):
        output.note(f"failed: {plain_line(message)}")
    if output.json:
        output.object(report.to_json())
        return
    output.line(
        f"Feeds: {report.polled} polled, {report.unchanged} unchanged, {len(report.failed)} failed"
    )
    added, changed = (build.added, build.changed) if build else (0, 0)
    failed = len(build.failed) if build else 0
    output.line(f"Articles: {added} added, {changed} changed, {failed} failed")


def _addresses(urls: Sequence[str]) -> list[str]:
    """As they are stored, however they are written here. Raises RefusedError."""
    from index.fetching.addressing import web_url

    return list(dict.fromkeys(str(web_url(url)) for url in urls))


def _opened(settings: Settings) -> Feeds:
    from index.archive import Archive
    from index.feeds import Feeds

    Archive.open(settings.home, settings=settings).close()  # makes the folder, or says why not
    return Feeds(settings.home)


def _seconds(interval: str) -> int:
    from index.feeds import LEAST_SECONDS, MOST_SECONDS

    match = _INTERVAL.fullmatch(interval.strip().lower())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise typer.BadParameter(
            f"{interval!r} is no time from 1m to 30d: write it as 30m, 2h or 1d",
            param_hint="--every",
        )
    return seconds


def _shown(seconds: int) -> str:
    unit = next(unit for unit in "dhms" if seconds % _UNITS[unit] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"
