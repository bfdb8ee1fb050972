"""The bot as its own process, with a scripted pipeline: HOME API GATEWAY [a word that hangs].

A question that holds the word is never answered, so that a test can kill the process over it.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

from fake_payloads import TOKEN
from pydantic import SecretStr
from roomy_bot import ROOMY, UNLIMITED, echoed
from scripted import ScriptedPipeline, ScriptedServers

from bot.client import DatelineBot, redirected
from bot.logs import log_to_stderr
from bot.qa.answer import Answer
from bot.settings import DiscordSettings


async def main(home: str, api: str, gateway: str, hangs: str = "") -> None:
    def script(question: str) -> Answer:
        if hangs and hangs in question:
            threading.Event().wait()
        return echoed(question)

    pipeline = ScriptedPipeline()
    pipeline.script = script
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
