"""How soon does a decision about a build take effect: Publish, Discard, `/index rollback`?

    python benchmarks/publishing.py [ARCHIVE] [--articles 5000] [--rounds 5] [--rebuild] [--json]

ARCHIVE is a DATELINE_HOME, which is copied; without it, so many articles are generated. The bot
runs in this process, connected to the tests' Discord on 127.0.0.1. Each round adds an article,
discards it, adds it again, publishes it and rolls back; with `--rebuild`, a rebuild of all
articles is published and rolled back at the end.

The clock starts when the button is pressed or the command is given. *Effective* is when another
connection to the archive sees it: another generation serves, or nothing is staged any more. *Shown*
is when the message in Discord says so; publishing and discarding have also deleted by then what is
not kept. *First search* is the first one in the archive after that, which loads the generation.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(ROOT)
sys.path += [str(ROOT / "tests" / "discord")]

from answers import buttons, said  # noqa: E402
from fake_discord import FakeDiscord  # noqa: E402
from fake_payloads import GUILD_ID, TOKEN, Payload  # noqa: E402
from pydantic import SecretStr  # noqa: E402
from scripted import ScriptedPipeline, ScriptedServers, started  # noqa: E402

from benchmarks.reporting import markdown_table, number, progress  # noqa: E402
from bot.servers.folders import server_folder  # noqa: E402
from bot.settings import DiscordSettings, load_settings  # noqa: E402
from index.archive import Archive  # noqa: E402
from index.article import Article  # noqa: E402

PATIENCE_S = 3600.0
POLL_S = 0.001
SENTENCES, WORDS_IN_SENTENCE, VOCABULARY = 6, 14, 4000

Times = dict[str, dict[str, list[float]]]
"""Milliseconds by what was done, then by what was waited for."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(_run(options, Path(folder)))
    print(json.dumps(result) if options.json else shown(result))
    return 0


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    options.add_argument("archive", type=Path, nargs="?", help="a DATELINE_HOME to try it on")
    options.add_argument("--articles", type=int, default=5000, metavar="N")
    options.add_argument("--rounds", type=int, default=5, metavar="N")
    options.add_argument("--rebuild", action="store_true", help="publish a rebuild, too")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    return options


async def _run(options: argparse.Namespace, home: Path) -> dict[str, Any]:
    folder = server_folder(home, GUILD_ID)
    if options.archive is not None:
        shutil.copytree(options.archive, folder)
    else:
        progress(f"indexing {options.articles:,} articles")
        with Archive.open(folder, settings=load_settings(home=folder)) as archive:
            archive.index(generated(options.articles))
    async with FakeDiscord().running() as fake:
        fake.wait_s = fake.ack_window_s = PATIENCE_S
        settings = DiscordSettings(
            discord_token=SecretStr(TOKEN), discord_api=fake.http, discord_gateway=fake.ws
        )
        servers = ScriptedServers(home, ScriptedPipeline())
        try:
            async with started(fake, settings, servers):
                with Archive.open(folder) as watched:
                    rounds = Rounds(fake, servers.server(GUILD_ID).archive, watched)
                    for done in range(options.rounds):
                        progress(f"round {done + 1} of {options.rounds}")
                        await rounds.one()
                    if options.rebuild:
                        progress("rebuilding")
                        await rounds.rebuilt()
                    (serving,) = (
                        one for one in watched.generations() if one.id == watched.generation_id()
                    )
        finally:
            servers.close()
    return {
        "articles": serving.articles,
        "passages": serving.passages,
        "rounds": options.rounds,
        "milliseconds": rounds.times,
    }


def generated(count: int) -> Iterator[Article]:
    """Articles of made-up words, as many each time, the frequent ones often (Zipf's law)."""
    chance = random.Random(1)
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(VOCABULARY)]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    for place in range(count):
        chosen = chance.choices(words, weights, k=SENTENCES * WORDS_IN_SENTENCE)
        sentences = (
            " ".join(chosen[start : start + WORDS_IN_SENTENCE]).capitalize() + "."
            for start in range(0, len(chosen), WORDS_IN_SENTENCE)
        )
        yield Article(
            id=f"generated-{place}",
            title=f"Report {place}",
            date=None,
            source="",
            url="",
            text=" ".join(sentences),
        )


class Rounds:
    """What people do, and how long it takes."""

    def __init__(self, fake: FakeDiscord, bots: Archive, watched: Archive) -> None:
        self._fake = fake
        self._bots = bots
        self._watched = watched
        self.times: Times = {}

    async def one(self) -> None:
        await self._decide("Discard", await self._previewed(), "Discard one article added")
        await self._decide("Publish", await self._previewed(), "Publish one article added")
        await self._roll_back("`/index rollback`")

    async def rebuilt(self) -> None:
        message = await self._message(self._fake.invoke("index rebuild"))
        await self._decide("Publish", message, "Publish a rebuild")
        await self._roll_back("`/index rollback` of a rebuild")

    async def _previewed(self) -> Payload:
        file = self._fake.upload(
            "new.txt", b"The harbour board closed the eastern quay for a year."
        )
        return await self._message(self._fake.invoke("articles add", file1=file))

    async def _message(self, invoked: Awaitable[Any]) -> Payload:
        """Of a build, once it waits for a decision."""
        return await self._fake.answered(await invoked, lambda one: bool(one["components"]))

    async def _decide(self, label: str, message: Payload, name: str) -> None:
        id, button = int(message["id"]), buttons(message)[label]
        discards = label == "Discard"
        await self._timed(
            name,
            lambda: self._fake.press(id, button),
            self._staged if discards else self._watched.generation_id,
            lambda: ("is discarded" if discards else "is published") in said(message),
        )

    async def _roll_back(self, name: str) -> None:
        told = len(self._fake.messages)

        def says_so() -> bool:
            new = list(self._fake.messages.values())[told:]
            return any("serves again" in said(one) for one in new)

        command = lambda: self._fake.invoke("index rollback")  # noqa: E731
        await self._timed(name, command, self._watched.generation_id, says_so)

    def _staged(self) -> int | None:
        staged = self._watched.staged()
        return staged.id if staged else None

    async def _timed(
        self,
        name: str,
        act: Callable[[], Awaitable[Any]],
        state: Callable[[], int | None],
        says_so: Callable[[], bool],
    ) -> None:
        before, watching = await asyncio.to_thread(state), threading.Event()

        def changed_at() -> float:
            watching.set()
            while state() == before:
                threading.Event().wait(POLL_S)
            return perf_counter()

        effective = asyncio.create_task(asyncio.to_thread(changed_at))
        await asyncio.to_thread(watching.wait)
        begun = perf_counter()
        await act()
        await self._fake.until(says_so)
        seen = perf_counter()
        at = await effective
        found = perf_counter()
        await asyncio.to_thread(self._bots.search, "Who closed the quay?", 10)
        searched = perf_counter()
        row = self.times.setdefault(name, {"effective": [], "shown": [], "first search": []})
        row["effective"].append(1000 * (at - begun))
        row["shown"].append(1000 * (seen - begun))
        row["first search"].append(1000 * (searched - found))


def shown(result: dict[str, Any]) -> str:
    rows = [
        [name, number(len(times["effective"]))]
        + [
            number(of(times[what]))
            for what in ("effective", "shown", "first search")
            for of in (statistics.median, max)
        ]
        for name, times in result["milliseconds"].items()
    ]
    headings = ["", "times", "effective p50 ms", "max", "shown p50", "max", "first search p50"]
    table = markdown_table([*headings, "max"], rows)
    return f"{result['articles']:,} articles, {result['passages']:,} passages.\n\n{table}"


if __name__ == "__main__":
    raise SystemExit(main())
