"""What a question could mean, offered as buttons, and the one that its asker presses."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from typing import Any, Self

import discord

from bot.cogs.ask import caller
from bot.cogs.delivery import BROKEN, acknowledge, delivered, send_once
from bot.cogs.failures import notice_of, tell
from bot.cogs.languages import Spoken
from bot.cogs.late_posting import take_back
from bot.cogs.posting import NO_PINGS, mark_posted, posted
from bot.cogs.progress import Progress
from bot.cogs.threads import thread_allowed
from bot.servers.asking import Given, RefusedError, Request
from bot.servers.records.offers import Offer
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui import notices
from bot.ui.options import (
    MOST_OPTIONS,
    OPTION_TEMPLATE,
    OptionButtonId,
    asked_back,
    option_button,
)

log = logging.getLogger(__name__)


async def ask_back(
    services: Services,
    message: discord.Message,
    request: Request,
    missing: str,
    options: Sequence[str],
) -> None:
    """Replies to a message what is not clear about it; what it could mean is kept and offered."""
    server = await asyncio.to_thread(services.servers.server, request.server)
    offer: Offer | None = None
    if options:
        offer = await asyncio.to_thread(
            server.records.offers.add,
            request.question,
            options[:MOST_OPTIONS],
            asker_id=request.asker.id,
            channel_id=request.channel,
            thread_id=request.thread,
            asking_message_id=message.id,
            now=services.clock(),
        )
    text, view = asked_back(missing, options, offer.id if offer else None)
    shown: dict[str, Any] = {} if view is None else {"view": view}
    sent = await send_once(
        message.channel,
        text,
        **shown,
        reference=message.to_reference(fail_if_not_exists=False),
        allowed_mentions=NO_PINGS,
        suppress_embeds=True,
    )
    if offer is not None:
        await asyncio.to_thread(server.records.offers.mark_message, offer.id, sent.id)


class OptionButton(
    Spoken, discord.ui.DynamicItem[discord.ui.Button[Any]], template=OPTION_TEMPLATE
):
    """Asks what was offered, once, for the person to whom it was."""

    def __init__(self, id: OptionButtonId) -> None:
        super().__init__(option_button(id))
        self.id_ = id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        id = OptionButtonId.parse(match.string)
        if id is None:
            raise ValueError(f"{match.string!r} is no button of this bot")
        return cls(id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services: Services = interaction.client.services
        with services.replies:
            try:
                await services.pacing.turn(urgent=True)
                server, request = await _chosen(services, interaction, self.id_)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            try:
                await acknowledge(interaction, ephemeral=False, thinking=False)
                async with Progress(interaction, services):
                    await services.pacing.turn()
                    given = await services.asking.ask(request)
            except Exception as error:  # noqa: BLE001 - notice_of logs it
                await asyncio.to_thread(server.records.offers.take_back, self.id_.offer)
                await _as_it_was(interaction)
                await tell(interaction, notice_of(error))
                return
            try:
                await _show(services, interaction, given)
            except (discord.HTTPException, *BROKEN):
                log.exception("Discord did not take the answer to a chosen question")


async def _chosen(
    services: Services, interaction: discord.Interaction[Any], id: OptionButtonId
) -> tuple[OpenServer, Request]:
    """Raises RefusedError for all but the asker, and once an option was chosen."""
    server_id, asker = await caller(
        interaction.client, services, interaction.guild_id, interaction.user
    )
    server = await asyncio.to_thread(services.servers.server, server_id)
    offer = await asyncio.to_thread(server.records.offers.by_id, id.offer)
    if offer is None or id.place >= len(offer.options):
        raise RefusedError(notices.OFFER_NOT_KEPT)
    if offer.asker_id != asker.id:
        raise RefusedError(notices.ONLY_THE_ASKER)
    request = Request(
        server_id,
        asker,
        offer.channel_id,
        offer.question,
        offer.thread_id,
        asked_as=offer.options[id.place],
        direct=interaction.guild_id is None,
        message=offer.asking_message_id,
    )
    await services.asking.admit(request)
    if not await asyncio.to_thread(server.records.offers.choose, id.offer, id.place):
        raise RefusedError(notices.CHOSEN_BEFORE)
    return server, request


async def _show(services: Services, interaction: discord.Interaction[Any], given: Given) -> None:
    """The answer in place of the options, with what was understood."""
    await services.pacing.turn()
    answer = await posted(
        services,
        given,
        show_question=False,
        may_thread=thread_allowed(interaction),
        embeds=interaction.app_permissions.embed_links or interaction.guild is None,
    )
    message = await delivered(
        lambda: interaction.edit_original_response(
            content=answer.content,
            embed=answer.embed,
            view=answer.view,
            allowed_mentions=NO_PINGS,
        )
    )
    if not await mark_posted(services, given, message):
        await take_back(message)
        return
    if isinstance(interaction.channel, discord.abc.Messageable):
        for text in answer.more:
            await send_once(
                interaction.channel, text, allowed_mentions=NO_PINGS, suppress_embeds=True
            )


async def _as_it_was(interaction: discord.Interaction[Any]) -> None:
    """The options without word of progress; the buttons have never gone."""
    if interaction.message is None:
        return
    before = interaction.message.content
    try:
        await delivered(
            lambda: interaction.edit_original_response(content=before, allowed_mentions=NO_PINGS)
        )
    except (discord.HTTPException, *BROKEN) as error:
        log.warning("A question that was asked back could not be shown again: %s", error)
