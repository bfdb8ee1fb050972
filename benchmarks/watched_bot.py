"""The bot as `discord_load.py` starts it: HOME API GATEWAY FOLLOWED [--scripted] [--builds].

Writes a line of JSON a second into the file FOLLOWED: what the process holds, and the longest time
the event loop was blocked since the line before.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.loop_watch import Blocked, LoopWatch, held
from bot.client import Capacity, DatelineBot, few_threads, keep_responsive, redirected
from bot.logs import log_to_stderr
from bot.qa.answer import Answer, Citation
from bot.qa.pipeline import AnswerPipeline
from bot.servers.registry import OpenServer, ServerRegistry, open_servers
from bot.settings import Settings, load_settings
from index.article import Article, Passage, ScoredPassage
from index.loaders import load_paths
from index.sentences import sentence_spans

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TOKEN = "loopback.token.value"
SCRIPTED_S = 0.01
"""Seconds that a scripted answer takes."""
BUILD_EACH_S = 15.0
SAMPLE_S = 1.0


def seed_article() -> Article:
    (article,) = load_paths([SEEDS])
    assert isinstance(article, Article)
    return article


class ScriptedPipeline(AnswerPipeline):
    """Answers every question with a sentence of the seed article, and reads nothing."""

    def __init__(self, article: Article) -> None:  # without archive and reader: none is asked
        spans = list(sentence_spans(article.text))[:10]
        start, end = spans[0]
        self._answer = Answer(
            question="",
            answered=True,
            answer=article.text[start:end],
            confidence=0.9,
            citations=(Citation(1, article, start, end),),
            passages=tuple(
                ScoredPassage(Passage(n, article, *span), 1.0) for n, span in enumerate(spans)
            ),
        )

    def ask(self, question: str, **narrowed: Any) -> Answer:
        time.sleep(SCRIPTED_S)
        return dataclasses.replace(self._answer, question=question)


class ScriptedServers(ServerRegistry):
    """Archives and records as ever; one pipeline answers for all."""

    pipeline: ScriptedPipeline

    def server(self, id: int) -> OpenServer:
        return dataclasses.replace(super().server(id), pipeline=self.pipeline)


@contextlib.contextmanager
def opened(settings: Settings, *, scripted: bool) -> Iterator[ServerRegistry]:
    if not scripted:
        with open_servers(settings) as servers:
            yield servers
        return
    from index.embedding import EmbeddingModel

    registry = ScriptedServers(settings, EmbeddingModel(cache=settings.cache), _Unasked())
    registry.pipeline = ScriptedPipeline(seed_article())
    try:
        yield registry
    finally:
        registry.close()


class _Unasked:
    def read(self, question: str, passages: object) -> Answer:
        raise AssertionError("the scripted pipeline answers")


async def serve(settings: Settings, servers: ServerRegistry, followed: Path, builds: bool) -> None:
    few_threads()
    watch = LoopWatch()
    async with DatelineBot(servers=servers, settings=settings, capacity=Capacity()) as bot:
        tasks = [asyncio.create_task(watch.run()), asyncio.create_task(_follow(watch, followed))]
        if builds:
            tasks.append(asyncio.create_task(_build(bot, servers)))
        running = asyncio.create_task(bot.start(TOKEN))
        # What fails, ends the process; else its parent does.
        await asyncio.wait([running, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in [running, *tasks]:
            if task.done():
                task.result()


async def _follow(watch: LoopWatch, followed: Path) -> None:
    with followed.open("a") as file:
        while True:
            await asyncio.sleep(SAMPLE_S)
            blocked, watch.blocked = watch.blocked, Blocked()
            line = {"at": time.monotonic(), **held(), **dataclasses.asdict(blocked)}
            print(json.dumps(line), file=file, flush=True)


async def _build(bot: DatelineBot, servers: ServerRegistry) -> None:
    """The first server's archive gets a changed article, while it is asked."""
    number = 0
    while True:
        await asyncio.sleep(BUILD_EACH_S if number else 1.0)
        for guild in bot.guilds[:1]:
            number += 1
            text = f"The bridge was closed on day {number}. Nobody was hurt."
            article = Article(
                id="changing", title="Bridge", date=None, source="Wire", url="", text=text
            )
            server = await asyncio.to_thread(servers.server, guild.id)
            await asyncio.to_thread(server.archive.index, [article])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("home", "api", "gateway", "followed"):
        parser.add_argument(name)
    parser.add_argument("--scripted", action="store_true")
    parser.add_argument("--builds", action="store_true")
    options = parser.parse_args()
    log_to_stderr(secrets=[TOKEN])
    settings = load_settings(
        home=options.home,
        discord_token=TOKEN,
        discord_api=options.api,
        discord_gateway=options.gateway,
        rate_user=10_000,
        rate_channel=10_000,
        rate_server=100_000,
    )
    with redirected(settings), opened(settings, scripted=options.scripted) as servers:
        keep_responsive()
        asyncio.run(serve(settings, servers, Path(options.followed), options.builds))


if __name__ == "__main__":
    main()
