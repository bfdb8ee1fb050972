"""Builds to try, and what starts them."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Sequence

from bot.qa.answer import Answer, Citation
from bot.servers.building import Building
from bot.servers.material import Material
from bot.servers.previews import BuildView
from bot.servers.records.builds import BuildKind
from bot.servers.registry import ServerRegistry
from bot.servers.running_builds import Build
from index.article import ScoredPassage

HARBOUR, QUARRY = 1001, 1002
KEEPER, CHANNEL = 7, 70
NOW = dt.datetime(2031, 5, 4, 12, 0, tzinfo=dt.UTC)
FERRY = "Title: Ferry stops\n\nThe ferry to Lindholm was cancelled on Monday because of a storm."
BRIDGE = "Title: Bridge opens\n\nThe bridge at Marrow opened to cyclists after two years of work."
WAIT_S = 600.0
"""Seconds until a test that hangs is given up; loading the model can take minutes."""


class FirstSentence:
    """A reader that answers with the best passage; a gate can hold it."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()
        self.opened.set()

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        self.entered.set()
        assert self.opened.wait(WAIT_S), "no test opened the gate"
        if not passages:
            return Answer(question, False, "", 0.0)
        best = passages[0].passage
        return Answer(
            question,
            True,
            best.text,
            0.9,
            (Citation(1, best.article, best.start, best.end),),
            tuple(passages),
        )


def new_process(servers: ServerRegistry, **options: object) -> Building:
    return Building(servers=servers, clock=lambda: NOW, **options)  # type: ignore[arg-type]


async def begin(building: Building, kind: BuildKind = "add", server: int = HARBOUR) -> Build:
    return await building.begin(server, kind, by=KEEPER, channel=CHANNEL)


async def added(
    building: Building, *texts: str, server: int = HARBOUR, publish_now: bool = False
) -> BuildView:
    build = await begin(building, server=server)
    uploads = [
        build.keep(n, f"{text.split()[1]}.txt", text.encode()) for n, text in enumerate(texts, 1)
    ]
    building.add(build, Material(tuple(uploads)), publish_now=publish_now)
    return await finished(build)


async def finished(build: Build) -> BuildView:
    return await asyncio.wait_for(build.finished, WAIT_S)


def titles(servers: ServerRegistry, server: int = HARBOUR) -> list[str]:
    return sorted(one.title for one in servers.server(server).archive.articles())
