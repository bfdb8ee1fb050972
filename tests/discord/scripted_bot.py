"""The bot as its own process, with a scripted pipeline: HOME API GATEWAY [a word] [a moment].

A question that holds the word is never answered, and a build never comes past the moment, so that
a test can kill the process over it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fake_payloads import TOKEN
from pydantic import SecretStr
from roomy_bot import ROOMY, UNLIMITED, echoed
from scripted import ScriptedPipeline, ScriptedServers

from bot.client import DatelineBot, redirected
from bot.logs import log_to_stderr
from bot.qa.answer import Answer
from bot.servers.records.builds import Builds
from bot.servers.running_builds import Build
from bot.settings import DiscordSettings
from index.article import ScoredPassage
from index.catalog import Catalog

STALLED = "stalled"
"""The file in HOME that says that a build has come to its moment."""


class EchoReader:
    """Answers the golden questions of a build."""

    def read(self, question: str, passages: Sequence[ScoredPassage]) -> Answer:
        return echoed(question)


def stall(moment: str, home: Path) -> None:
    """Lets a build hang at `moment`: a stage of its progress; "staging", when its files are
    written and not yet named; or an end, such as "published", which is not yet written down.
    """

    def hanging(method: Callable[..., Any], comes: Callable[..., bool]) -> Callable[..., Any]:
        def hang_or_go_on(*arguments: Any, **named: Any) -> Any:
            if comes(*arguments[1:]):
                (home / STALLED).touch()
                threading.Event().wait()
            return method(*arguments, **named)

        return hang_or_go_on

    for owner, name, comes in (
        (Build, "progress", lambda stage, *_: stage == moment),
        (Catalog, "stage", lambda *_: moment == "staging"),
        (Builds, "end", lambda _, state, *__: state == moment),
    ):
        setattr(owner, name, hanging(getattr(owner, name), comes))


async def main(home: str, api: str, gateway: str, hangs: str = "", moment: str = "") -> None:
    def script(question: str) -> Answer:
        if hangs and hangs in question:
            threading.Event().wait()
        return echoed(question)

    if moment:
        stall(moment, Path(home))
    pipeline = ScriptedPipeline()
    pipeline.script, pipeline.reader, pipeline.passages = script, EchoReader(), 10
    settings = DiscordSettings(
        discord_token=SecretStr(TOKEN), discord_api=api, discord_gateway=gateway, **UNLIMITED
    )
    servers = ScriptedServers(Path(home), pipeline)
    with redirected(settings):
        async with DatelineBot(servers=servers, settings=settings, capacity=ROOMY) as bot:
            await bot.start(TOKEN)


if __name__ == "__main__":
    log_to_stderr(secrets=[TOKEN])
    asyncio.run(main(*sys.argv[1:]))
