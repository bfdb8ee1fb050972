"""Where commands are offered: in servers, and in direct messages where the operator allows them."""

from __future__ import annotations

from typing import Any

from discord import app_commands

from bot.services import Services


def offered_where_people_ask(
    services: Services,
    *commands: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu | app_commands.Group,
) -> None:
    for command in commands:
        command.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=services.direct_messages is not None, private_channel=False
        )
        command.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
