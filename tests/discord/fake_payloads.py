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


def channel(id: int, name: str) -> Payload:
    return {
        "id": str(id),
        "type": 0,
        "name": name,
        "guild_id": str(GUILD_ID),
        "position": 0,
        "permission_overwrites": [],
    }


def thread(id: int, name: str, parent: int, archive_minutes: int) -> Payload:
    return {
        "id": str(id),
        "type": 11,
        "name": name,
        "guild_id": str(GUILD_ID),
        "parent_id": str(parent),
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


def guild(members: list[Payload], channels: list[Payload]) -> Payload:
    everyone = {
        "id": str(GUILD_ID),
        "name": "@everyone",
        "permissions": ALL_PERMISSIONS,
        "position": 0,
        "color": 0,
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(GUILD_ID),
        "name": "Newsroom",
        "owner_id": str(OWNER_ID),
        "unavailable": False,
        "member_count": len(members),
        "roles": [everyone],
        "members": members,
        "channels": channels,
        "threads": [],
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


def application(owner: Payload) -> Payload:
    return {
        "id": str(APP_ID),
        "name": "newsbot",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "flags": 0,
        "owner": owner,
    }


def ready(bot: Payload, session: str, gateway: str) -> Payload:
    return {
        "v": 10,
        "user": bot,
        "guilds": [{"id": str(GUILD_ID), "unavailable": True}],
        "session_id": session,
        "resume_gateway_url": gateway,
        "application": {"id": str(APP_ID), "flags": 0},
    }
