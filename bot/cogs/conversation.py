"""Messages to the bot: mentions, replies, direct messages, and what is said in its threads."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import logging
import re

import discord
from discord.ext import commands

from bot.cogs.ask import NOTHING_TO_CHECK, caller, problem_with, storable
from bot.cogs.delivery import BROKEN, send_once
from bot.cogs.failures import notice_of
from bot.cogs.languages import speak_at
from bot.cogs.late_posting import take_back
from bot.cogs.options import OptionButton, ask_back
from bot.cogs.places import Place, may_embed
from bot.cogs.posting import NO_PINGS, Posted, mark_posted, posted
from bot.cogs.threads import new_thread
from bot.languages import _
from bot.qa.followups.claims import claim_question
from bot.qa.followups.completing import complete
from bot.qa.followups.turns import Completion, Turn
from bot.servers.asking import RefusedError, Request
from bot.servers.permissions import damage_notice
from bot.services import Services
from bot.ui import notices

log = logging.getLogger(__name__)

_ABOUT_IT = re.compile(r"\b(?:this|that|these|those|it|true|real|right|correct|fake|false)\b", re.I)
_FEW_WORDS = 8
"""A reply of more words asks something of its own, whatever it answers."""


@dataclasses.dataclass(frozen=True)
class Heard:
    """What a message asks, and how sure it is that it asks anything."""

    text: str
    named: bool
    """Whether it names the bot: then it always gets an answer, if only how to ask."""
    about: discord.Message | None = None
    """Somebody's message that the text is about."""


class _UnclearError(Exception):
    """What a message asks could be several things, or nothing that anybody knows."""

    def __init__(self, request: Request, completion: Completion) -> None:
        super().__init__(completion.unclear)
        self.request = request
        self.completion = completion


class ConversationCog(commands.Cog):
    """Answers what is said to the bot."""

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._bot = bot
        self._services = services

    async def cog_load(self) -> None:
        self._bot.add_dynamic_items(OptionButton)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        heard = self._heard(message)
        if heard is None:
            return
        with self._services.replies:
            await self._services.pacing.turn(urgent=True)
            guild = message.guild.id if message.guild else None
            await speak_at(self._bot, self._services, guild)
            try:
                await self._answer(message, heard)
            except discord.Forbidden:
                log.warning("May not write in channel %s", message.channel.id)
            except discord.HTTPException:
                log.exception("Discord refused a reply in channel %s", message.channel.id)
                with contextlib.suppress(discord.HTTPException, *BROKEN):
                    await _say(message, _(notices.SOMETHING_WENT_WRONG))
            except BROKEN:  # what was found is in the ledger, for the next start
                log.exception("Discord was not reached with a reply to %s", message.channel.id)

    def _heard(self, message: discord.Message) -> Heard | None:
        """None for what is not for the bot."""
        me = self._bot.user
        if me is None or message.author.bot:
            return None
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return None
        text = addressed_question(message.content, me.id)
        replied = message.reference.resolved if message.reference else None
        answered = replied if isinstance(replied, discord.Message) else None
        if text is not None:
            about = answered if answered is not None and answered.author.id != me.id else None
            return Heard(text, True, about)
        if message.guild is None:
            wanted = self._services.direct_messages is not None
            return Heard(message.content.strip(), True) if wanted else None
        to_bot = answered is not None and answered.author.id == me.id
        place = message.channel
        own = isinstance(place, discord.Thread) and place.owner_id == me.id
        # In a thread of its own, the bot hears all that Discord shows it the content of.
        if (to_bot or own) and message.content.strip():
            return Heard(message.content.strip(), False)
        return None

    async def _answer(self, message: discord.Message, heard: Heard) -> None:
        try:
            request = await self._request(message, heard)
            if request is None:
                return
            await self._services.asking.admit(request)
        except _UnclearError as unclear:
            await self._ask_back(message, unclear)
            return
        except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
            await _say(message, notice_of(error))
            return
        thread = await self._thread_for(message, request)
        if thread is not None:
            request = dataclasses.replace(request, thread=thread.id, message=None)
        to = thread or message.channel
        try:
            async with contextlib.AsyncExitStack() as stack:
                with contextlib.suppress(discord.HTTPException, *BROKEN):  # can be done without
                    await stack.enter_async_context(to.typing())
                await self._services.pacing.turn()
                given = await self._services.asking.ask(request)
        except Exception as error:  # noqa: BLE001 - notice_of logs it
            await _say(message, notice_of(error), to=to)
            return
        me = message.guild.me if message.guild else None
        answer = await posted(
            self._services,
            given,
            show_question=thread is not None,
            may_thread=thread is None and _may_thread(message),
            embeds=may_embed(to, me),
        )
        sent = await _send(message, answer, to=to)
        if not await mark_posted(self._services, given, sent):
            await take_back(sent)
            return
        settings = await self._services.asking.settings(request.server)
        if notice := damage_notice(settings, request.asker):
            await _say(message, notice, to=to)

    async def _request(self, message: discord.Message, heard: Heard) -> Request | None:
        """What to ask; None where nothing is to be answered.

        Raises RefusedError, and _UnclearError for what is to be asked back.
        """
        guild = message.guild.id if message.guild else None
        server, asker = await caller(self._bot, self._services, guild, message.author)
        place = Place.of(message.channel)
        request = Request(
            server,
            asker,
            place.channel,
            storable(heard.text),
            place.thread,
            direct=guild is None,
            message=message.id,
        )
        if heard.about is not None and _is_about(heard.text):
            if not heard.about.content:
                raise RefusedError(notices.CANNOT_SEE)
            claim = storable(await asyncio.to_thread(claim_question, heard.about.content))
            if not claim:
                raise RefusedError(NOTHING_TO_CHECK)
            return dataclasses.replace(request, question=claim)
        if problem := problem_with(heard.text):
            raise RefusedError(problem)
        turns = await self._turns(server, message)
        # In a thread: its first call loads the names of the world's places.
        completion = await asyncio.to_thread(complete, request.question, turns)
        if not completion.asks:
            if heard.named and message.guild is not None:
                raise RefusedError(notices.USAGE)
            return None
        if not turns:
            return request  # nothing was said before that it could refer to: searched as it is
        if completion.unclear:
            raise _UnclearError(request, completion)
        if completion.changed:
            return dataclasses.replace(request, asked_as=completion.question)
        return request

    async def _ask_back(self, message: discord.Message, unclear: _UnclearError) -> None:
        request, completion = unclear.request, unclear.completion
        try:
            await self._services.asking.admit(request)
        except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
            await _say(message, notice_of(error))
            return
        await ask_back(self._services, message, request, completion.unclear, completion.options)

    async def _turns(self, id: int, message: discord.Message) -> list[Turn]:
        """What was said before: in the thread or direct messages, else in the answer replied to."""
        server = await asyncio.to_thread(self._services.servers.server, id)
        place = Place.of(message.channel)
        if place.thread is not None or message.guild is None:
            kept = await asyncio.to_thread(
                server.records.turns.recent, place.thread or message.channel.id
            )
            return [Turn(one.question, one.asked_as, one.answer, bool(one.answer)) for one in kept]
        if message.reference is None or message.reference.message_id is None:
            return []
        given = await asyncio.to_thread(
            server.records.ledger.by_message, message.reference.message_id
        )
        if given is None:
            return []
        return [Turn(given.question, given.asked_as, given.answer, given.answered)]

    async def _thread_for(
        self, message: discord.Message, request: Request
    ) -> discord.Thread | None:
        """A thread for the answer, where the server wants answers in threads."""
        settings = await self._services.asking.settings(request.server)
        if settings.answer_style != "thread" or not _may_thread(message):
            return None
        return await new_thread(self._services, message, request)


def addressed_question(content: str, bot_id: int) -> str | None:
    """What `content` says besides mentioning the bot; None if it does not mention it by name.

    A reply pings the bot, and `@everyone` does, without a mention in the content.
    """
    mention = re.compile(rf"<@!?{bot_id}>")
    return mention.sub(" ", content).strip() if mention.search(content) else None


def _is_about(text: str) -> bool:
    """Whether a reply asks about what it answers, such as "is this true?"."""
    return not text or (len(text.split()) <= _FEW_WORDS and _ABOUT_IT.search(text) is not None)


def _may_thread(message: discord.Message) -> bool:
    channel = message.channel
    if not isinstance(channel, discord.TextChannel) or message.guild is None:
        return False
    return channel.permissions_for(message.guild.me).create_public_threads


async def _say(
    message: discord.Message, text: str, *, to: discord.abc.Messageable | None = None
) -> None:
    """Send a text as a reply (if the message is still there), or to where it was to be answered."""
    if to is None or to is message.channel:
        await send_once(
            message.channel,
            text,
            reference=message.to_reference(fail_if_not_exists=False),
            allowed_mentions=NO_PINGS,
            suppress_embeds=True,
        )
    else:
        await send_once(to, text, allowed_mentions=NO_PINGS, suppress_embeds=True)


async def _send(
    message: discord.Message, answer: Posted, *, to: discord.abc.Messageable
) -> discord.Message:
    """The answer as a reply, or in its own thread; returns the message with the buttons."""
    arguments = answer.arguments()
    if to is message.channel:
        arguments["reference"] = message.to_reference(fail_if_not_exists=False)
    if answer.embed is None:
        arguments["suppress_embeds"] = True
    sent = await send_once(to, **arguments)
    for text in answer.more:
        await send_once(to, text, allowed_mentions=NO_PINGS, suppress_embeds=True)
    return sent
