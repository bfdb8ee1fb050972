"""The objects Discord sends, as small as discord.py accepts them.

Keys that Discord leaves out are left out here too: null is not the same as absent.
"""

from __future__ import annotations

from typing import Any

import discord

Payload = dict[str, Any]

APP_ID = BOT_ID = 100
OWNER_ID, STRANGER_ID, OTHER_BOT_ID = 200, 201, 202
GUILD_ID, CHANNEL_ID = 300, 400
TOKEN = "loopback.token.value"
EPOCH = "2026-01-01T00:00:00+00:00"
ALL_PERMISSIONS = str(discord.Permissions.all().value)

LOADING, EPHEMERAL = 1 << 7, 1 << 6
SUPPRESS_EMBEDS, HAS_THREAD = 1 << 2, 1 << 5
TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12

EVERYONE_MAY = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    create_private_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    use_application_commands=True,
).value
"""What @everyone may in a new guild, as far as it matters here: nothing is managed with it."""


def user(id: int, name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(id),
        "username": name,
        "discriminator": "0",
        "global_name": name.title(),
        "avatar": None,
        "bot": bot,
    }


def member(of: Payload | None = None) -> Payload:
    """A member; with the user inside only where Discord sends it so."""
    fields = {"roles": [], "joined_at": EPOCH, "deaf": False, "mute": False, "flags": 0}
    return fields | ({"user": of} if of else {})


def channel(id: int, name: str, guild_id: int = GUILD_ID) -> Payload:
    return {
        "id": str(id),
        "type": TEXT,
        "name": name,
        "guild_id": str(guild_id),
        "position": 0,
        "permission_overwrites": [],
    }


def direct_channel(id: int, with_user: Payload) -> Payload:
    return {"id": str(id), "type": DM, "last_message_id": None, "recipients": [with_user]}


def thread(id: int, name: str, parent: Payload, archive_minutes: int, kind: int) -> Payload:
    return {
        "id": str(id),
        "type": kind,
        "name": name,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": str(BOT_ID),
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": archive_minutes,
            "archive_timestamp": EPOCH,
            "locked": False,
        },
    }


def role(id: int, name: str, permissions: int, position: int = 0) -> Payload:
    return {
        "id": str(id),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild(id: int, name: str, owner_id: int) -> Payload:
    """A guild without its roles, members, channels and threads."""
    return {
        "id": str(id),
        "name": name,
        "owner_id": str(owner_id),
        "unavailable": False,
        "emojis": [],
        "stickers": [],
        "features": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "afk_timeout": 300,
        "premium_progress_bar_enabled": False,
    }


def message(id: int, channel: int, author: Payload, mentions: list[Payload]) -> Payload:
    """An empty message; what it says is filled in once it has been checked."""
    return {
        "id": str(id),
        "channel_id": str(channel),
        "author": author,
        "content": "",
        "timestamp": EPOCH,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": mentions,
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def attachment(id: int, name: str, size: int, kind: str, url: str) -> Payload:
    return {
        "id": str(id),
        "filename": name,
        "size": size,
        "content_type": kind,
        "url": url,
        "proxy_url": url,
    }


def application(owner: Payload, flags: int = 0) -> Payload:
    return {
        "id": str(APP_ID),
        "name": "newsbot",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": flags,
        "owner": owner,
    }


def ready(bot: Payload, session: str, gateway: str, guilds: list[int], flags: int) -> Payload:
    return {
        "v": 10,
        "user": bot,
        "guilds": [{"id": str(id), "unavailable": True} for id in guilds],
        "session_id": session,
        "resume_gateway_url": gateway,
        "application": {"id": str(APP_ID), "flags": flags},
    }
