"""Messages that nobody waits for at that moment: found later, late, or changed after the fact."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import discord

from bot.cogs.delivery import BROKEN, delivered, is_passing, send_once
from bot.cogs.places import may_embed
from bot.cogs.posting import NO_PINGS, mark_at, message_of, posted
from bot.languages import _
from bot.qa.answer import Answer
from bot.servers.aftermath import MESSAGE_GONE
from bot.servers.asking import Given, Request
from bot.servers.records.given import GivenAnswer, GivenResult
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.buttons import ButtonId
from bot.ui.limits import MESSAGE
from bot.ui.markdown import pack, subtext
from bot.ui.parts import one_line
from bot.ui.privacy_card import REMOVED
from index.filtering import SearchFilter

log = logging.getLogger(__name__)

THREAD_ARCHIVED = 50083
"""Discord's code for what cannot be done in an archived thread."""
LOOKED_BACK = 100
"""Messages of a channel that are searched for an answer that may stand there already."""

_NOTE = 300

Target = discord.abc.Messageable


def place_of(bot: discord.Client, server: int, id: int) -> Target:
    """A channel or thread of the server, or a direct channel. One that is not known, such as an
    archived thread, is only an id: Discord says what may be done there.
    """
    guild = bot.get_guild(server)
    known = guild.get_channel_or_thread(id) if guild else None
    if isinstance(known, discord.abc.Messageable):
        return known
    return bot.get_partial_messageable(id, guild_id=server if guild else None)


async def post_late(
    bot: discord.Client, services: Services, given: Given, says: str, *, mention: int | None = None
) -> bool:
    """Posts an answer below `says`, where it was asked, and writes down where it stands.

    It replies to the message that asked, if there was one. Only the person `mention`, whom `says`
    is to name, is notified. Sent again with the same nonce, Discord keeps one message. False if
    Discord refuses it there, also later; raises what is_passing and BROKEN tell of.
    """
    request = given.request
    to = place_of(bot, request.server, request.place)
    guild = bot.get_guild(request.server)
    embeds = may_embed(to, guild.me if guild else None)
    answer = await posted(services, given, show_question=True, may_thread=False, embeds=embeds)
    pings = NO_PINGS
    if mention is not None:
        pings = discord.AllowedMentions(
            everyone=False, roles=False, replied_user=False, users=[discord.Object(mention)]
        )
    replying: dict[str, Any] = {} if request.message is None else {"reference": _asking(request)}
    try:
        if answer.embed is None:  # the content is the answer's
            nonce = f"says-{given.id}"
            await send_once(to, says, nonce=nonce, allowed_mentions=pings, **replying)
            arguments = {**answer.arguments(), "suppress_embeds": True}
        else:
            arguments = {
                **answer.arguments(),
                **replying,
                "content": says,
                "allowed_mentions": pings,
            }
        message = await send_once(to, **arguments, nonce=f"given-{given.id}")
        for n, text in enumerate(answer.more):
            nonce = f"more-{given.id}-{n}"
            await send_once(to, text, nonce=nonce, allowed_mentions=NO_PINGS, suppress_embeds=True)
    except discord.HTTPException as error:
        if is_passing(error):
            raise
        log.warning("An answer could not be posted in channel %d: %s", request.place, error)
        return False
    if not await mark_at(services, given, message.id, request.thread):
        await take_back(partial_message(to, message.id))
    return True


def _asking(request: Request) -> discord.MessageReference:
    assert request.message is not None
    return discord.MessageReference(
        message_id=request.message,
        channel_id=request.place,
        guild_id=None if request.direct else request.server,
        fail_if_not_exists=False,
    )


async def edit_given(
    bot: discord.Client,
    services: Services,
    server: int,
    given: GivenAnswer,
    answer: Answer,
    result: GivenResult,
    *,
    note: str,
    within: SearchFilter | None,
) -> bool:
    """Shows another answer in the message of `given`. False if that is not possible any more."""
    assert given.message_id is not None
    to = place_of(bot, server, given.place_id)
    guild = bot.get_guild(server)
    shown = await message_of(
        services,
        server,
        given.id,
        answer,
        result,
        question=given.question,
        asked_as=given.asked_as,
        within=within,
        show_question=True,
        may_thread=given.thread_id is None and isinstance(to, discord.TextChannel),
        embeds=may_embed(to, guild.me if guild else None),
        note=note,
    )
    content = shown.content
    if content is not None:  # a card has a place for the note
        content = pack([subtext(one_line(note, _NOTE)), content], MESSAGE)[-1]
    return await edit_message(
        bot,
        services,
        server,
        given.id,
        partial_message(to, given.message_id),
        content=content,
        embed=shown.embed,
        view=shown.view,
    )


def partial_message(to: Target, id: int) -> discord.PartialMessage:
    if isinstance(to, discord.PartialMessageable):
        return to.get_partial_message(id)
    return discord.PartialMessage(channel=to, id=id)  # type: ignore[arg-type]  # checked inside


async def edit_message(
    bot: discord.Client,
    services: Services,
    server: int,
    id: int | None,
    message: discord.PartialMessage,
    *,
    content: str | None,
    embed: discord.Embed | None,
    view: discord.ui.View | None,
) -> bool:
    """Edits a message of the bot's. In the ledger, one that is gone is marked so under `id`.

    False if it will never be edited; raises what is_passing and BROKEN tell of.
    """

    async def edit() -> None:
        await delivered(
            lambda: message.edit(content=content, embed=embed, view=view, allowed_mentions=NO_PINGS)
        )

    try:
        try:
            await edit()
        except discord.HTTPException as error:
            if error.code != THREAD_ARCHIVED:
                raise
            async with _reopened(bot, message.channel.id):
                await edit()
    except discord.NotFound:
        if id is not None:
            opened = await asyncio.to_thread(services.servers.server, server)
            await asyncio.to_thread(_mark_gone, opened, id)
        return False
    except discord.HTTPException as error:
        if is_passing(error):
            raise
        log.warning("The message %d could not be edited: %s", message.id, error)
        return False
    return True


async def take_back(message: discord.Message | discord.PartialMessage) -> None:
    """Takes the answer out of a message whose asker was forgotten while it was posted or edited."""
    try:
        await delivered(
            lambda: message.edit(
                content=_(REMOVED), embed=None, view=None, allowed_mentions=NO_PINGS
            )
        )
    except (discord.HTTPException, *BROKEN) as error:
        log.warning("An answer could not be taken back from message %d: %s", message.id, error)


@contextlib.asynccontextmanager
async def _reopened(bot: discord.Client, id: int) -> AsyncIterator[None]:
    """An archived thread, in which Discord lets nothing be edited, open for a moment."""
    thread = await bot.fetch_channel(id)
    if isinstance(thread, discord.Thread):
        await thread.edit(archived=False)
    try:
        yield
    finally:
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=True)


def _mark_gone(server: OpenServer, id: int) -> None:
    given = server.records.ledger.by_id(id)
    if given is not None:
        server.records.ledger.mark_message(
            id,
            channel_id=given.channel_id,
            message_id=MESSAGE_GONE,
            thread_id=given.thread_id,
        )


async def standing(bot: discord.Client, server: int, given: GivenAnswer) -> discord.Message | None:
    """The bot's message with the buttons of `given`, if it is among the last of its channel.

    Raises discord.HTTPException where the bot may not read them.
    """
    to = place_of(bot, server, given.place_id)
    async for message in to.history(limit=LOOKED_BACK, after=given.asked_at):
        if bot.user is None or message.author.id != bot.user.id:
            continue
        for row in message.components:
            for item in getattr(row, "children", ()):
                id = ButtonId.parse(getattr(item, "custom_id", None) or "")
                if id is not None and id.answer_id == given.id:
                    return message
    return None
