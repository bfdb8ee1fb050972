"""`/golden`: the questions whose answers are compared before a build is published."""

from __future__ import annotations

import asyncio

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import storable
from bot.cogs.delivery import acknowledge, delivered
from bot.cogs.managing import manager, refuse
from bot.cogs.posting import NO_PINGS
from bot.languages import N_, _
from bot.servers.asking import RefusedError
from bot.servers.records.golden import MOST_CODE_POINTS, GoldenQuestion
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.article_cards import ON_PAGE, golden_list_card
from bot.ui.limits import CHOICE_NAME, CHOICES
from bot.ui.parts import one_line
from bot.ui.visible import inline

NONE_YET = N_("There are no golden questions yet. `/golden add` adds one.")
Text = app_commands.Range[str, 1, MOST_CODE_POINTS]


class GoldenCog(commands.Cog):
    """Adds, lists and removes golden questions, for those who manage the server."""

    group = app_commands.Group(
        name="golden",
        description=N_("Questions whose answers are compared before a build is published."),
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._services = services

    @group.command(name="add", description=N_("Add a question whose answer is watched."))
    @app_commands.describe(
        question=N_("What is asked of every build before it is published."),
        answer=N_("Words that a right answer has in it; leave it out if there should be none."),
    )
    async def add(
        self, interaction: discord.Interaction, question: Text, answer: Text | None = None
    ) -> None:
        with self._services.replies:
            try:
                server = await self._opened(interaction)
                golden = await asyncio.to_thread(
                    server.records.golden.add,
                    storable(question),
                    storable(answer or ""),
                    by=interaction.user.id,
                    now=self._services.clock(),
                )
                said = _("Golden question {id}: {question}")
                question = one_line(golden.question, 600)
                await _say(interaction, said.format(id=golden.id, question=question))
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @group.command(name="list", description=N_("List the golden questions."))
    @app_commands.describe(page=N_("Which page of the list."))
    async def list_(
        self, interaction: discord.Interaction, page: app_commands.Range[int, 1, 1000] = 1
    ) -> None:
        with self._services.replies:
            try:
                server = await self._opened(interaction)
                questions = await asyncio.to_thread(server.records.golden.list)
                if not questions:
                    raise RefusedError(NONE_YET)
                pages = -(-len(questions) // ON_PAGE)
                page = min(page, pages)
                chosen = questions[(page - 1) * ON_PAGE : page * ON_PAGE]
                card = golden_list_card(chosen, page, pages)
                await delivered(
                    lambda: interaction.edit_original_response(
                        embed=card, allowed_mentions=NO_PINGS
                    )
                )
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @group.command(name="remove", description=N_("Remove a golden question."))
    @app_commands.describe(id=N_("Its number, as `/golden list` shows it."))
    async def remove(
        self, interaction: discord.Interaction, id: app_commands.Range[int, 1, 2**53]
    ) -> None:
        with self._services.replies:
            try:
                server = await self._opened(interaction)
                golden = await asyncio.to_thread(server.records.golden.remove, id)
                question = one_line(golden.question, 600)
                await _say(interaction, _("Removed: {question}").format(question=question))
            except Exception as error:  # noqa: BLE001 - refuse logs what is not the person's
                await refuse(interaction, error)

    @remove.autocomplete("id")
    async def ids(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        try:
            server_id = await manager(self._services, interaction)
        except RefusedError:
            return []
        server = await asyncio.to_thread(self._services.servers.server, server_id)
        typed = str(current).casefold()
        return [
            app_commands.Choice(name=_choice(one), value=one.id)
            for one in await asyncio.to_thread(server.records.golden.list)
            if typed in f"{one.id} {one.question}".casefold()
        ][:CHOICES]

    async def _opened(self, interaction: discord.Interaction) -> OpenServer:
        server = await manager(self._services, interaction)
        await acknowledge(interaction, ephemeral=True)
        return await asyncio.to_thread(self._services.servers.server, server)


async def _say(interaction: discord.Interaction, text: str) -> None:
    await delivered(
        lambda: interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
    )


def _choice(golden: GoldenQuestion) -> str:
    return f"{golden.id}: {inline(golden.question)}"[: CHOICE_NAME // 2]
