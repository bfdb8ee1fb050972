"""`/ask` and "Check against articles": a question from Discord, answered where it was asked."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.contexts import offered_where_people_ask
from bot.cogs.delivery import acknowledge, delivered
from bot.cogs.failures import notice_of, tell
from bot.cogs.late_posting import take_back
from bot.cogs.places import Place, asker_of
from bot.cogs.posting import NO_PINGS, Posted, mark_posted, posted
from bot.cogs.progress import Progress
from bot.cogs.threads import open_thread, thread_allowed
from bot.languages import N_
from bot.qa.followups.claims import claim_question
from bot.servers.asking import Given, RefusedError, Request
from bot.servers.days import first_day, last_day
from bot.servers.permissions import Asker, damage_notice
from bot.services import Services
from bot.ui import notices
from bot.ui.limits import CHOICE_NAME, CHOICE_VALUE, CHOICES, MAX_QUESTION, units
from bot.ui.visible import inline
from index.errors import DatelineError
from index.filtering import SearchFilter

log = logging.getLogger(__name__)

NOTHING_TO_CHECK = N_("That message says nothing that could be looked up in the articles.")


class AskCog(commands.Cog):
    """Answers questions given as commands, and always with something."""

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._menu = app_commands.ContextMenu(
            name=N_("Check against articles"), callback=self.check
        )
        offered_where_people_ask(services, self.ask, self._menu)

    async def cog_load(self) -> None:
        assert isinstance(self._bot, commands.Bot)
        self._bot.tree.add_command(self._menu, override=True)

    async def cog_unload(self) -> None:
        assert isinstance(self._bot, commands.Bot)
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(
        name="ask", description=N_("Ask the news articles. Answers with a quote.")
    )
    @app_commands.describe(
        question=N_("What do you want to know?"),
        since=N_(
            "Only articles of this time or later. "
            "A day, month or year: 2022-10-06, 2022-10 or 2022."
        ),
        until=N_(
            "Only articles of this time or earlier. "
            "A day, month or year: 2022-10-06, 2022-10 or 2022."
        ),
        source=N_("Only articles from this source."),
        private=N_("Whether only you see the answer."),
    )
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
        source: app_commands.Range[str, 1, 100] | None = None,
        private: bool | None = None,
    ) -> None:
        with self._services.replies:
            try:
                if problem := problem_with(question):
                    raise RefusedError(problem)
                request = await self._request(interaction, storable(question))
                within = SearchFilter(
                    first_day(since) if since else None,
                    last_day(until) if until else None,
                    (source,) if source else (),
                )
                if private is not None:
                    request = dataclasses.replace(request, private=private)
                request = request.narrowed(within)
                await self._services.asking.admit(request)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            await self._respond(interaction, request)

    @ask.autocomplete("source")
    async def sources(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The server's sources that have what is typed in them, those that begin with it first."""
        try:
            request = await self._request(interaction, "")
            await self._services.asking.allow(request)
            server = await asyncio.to_thread(self._services.servers.server, request.server)
            names = await asyncio.to_thread(server.archive.names, "sources")
        except (RefusedError, DatelineError):
            return []
        typed = current.casefold()
        fitting = [
            name for name in names if typed in name.casefold() and units(name) <= CHOICE_VALUE
        ]
        fitting.sort(key=lambda name: not name.casefold().startswith(typed))
        return [
            app_commands.Choice(name=inline(name)[:CHOICE_NAME] or "\ufffd", value=name)
            for name in fitting[:CHOICES]
        ]

    async def check(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """The menu of a message: what it says is looked up."""
        with self._services.replies:
            await self._services.pacing.turn(urgent=True)
            try:
                # In a thread: what is written to do harm takes a while to read.
                claim = storable(await asyncio.to_thread(claim_question, message.content))
                if not claim:
                    raise RefusedError(NOTHING_TO_CHECK)
                request = await self._request(interaction, claim)
                await self._services.asking.admit(request)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            await self._respond(interaction, request)

    async def _request(self, interaction: discord.Interaction, question: str) -> Request:
        """As private as the server wants it by default."""
        server, asker = await caller(
            self._bot, self._services, interaction.guild_id, interaction.user
        )
        place = Place.of(interaction.channel)
        settings = await self._services.asking.settings(server)
        return Request(
            server,
            asker,
            place.channel,
            question,
            place.thread,
            private=settings.private_by_default,
            direct=interaction.guild_id is None,
        )

    async def _respond(self, interaction: discord.Interaction, request: Request) -> None:
        # Discord wants a sign within 3 seconds; then there are 15 minutes for the answer.
        await acknowledge(interaction, ephemeral=request.private)
        progress = Progress(interaction, self._services)
        try:
            async with progress:
                await self._services.pacing.turn()
                given = await self._services.asking.ask(request)
        except Exception as error:  # noqa: BLE001 - notice_of logs it
            notice = notice_of(error)
            await delivered(
                lambda: interaction.edit_original_response(
                    content=notice, allowed_mentions=NO_PINGS
                )
            )
            return
        await self._services.pacing.turn()
        message = await self._send(interaction, given)
        if not await mark_posted(self._services, given, message):
            await take_back(message)
            return
        settings = await self._services.asking.settings(request.server)
        if settings.answer_style == "thread" and not request.private:
            await open_thread(self._services, message, given)
        if notice := damage_notice(settings, request.asker):
            await tell(interaction, notice)

    async def _send(
        self, interaction: discord.Interaction, given: Given
    ) -> discord.InteractionMessage:
        embeds = interaction.app_permissions.embed_links or interaction.guild is None
        answer: Posted = await posted(
            self._services,
            given,
            show_question=True,
            may_thread=thread_allowed(interaction) and not given.request.private,
            embeds=embeds,
        )
        message = await delivered(
            lambda: interaction.edit_original_response(
                content=answer.content,
                embed=answer.embed,
                view=answer.view,
                allowed_mentions=NO_PINGS,
            )
        )
        for text in answer.more:
            # May come twice, as a webhook takes no nonce: better than an answer without its end.
            send = functools.partial(
                interaction.followup.send,
                text,
                allowed_mentions=NO_PINGS,
                suppress_embeds=True,
                ephemeral=given.request.private,
            )
            await delivered(send)
        return message


async def caller(
    bot: discord.Client,
    services: Services,
    guild: int | None,
    person: discord.User | discord.Member,
) -> tuple[int, Asker]:
    """The server whose archive answers `person`, and who they are there.

    That is where they ask; in direct messages the one that the operator chose, if they are a
    member of it. Raises RefusedError otherwise.
    """
    if guild is not None:
        return guild, asker_of(person)
    chosen = services.direct_messages
    there = bot.get_guild(chosen) if chosen is not None else None
    if there is None:
        raise RefusedError(notices.NO_DIRECT_MESSAGES)
    try:
        return there.id, asker_of(await delivered(lambda: there.fetch_member(person.id)))
    except discord.NotFound:
        raise RefusedError(notices.NO_DIRECT_MESSAGES) from None


def problem_with(question: str) -> str | None:
    """What to tell somebody whose question cannot be asked; None if it can."""
    if not inline(question):
        return notices.USAGE
    return notices.QUESTION_TOO_LONG if len(question) > MAX_QUESTION else None


def storable(question: str) -> str:
    """`question` without lone surrogates, which JSON can hold and UTF-8 cannot."""
    return question.strip().encode("utf-8", "replace").decode("utf-8")
