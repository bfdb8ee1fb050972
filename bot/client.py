"""The Discord client, and the process around it: start, signals, end."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl
from discord.ext import commands

from bot import languages
from bot.cogs.aftermath import AftermathCog
from bot.cogs.answer_buttons import AnswerButton
from bot.cogs.articles import ArticlesCog
from bot.cogs.ask import AskCog
from bot.cogs.conversation import ConversationCog
from bot.cogs.failures import ReplyingCommandTree
from bot.cogs.golden import GoldenCog
from bot.cogs.index import BuildButton, IndexCog
from bot.cogs.interrupted import InterruptedCog
from bot.cogs.languages import CommandTranslator
from bot.cogs.memory import MemoryCog
from bot.cogs.privacy import ForgetButton, PrivacyCog
from bot.cogs.retention import RetentionCog
from bot.cogs.server_settings import SettingsCog
from bot.cogs.status import StatusCog
from bot.cogs.watches import WatchButton, WatchesCog
from bot.desk import AnswerDesk, OpenReplies, Rate, RateLimits
from bot.logs import log_to_stderr
from bot.servers.aftermath import Aftermath
from bot.servers.asking import Asking, utc_now
from bot.servers.building import Building
from bot.servers.retention import Retention
from bot.services import Link, Services, direct_link, room_link
from bot.settings import DiscordSettings, Settings
from index.errors import DatelineError
from index.fetching.settings import FetchSettings

if TYPE_CHECKING:
    from bot.room.server import ReadingRoom
    from bot.servers.registry import ServerRegistry

log = logging.getLogger(__name__)

COGS = (
    AskCog,
    ConversationCog,
    ArticlesCog,
    IndexCog,
    GoldenCog,
    SettingsCog,
    PrivacyCog,
    StatusCog,
    WatchesCog,
    InterruptedCog,
)
"""What is made of the bot and its services alone."""

MINUTE_S = 60.0
SWITCH_S = 0.0005
COLLECT_AFTER = (10_000, 20, 20)
"""Python 3.11's are (700, 10, 10): for a burst of questions that is every few milliseconds."""
SHORT_WORK_THREADS = 3
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


@dataclass(frozen=True)
class Capacity:
    """How much is taken on at once."""

    workers: int = 2
    """Batches of questions that are answered at the same time."""
    batch: int = 8
    """Questions of one batch at most."""
    waiting: int = 1024
    """Questions that may wait their turn."""
    per_server: int = 256
    """Of one Discord server, those that are being answered included."""
    timeout_s: float = 600.0
    """Seconds after which an answer is no longer waited for."""


class DatelineBot(commands.Bot):
    """Answers questions from `servers`, which it neither opens nor closes."""

    def __init__(
        self,
        *,
        servers: ServerRegistry,
        settings: DiscordSettings | None = None,
        capacity: Capacity | None = None,
        link: Link = direct_link,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        settings, capacity = settings or DiscordSettings(), capacity or Capacity()
        super().__init__(
            command_prefix=commands.when_mentioned,
            # The least that works: `guilds` for channels and commands, messages for mentions.
            # Discord sends the content of messages that mention or answer the bot without the
            # privileged intent for that of all.
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=settings.direct_messages is not None,
                message_content=settings.message_content,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            help_command=None,
            tree_cls=ReplyingCommandTree,
        )
        self._desk = AnswerDesk(
            pipeline_of=lambda id: servers.server(id).pipeline,
            workers=capacity.workers,
            batch=capacity.batch,
            waiting=capacity.waiting,
            per_server=capacity.per_server,
            timeout_s=capacity.timeout_s,
        )
        limits = RateLimits(
            user=Rate(settings.rate_user, MINUTE_S),
            channel=Rate(settings.rate_channel, MINUTE_S),
            server=Rate(settings.rate_server, MINUTE_S),
        )
        asking = Asking(servers=servers, desk=self._desk, limits=limits, clock=clock)
        self._aftermath = Aftermath(
            servers=servers, desk=self._desk, settings=asking.settings, clock=clock
        )
        self._building = Building(
            servers=servers,
            fetch=settings if isinstance(settings, FetchSettings) else None,
            clock=clock,
            changed=self._aftermath.published,
        )
        self.services = Services(
            servers=servers,
            asking=asking,
            replies=OpenReplies(),
            link=link,
            clock=clock,
            direct_messages=settings.direct_messages,
            building=self._building,
        )
        self._warmed_up = False

    async def setup_hook(self) -> None:
        await asyncio.to_thread(languages.load)
        await self.tree.set_translator(CommandTranslator())
        for cog in COGS:
            await self.add_cog(cog(self, self.services))
        await self.add_cog(AftermathCog(self, self.services, self._aftermath))
        retention = Retention(
            servers=self.services.servers,
            ids=self.services.servers.known,
            clock=self.services.clock,
        )
        await self.add_cog(RetentionCog(retention))
        await self.add_cog(MemoryCog())
        self.add_dynamic_items(AnswerButton, BuildButton, ForgetButton, WatchButton)
        try:
            # Once a process, not once a connection. An unchanged list changes nothing at Discord.
            await self.tree.sync()
        except discord.HTTPException:  # mentions work without, and so do commands synced before
            log.exception("The slash commands could not be registered")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        if not self._warmed_up:
            self._warmed_up = True
            self._desk.warm_up(guild.id)

    async def on_ready(self) -> None:
        log.info("Ready as %s in %d guilds", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message, /) -> None:
        """Messages are for ConversationCog; there are no prefix commands to look for."""

    async def close(self) -> None:
        """Send the answers that are on their way (at most GRACE_S), then leave Discord."""
        self._desk.close()
        self._building.close()
        await self.services.replies.finished(timeout_s=GRACE_S)
        await super().close()
        await self._desk.closed()
        await self._building.closed()


async def run_bot(
    settings: DiscordSettings, servers: ServerRegistry, room: ReadingRoom | None = None
) -> int:
    """Run until SIGTERM or SIGINT (0), or until Discord refuses the bot (1, with a line why).

    `room` is open for as long. Raises RoomAddressError if it cannot listen.
    """
    token = settings.discord_token
    if token is None:
        return _refuse(MISSING_LOGIN)
    few_threads()
    stop = asyncio.Event()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(redirected(settings))
        stack.enter_context(_stopping(stop))
        if room is not None:
            await stack.enter_async_context(room)
        link = room_link(room) if room else direct_link
        async with DatelineBot(servers=servers, settings=settings, link=link) as bot:
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
    """Open the archives and the reader and run the bot; returns the process's exit status.

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
        from bot.reading_room import open_room
        from bot.servers.registry import open_servers

        with open_servers(settings) as servers:
            keep_responsive()
            return asyncio.run(run_bot(settings, servers, open_room(settings, servers)))
    except KeyboardInterrupt:
        return 0
    except DatelineError as error:
        return _refuse(str(error))
    except Exception:
        log.exception("The bot ended on an unexpected error")
        return 1
    finally:
        signal.signal(signal.SIGTERM, previous)


def keep_responsive() -> None:
    """Keep collections of garbage and other threads from holding up the event loop.

    A collection stops all threads; what is there now, most of it modules, need not be gone through
    again and again, and the rest less often. And each time the loop has sent something, a thread
    that computes in Python keeps it waiting for up to the switch interval: 5 ms by default.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    sys.setswitchinterval(SWITCH_S)


def few_threads() -> None:
    """Let the running loop have its short blocking work done by few threads.

    All of it together is seldom more than one of them can do, and the loop waits for its next turn
    behind every one that computes.
    """
    threads = ThreadPoolExecutor(SHORT_WORK_THREADS, thread_name_prefix="short")
    asyncio.get_running_loop().set_default_executor(threads)


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
