"""The buttons below an answer. They work after a restart: what they are for is in the ledger."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

import discord

from bot.cogs.ask import caller
from bot.cogs.delivery import BROKEN, acknowledge, respond
from bot.cogs.failures import notice_of, tell
from bot.cogs.languages import Spoken
from bot.cogs.places import Place
from bot.cogs.posting import NO_PINGS
from bot.cogs.threads import open_thread
from bot.languages import _
from bot.qa.answer import Answer, Citation
from bot.servers.asking import Given, RefusedError, Request
from bot.servers.filters import filter_from_json
from bot.servers.keeping import restored
from bot.servers.permissions import Asker
from bot.servers.records.feedback import Choice
from bot.servers.records.given import GivenAnswer
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui import notices
from bot.ui.buttons import Action, ButtonId, button
from bot.ui.cite_card import citation_card, cite_card
from bot.ui.passages import page_count, passage_page
from bot.ui.why import why_card

log = logging.getLogger(__name__)

WATCHED = dt.timedelta(days=30)
"""How long a question is watched."""
MOST_REASON = 500


@dataclass(frozen=True)
class Pressed:
    """A button that somebody who may press it has pressed."""

    interaction: discord.Interaction
    id: ButtonId
    services: Services
    server: OpenServer
    asker: Asker
    given: GivenAnswer

    async def answer(self) -> Answer:
        """The answer as it was given. Raises RefusedError if all that it stood on is gone."""
        found = await asyncio.to_thread(
            restored, self.given.asked_as, self.given, self.server.archive
        )
        if found.missing and not found.answer.citations and not found.answer.passages:
            raise RefusedError(notices.NO_LONGER_THERE)
        return found.answer

    def link(self, citation: Citation) -> str:
        return self.services.link_of(self.server.id, self.given)(citation)

    async def reply(self, embed: discord.Embed, view: discord.ui.View | None = None) -> None:
        """For the person alone."""
        parts: dict[str, Any] = {"embed": embed} if view is None else {"embed": embed, "view": view}
        await respond(
            self.interaction,
            lambda: self.interaction.response.send_message(
                **parts, ephemeral=True, allowed_mentions=NO_PINGS
            ),
        )


_TEMPLATE = rf"dateline:(?:{'|'.join(Action)}):[1-9][0-9]*(?::[A-Za-z0-9_-]+)?"

Handler = Callable[[Pressed], Awaitable[None]]


class AnswerButton(Spoken, discord.ui.DynamicItem[discord.ui.Button[Any]], template=_TEMPLATE):
    """Any button whose id `bot.ui.buttons` made."""

    def __init__(self, id: ButtonId) -> None:
        super().__init__(button(id))
        self.id_ = id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        id = ButtonId.parse(match.string)
        if id is None:
            raise ValueError(f"{match.string!r} is no button of this bot")
        return cls(id)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        services: Services = interaction.client.services
        with services.replies:
            try:
                pressed = await press(services, interaction, self.id_)
                await _HANDLERS[self.id_.action](pressed)
            except (discord.HTTPException, *BROKEN):
                log.exception("Discord did not take what a button brought")
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))


async def press(services: Services, interaction: discord.Interaction, id: ButtonId) -> Pressed:
    """Raises RefusedError for whoever may not, or if the answer is no longer kept.

    Which server's ledger is looked into is what Discord says of the interaction.
    """
    server_id, asker = await caller(
        interaction.client, services, interaction.guild_id, interaction.user
    )
    place = Place.of(interaction.channel)
    direct = interaction.guild_id is None
    await services.asking.allow(
        Request(server_id, asker, place.channel, "", place.thread, direct=direct)
    )
    server = await asyncio.to_thread(services.servers.server, server_id)
    given = await asyncio.to_thread(server.records.ledger.by_id, id.answer_id)
    if given is None or given.state in ("asked", "interrupted"):
        raise RefusedError(notices.NOT_KEPT)
    if given.private and given.asker_id != asker.id:
        raise RefusedError(notices.NOT_KEPT)
    return Pressed(interaction, id, services, server, asker, given)


async def _passages(pressed: Pressed) -> None:
    answer = await pressed.answer()
    pages = page_count(answer.passages)
    page = min(max(int(pressed.id.extra or 1), 1), pages) if _is_number(pressed.id.extra) else 1
    card = passage_page(answer.passages, page, link_of=pressed.link, citations=answer.citations)
    view = discord.ui.View(timeout=None)
    for name, label, to in (
        ("previous", _("Previous"), page - 1),
        ("next", _("Next"), page + 1),
    ):
        id = ButtonId(Action.PASSAGES, pressed.given.id, str(max(to, 1)))
        item: discord.ui.Button[Any] = button(id)
        item.label, item.disabled = label, not 1 <= to <= pages
        # On the first page "Previous" would have the id of "Next" on none, but ids must differ.
        item.custom_id = id.build() if 1 <= to <= pages else f"{id.build()}-{name}"
        view.add_item(item)
    view.stop()
    if pressed.id.extra:
        await respond(
            pressed.interaction,
            lambda: pressed.interaction.response.edit_message(
                embed=card, view=view, allowed_mentions=NO_PINGS
            ),
        )
    else:
        await pressed.reply(card, view if pages > 1 else None)


def _is_number(extra: str) -> bool:
    return not extra or (extra.isascii() and extra.isdigit() and len(extra) < 4)


async def _why(pressed: Pressed) -> None:
    given = pressed.given
    generation = "" if given.generation is None else str(given.generation)
    await pressed.reply(
        why_card(
            await pressed.answer(),
            asked_as=given.asked_as,
            within=filter_from_json(given.filters),
            generation=generation,
        )
    )


async def _cite(pressed: Pressed) -> None:
    citation = _first_citation(await pressed.answer())
    view = discord.ui.View(timeout=None)
    view.add_item(button(ButtonId(Action.POST, pressed.given.id)))
    view.stop()
    today = pressed.services.clock().date()
    # Not the reading room's address, which expires.
    await pressed.reply(cite_card(citation, accessed=today, link=citation.link), view)


async def _post(pressed: Pressed) -> None:
    """Into the channel, as the bot's message, which names nobody."""
    citation = _first_citation(await pressed.answer())
    card = citation_card(citation, link_of=pressed.link)
    await respond(
        pressed.interaction,
        lambda: pressed.interaction.response.send_message(embed=card, allowed_mentions=NO_PINGS),
    )


def _first_citation(answer: Answer) -> Citation:
    if not answer.citations:
        raise RefusedError(notices.NO_LONGER_THERE)
    return answer.citations[0]


async def _vote(pressed: Pressed, choice: Choice, reason: str = "") -> None:
    await asyncio.to_thread(
        pressed.server.records.feedback.vote,
        pressed.given.id,
        pressed.asker.id,
        choice,
        now=pressed.services.clock(),
        reason=reason,
    )


async def _up(pressed: Pressed) -> None:
    await _vote(pressed, "up")
    await tell(pressed.interaction, _(notices.THANKS))


async def _down(pressed: Pressed) -> None:
    await _vote(pressed, "down")
    modal = ReasonModal(pressed)
    await respond(pressed.interaction, lambda: pressed.interaction.response.send_modal(modal))


class ReasonModal(Spoken, discord.ui.Modal):
    """Why an answer was voted down; the vote counts also without."""

    def __init__(self, pressed: Pressed) -> None:
        super().__init__(title=_("What was wrong?"), timeout=900)
        self._pressed = pressed
        self.reason: discord.ui.TextInput[Any] = discord.ui.TextInput(
            label=_("Reason (optional)"),
            style=discord.TextStyle.paragraph,
            required=False,
            max_length=MOST_REASON,
            custom_id="reason",
        )
        self.add_item(self.reason)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        pressed = self._pressed
        with pressed.services.replies:
            try:
                await _vote(pressed, "down", self.reason.value)
                await tell(interaction, _(notices.THANKS))
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))


async def _watch(pressed: Pressed) -> None:
    now = pressed.services.clock()
    given = pressed.given
    place = pressed.interaction.channel_id or given.place_id
    watch = await asyncio.to_thread(
        pressed.server.records.watches.add,
        given.asked_as,
        asker_id=pressed.asker.id,
        channel_id=place,
        now=now,
        expires_at=now + WATCHED,
        filters=given.filters,
        generation=given.generation,
        asking_message_id=given.asking_message_id if place == given.place_id else None,
    )
    await tell(pressed.interaction, notices.watched(watch.expires_at.date()))


async def _thread(pressed: Pressed) -> None:
    message = pressed.interaction.message
    if message is None or pressed.given.private:
        raise RefusedError(notices.NO_THREAD)
    given = pressed.given
    await acknowledge(pressed.interaction, ephemeral=True, thinking=False)
    request = Request(
        pressed.server.id,
        Asker(given.asker_id),  # whose question it is, whoever goes on with it
        given.channel_id,
        given.question,
        asked_as=given.asked_as,
    )
    # What follows up on it needs its words, not the articles.
    answer = Answer(given.asked_as, given.answered, given.answer, given.confidence)
    thread = await open_thread(pressed.services, message, Given(given.id, answer, request, given))
    if thread is None:
        raise RefusedError(notices.NO_THREAD)
    await tell(pressed.interaction, f"<#{thread.id}>")


_HANDLERS: dict[Action, Handler] = {
    Action.PASSAGES: _passages,
    Action.WHY: _why,
    Action.CITE: _cite,
    Action.POST: _post,
    Action.UP: _up,
    Action.DOWN: _down,
    Action.WATCH: _watch,
    Action.THREAD: _thread,
}
