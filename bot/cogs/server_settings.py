"""`/settings`: what a server sets for itself, by those who manage it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.delivery import respond
from bot.cogs.failures import notice_of, tell
from bot.cogs.languages import language_at
from bot.cogs.posting import NO_PINGS
from bot.cogs.who_manages import managed_server
from bot.languages import N_, OWN_NAMES, speak
from bot.servers.asking import RefusedError
from bot.servers.permissions import Asker
from bot.servers.records.settings import (
    MOST_CHANNELS,
    MOST_DAYS,
    MOST_ROLES,
    AnswerStyle,
    ServerSettings,
)
from bot.servers.registry import OpenServer
from bot.services import Services
from bot.ui.settings_card import settings_card

Change = Literal["add", "remove"]
Right = Literal["ask", "manage"]
Resettable = Literal["everything", "who may ask", "who manages", "channels"]
CHOICE_NAMES = (
    N_("add"),
    N_("remove"),
    N_("ask"),
    N_("manage"),
    N_("in place"),
    N_("thread"),
    N_("everything"),
    N_("who may ask"),
    N_("who manages"),
    N_("channels"),
)
"""What discord.py offers of the types above, marked for translation."""

NO_EVERYONE = N_(
    "That is everybody. Everybody may ask as long as no role is named: `/settings reset` removes "
    "those that are. Managing is never for everybody."
)
NO_CATEGORY = N_("That is a category. Choose the channels in it one by one.")
ONLY_WITH_PERMISSION = N_(
    "Who manages is changed only by people with the permission Manage Server."
)
DAMAGED = N_(
    "What was set there cannot be read any more. Add those that are to hold, or use "
    "`/settings reset`."
)
TOO_MANY = N_("That is one too many: remove another first.")

Changes = Callable[[ServerSettings, Asker], Mapping[str, object]]
"""What to set, from what is set and who changes it. Raises RefusedError."""


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SettingsCog(
    commands.GroupCog, group_name="settings", group_description=N_("What this server has set.")
):
    """Each change is shown as the settings that hold then, to whoever made it."""

    def __init__(self, bot: discord.Client, services: Services) -> None:
        self._services = services

    @app_commands.command(description=N_("Shows what is set."))
    async def show(self, interaction: discord.Interaction) -> None:
        await self._change(interaction, lambda before, asker: {})

    @app_commands.command(description=N_("Who may ask, and who may manage, by their roles."))
    @app_commands.describe(
        right=N_("Ask questions, or manage articles and settings."),
        change=N_("Whether the role gets that right or loses it."),
        role=N_("The role."),
    )
    async def roles(
        self, interaction: discord.Interaction, right: Right, change: Change, role: discord.Role
    ) -> None:
        def changed(before: ServerSettings, asker: Asker) -> Mapping[str, object]:
            if role.is_default():
                raise RefusedError(NO_EVERYONE)
            if right == "ask":
                return _with(before, "ask_roles", change, role.id, MOST_ROLES)
            _require_permission(asker)
            return _with(before, "manage_roles", change, role.id, MOST_ROLES)

        await self._change(interaction, changed)

    @app_commands.command(
        description=N_("Where questions are answered; all channels if none is set.")
    )
    @app_commands.describe(
        change=N_("Whether questions are answered there."),
        channel=N_("The channel, with its threads."),
    )
    async def channels(
        self,
        interaction: discord.Interaction,
        change: Change,
        channel: app_commands.AppCommandChannel,
    ) -> None:
        def changed(before: ServerSettings, asker: Asker) -> Mapping[str, object]:
            if channel.type is discord.ChannelType.category:
                raise RefusedError(NO_CATEGORY)
            return _with(before, "channels", change, channel.id, MOST_CHANNELS)

        await self._change(interaction, changed)

    @app_commands.command(description=N_("How answers are given."))
    @app_commands.describe(
        style=N_("Below the question, or in a thread of its own."),
        private=N_("Whether only the asker sees the answer to /ask, unless asked otherwise."),
    )
    async def answers(
        self,
        interaction: discord.Interaction,
        style: AnswerStyle | None = None,
        private: bool | None = None,
    ) -> None:
        given = {"answer_style": style, "private_by_default": private}
        await self._change(interaction, lambda before, asker: _named(given))

    @app_commands.command(
        description=N_("How long questions are kept, and how far back corrected.")
    )
    @app_commands.describe(
        days=N_("Days for which questions, answers and votes are kept."),
        corrections=N_("Days back to which answers are corrected; 0 for never."),
    )
    async def retention(
        self,
        interaction: discord.Interaction,
        days: app_commands.Range[int, 1, MOST_DAYS] | None = None,
        corrections: app_commands.Range[int, 0, MOST_DAYS] | None = None,
    ) -> None:
        given = {"retention_days": days, "corrections_days": corrections}
        await self._change(interaction, lambda before, asker: _named(given))

    @app_commands.command(description=N_("The language in which I speak here."))
    @app_commands.describe(language=N_("Articles and answers stay in their own."))
    @app_commands.choices(
        language=[app_commands.Choice(name=own, value=one) for one, own in OWN_NAMES.items()]
    )
    async def language(self, interaction: discord.Interaction, language: str) -> None:
        await self._change(interaction, lambda before, asker: {"language": language})

    @app_commands.command(description=N_("Sets what is named back to what it was at first."))
    @app_commands.describe(what=N_("What to set back."))
    async def reset(self, interaction: discord.Interaction, what: Resettable) -> None:
        names = {
            "everything": set(ServerSettings.model_fields),
            "who may ask": {"ask_roles"},
            "who manages": {"manage_roles"},
            "channels": {"channels"},
        }[what]

        def changed(before: ServerSettings, asker: Asker) -> Mapping[str, object]:
            if "manage_roles" in names:
                _require_permission(asker)
            return dict.fromkeys(names)

        await self._change(interaction, changed)

    async def _change(self, interaction: discord.Interaction, changed: Changes) -> None:
        with self._services.replies:
            try:
                server, asker = await managed_server(self._services, interaction)
                settings = await asyncio.to_thread(_apply, server, asker, changed)
                self._services.asking.settings_changed(server.id)
            except Exception as error:  # noqa: BLE001 - notice_of logs what is not the person's
                await tell(interaction, notice_of(error))
                return
            speak(language_at(interaction.client, server.id, settings))
            card = settings_card(settings)
            await respond(
                interaction,
                lambda: interaction.response.send_message(
                    embed=card, ephemeral=True, allowed_mentions=NO_PINGS
                ),
            )


def _apply(server: OpenServer, asker: Asker, changed: Changes) -> ServerSettings:
    store = server.records.settings
    changes = changed(before := store.load(), asker)
    return store.update(changes) if changes else before


def _with(
    before: ServerSettings, name: str, change: Change, id: int, most: int
) -> Mapping[str, object]:
    """The setting `name`, a tuple of ids, with `id` or without it."""
    if name in before.damaged and change == "remove":
        # Of what cannot be read nothing is left: with an empty list, everybody would be let.
        raise RefusedError(DAMAGED)
    others = tuple(one for one in getattr(before, name) if one != id)
    if change == "add" and len(others) >= most:
        raise RefusedError(TOO_MANY)
    return {name: (*others, id) if change == "add" else others}


def _named(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _require_permission(asker: Asker) -> None:
    """So that nobody who was only named makes others managers."""
    if not asker.manages_server:
        raise RefusedError(ONLY_WITH_PERMISSION)
