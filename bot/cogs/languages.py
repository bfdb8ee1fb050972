"""In which language somebody is answered: that of the server, and for commands their own."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.languages import Language, catalogue, of_locale, speak
from bot.servers.records.settings import ServerSettings
from bot.services import Services

log = logging.getLogger(__name__)


async def speak_at(bot: discord.Client, services: Services, guild: int | None) -> None:
    """Puts the server's language in force for the rest of the task; in direct messages, that of
    the server whose archive answers there. Never raises: an error is for what follows to meet.
    """
    speak("en")
    server = services.direct_messages if guild is None else guild
    if server is None:
        return
    try:
        settings = await services.asking.settings(server)
    except Exception as error:  # noqa: BLE001 - what follows meets it, too, and says it
        log.warning("The language of server %d is not known: %r", server, error)
        return
    speak(language_at(bot, server, settings))


def language_at(bot: discord.Client, server: int, settings: ServerSettings) -> Language:
    """What the server has set. A new one begins with the language that Discord has for it, which
    communities choose (elsewhere it is English), if that is one of ours.
    """
    if settings.chosen_language is not None:
        return settings.chosen_language
    guild = bot.get_guild(server)
    return (of_locale(str(guild.preferred_locale)) if guild else None) or settings.language


class Spoken:
    """For buttons and modals: what they bring is in the server's language."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        services: Services = interaction.client.services
        with services.replies:
            await speak_at(interaction.client, services, interaction.guild_id)
        return True


class CommandTranslator(app_commands.Translator):
    """Descriptions, choices and entries of menus for each person's own client. Names that are typed
    stay, as the texts name commands by them.
    """

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        language = of_locale(str(locale))
        if language is None or language == "en" or _typed(context):
            return None
        text = catalogue(language).gettext(string.message)
        return text if text != string.message else None


def _typed(context: app_commands.TranslationContextTypes) -> bool:
    where = app_commands.TranslationContextLocation
    if context.location is where.command_name:
        return not isinstance(context.data, app_commands.ContextMenu)
    return context.location in (where.group_name, where.parameter_name)
