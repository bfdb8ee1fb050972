"""An answer as a message with its buttons, wherever it is posted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord

from bot.qa.answer import Answer
from bot.servers.asking import Given
from bot.servers.records.given import GivenResult
from bot.services import Services
from bot.ui.buttons import ButtonId, answer_rows, button
from bot.ui.cards import answer_card
from bot.ui.render import render_answer
from index.filtering import SearchFilter

log = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()


@dataclass(frozen=True)
class Posted:
    """The parts of an answer's first message, and the texts of those after it."""

    content: str | None
    embed: discord.Embed | None
    view: discord.ui.View
    more: Sequence[str] = ()

    def arguments(self) -> dict[str, Any]:
        """For `send`, in which what is not there is not named."""
        parts = {"content": self.content, "embed": self.embed}
        return {
            **{name: part for name, part in parts.items() if part is not None},
            "view": self.view,
            "allowed_mentions": NO_PINGS,
        }


async def posted(
    services: Services,
    given: Given,
    *,
    show_question: bool,
    may_thread: bool,
    embeds: bool = True,
    note: str = "",
) -> Posted:
    """The message for a fresh answer. Without `embeds`, as plain text that says the same."""
    return await message_of(
        services,
        given.request.server,
        given.id,
        given.answer,
        given.result,
        question=given.request.question,
        asked_as=given.request.asked_as,
        within=given.request.within,
        show_question=show_question,
        may_thread=may_thread,
        embeds=embeds,
        note=note,
    )


async def message_of(
    services: Services,
    server: int,
    id: int,
    answer: Answer,
    result: GivenResult,
    *,
    question: str,
    asked_as: str = "",
    within: SearchFilter | None = None,
    show_question: bool,
    may_thread: bool,
    embeds: bool = True,
    note: str = "",
) -> Posted:
    """The message for the answer that the ledger has under `id`."""
    view = answer_view(id, answer, may_thread=may_thread)
    shown = answer.asked(question)
    if not embeds:
        render = partial(render_answer, shown, show_question=show_question)
        first, *more = await asyncio.to_thread(render)
        return Posted(first, None, view, more)

    # In a thread: articles that are written to do harm take a while to show.
    card = await asyncio.to_thread(
        answer_card,
        shown,
        link_of=services.link_of(server, result),
        today=services.clock().date(),
        show_question=show_question,
        asked_as=asked_as,
        within=within,
        note=note,
    )
    return Posted(None, card, view)


def answer_view(id: int, answer: Answer, *, may_thread: bool) -> discord.ui.View:
    """The buttons below an answer. They are handled by `bot.cogs.answer_buttons`, also after a
    restart, so that this view itself listens to nothing.
    """
    view = discord.ui.View(timeout=None)
    rows = answer_rows(
        answered=answer.answered, has_passages=bool(answer.passages), may_thread=may_thread
    )
    for row, actions in enumerate(rows):
        for action in actions:
            view.add_item(button(ButtonId(action, id), row=row))
    view.stop()
    return view


async def mark_posted(services: Services, given: Given, message: discord.Message) -> bool:
    """Writes down where the answer stands, so that it can be corrected there.

    False if the question is no longer kept, as its asker was forgotten.
    """
    thread = message.channel.id if isinstance(message.channel, discord.Thread) else None
    return await mark_at(services, given, message.id, thread)


async def mark_at(services: Services, given: Given, message: int, thread: int | None) -> bool:
    """The same for a message of which only the ids are known."""

    def mark() -> bool:
        ledger = services.servers.server(given.request.server).records.ledger
        return ledger.mark_message(
            given.id,
            channel_id=given.request.channel,
            message_id=message,
            thread_id=thread,
        )

    return await asyncio.to_thread(mark)
