"""The Discord client, and the process around it: start, signals, end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Iterator
from types import FrameType

import aiohttp
import discord
import yarl
from discord.ext import commands

from bot.cogs.ask import AskCog
from bot.cogs.failures import ReplyingCommandTree
from bot.desk import AnswerDesk, Asks, OpenReplies
from bot.logs import log_to_stderr
from bot.settings import DiscordSettings, Settings
from index.errors import DatelineError

log = logging.getLogger(__name__)

GRACE_S = 10.0
"""Seconds an ending bot gives the answers that are on their way."""

_AUTHENTICATION_FAILED = 4004  # close code of the gateway

MISSING_LOGIN = (
    "DATELINE_DISCORD_TOKEN is not set. Create an application at "
    "https://discord.com/developers/applications, open its page Bot, press Reset Token and put "
    "the token into the environment or into .env."
)
MALFORMED_LOGIN = (
    "DATELINE_DISCORD_TOKEN is not a bot token: it must be one word of ASCII characters, "
    "without 'Bot' before it."
)
REFUSED_LOGIN = (
    "Discord refused the token in DATELINE_DISCORD_TOKEN. Press Reset Token on the page Bot of "
    "your application at https://discord.com/developers/applications and use the new one."
)
REFUSED_INTENTS = (
    "Discord refused the bot's intents. Dateline asks for no privileged ones; look at the page "
    "Bot of your application at https://discord.com/developers/applications."
)


class DatelineBot(commands.Bot):
    """Answers questions in guilds with `pipeline`, which it neither opens nor closes.

    `workers` questions are answered at once, and at most `waiting` more wait their turn.
    """

    def __init__(self, *, pipeline: Asks, workers: int = 2, waiting: int = 32) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            # The least that works: `guilds` for channels and commands, `guild_messages` for
            # mentions. Not `message_content`: Discord sends the content of messages that
            # mention the bot without it. No direct messages for now.
            intents=discord.Intents(guilds=True, guild_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            help_command=None,
            tree_cls=ReplyingCommandTree,
        )
        self._desk = AnswerDesk(pipeline, workers=workers, waiting=waiting)
        self._replies = OpenReplies()

    async def setup_hook(self) -> None:
        await self.add_cog(AskCog(self, desk=self._desk, replies=self._replies))
        self._desk.warm_up()
        try:
            # Once a process, not once a connection. An unchanged list changes nothing at Discord.
            await self.tree.sync()
        except discord.HTTPException:  # mentions work without, and so do commands synced before
            log.exception("The slash commands could not be registered")

    async def on_ready(self) -> None:
        log.info("Ready as %s in %d guilds", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Mentions are questions, handled by AskCog; there are no prefix commands to look for."""

    async def close(self) -> None:
        """Send the answers that are on their way (at most GRACE_S), then leave Discord."""
        self._desk.close()
        await self._replies.finished(timeout_s=GRACE_S)
        await super().close()
        await self._desk.closed()


async def run_bot(settings: DiscordSettings, pipeline: Asks) -> int:
    """Run until SIGTERM or SIGINT (0), or until Discord refuses the bot (1, with a line why)."""
    token = settings.discord_token
    if token is None:
        return _refuse(MISSING_LOGIN)
    stop = asyncio.Event()
    with redirected(settings), _stopping(stop):
        async with DatelineBot(pipeline=pipeline) as bot:
            running = asyncio.create_task(bot.start(token.get_secret_value().strip()))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                log.info("Stopping")
                await bot.close()
                running.cancel()  # it may be waiting to connect again
            stopped.cancel()
            return await _outcome(running)


async def _outcome(running: asyncio.Task[None]) -> int:
    """The exit status for how the client ended."""
    try:
        await running
    except asyncio.CancelledError:
        return 0
    except discord.LoginFailure:
        return _refuse(REFUSED_LOGIN)
    except discord.PrivilegedIntentsRequired:
        return _refuse(REFUSED_INTENTS)
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:
            return _refuse(REFUSED_LOGIN)
        return _refuse(f"Discord closed the connection for good (code {error.code}).")
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as error:
        return _refuse(f"Discord cannot be reached: {error}")
    return 0


def run(settings: Settings) -> int:
    """Open the archive and its reader and run the bot; returns the process's exit status.

    SIGTERM and SIGINT end it with 0. What an operator must mend is one line on stderr and 1.
    """
    token = settings.discord_token.get_secret_value().strip() if settings.discord_token else ""
    if not token:
        return _refuse(MISSING_LOGIN)
    if not (token.isascii() and token.isprintable()) or " " in token:
        return _refuse(MALFORMED_LOGIN)
    log_to_stderr(secrets=[token])
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # no voice wanted
    previous = signal.signal(signal.SIGTERM, _leave)  # until the event loop takes over
    try:
        # Brings torch with it: seconds that whoever only wants the other messages should not pay.
        from bot.qa.factory import open_pipeline

        with open_pipeline(settings) as pipeline:
            return asyncio.run(run_bot(settings, pipeline))
    except KeyboardInterrupt:
        return 0
    except DatelineError as error:
        return _refuse(str(error))
    except Exception:
        log.exception("The bot ended on an unexpected error")
        return 1
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextlib.contextmanager
def redirected(settings: DiscordSettings) -> Iterator[None]:
    """Point discord.py at the settings' addresses; it keeps them in two class attributes."""
    route, gateway = discord.http.Route, discord.gateway.DiscordWebSocket
    before = route.BASE, gateway.DEFAULT_GATEWAY
    if settings.discord_api:
        route.BASE = settings.discord_api.rstrip("/")
    if settings.discord_gateway:
        gateway.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway)
    try:
        yield
    finally:
        route.BASE, gateway.DEFAULT_GATEWAY = before


@contextlib.contextmanager
def _stopping(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and SIGINT set `stop`. The second one ends the process as usual."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def first() -> None:
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)

    # Windows has no such handlers, threads cannot set any; Ctrl-C is a KeyboardInterrupt there.
    with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
        for number in signals:
            loop.add_signal_handler(number, first)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 1
