"""Channels, threads, guilds and members of a Discord on 127.0.0.1, as the bot asks for them."""

from __future__ import annotations

import fake_payloads as payloads
from aiohttp import web
from fake_errors import ApiError, Problem, missing_access, missing_permissions, refuse, unknown
from fake_limits import check_name
from fake_messages import FakeMessages
from fake_payloads import BOT_ID, DM, HAS_THREAD, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Payload
from fake_world import Guild, is_thread

ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


class FakeChannels(FakeMessages):
    """Starts and changes threads, opens direct channels, and tells what is there."""

    async def start_thread(self, request: web.Request, body: Payload) -> Payload:
        """From a message, whose id the thread shares, or without one."""
        parent = self.channel_for_bot(request)
        if self.channels[parent]["type"] != TEXT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        on_message = "message" in request.match_info
        kind = PUBLIC_THREAD if on_message else body.get("type", PRIVATE_THREAD)
        right = "create_private_threads" if kind == PRIVATE_THREAD else "create_public_threads"
        if not self.may(BOT_ID, parent, right):
            raise missing_permissions()
        id = self.new_id()
        if on_message:
            message = self.message_for_bot(request, "read_message_history")
            id = int(message["id"])
            if id in self.channels:
                text = "A thread has already been created for this message"
                raise ApiError(400, 160004, text)
        check_name(body.get("name"))
        minutes = body.get("auto_archive_duration") or 1440
        _check_minutes(minutes)
        thread = self.add_thread(id, body["name"], parent, minutes, kind)
        self.thread_members[id] = {BOT_ID}
        if on_message:
            message["flags"] |= HAS_THREAD
        await self.dispatch("THREAD_CREATE", thread | {"newly_created": True})
        return thread

    def add_thread(
        self, id: int, name: str, parent: int, minutes: int = 1440, kind: int = PUBLIC_THREAD
    ) -> Payload:
        thread = payloads.thread(id, name, self.channels[parent], minutes, kind)
        thread["thread_metadata"]["archive_timestamp"] = self.clock.now().isoformat()
        self.channels[id], self.thread_members[id] = thread, set()
        return thread

    def _thread(self, request: web.Request) -> Payload:
        thread = self.channels[self.channel_for_bot(request)]
        if not is_thread(thread):
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        return thread

    async def edit_thread(self, request: web.Request, body: Payload) -> Payload:
        """Rename, archive, lock. The bot needs Manage Threads unless it started the thread."""
        thread = self._thread(request)
        manages = self.may(BOT_ID, int(thread["id"]), "manage_threads")
        if not manages and (thread["owner_id"] != str(BOT_ID) or "locked" in body):
            raise missing_permissions()
        state = thread["thread_metadata"]
        if state["archived"] and body.get("archived") is not False:
            raise ApiError(400, 50083, "Thread is archived")
        if "name" in body:
            check_name(body["name"])
            thread["name"] = body["name"]
        if "auto_archive_duration" in body:
            _check_minutes(body["auto_archive_duration"])
        for key in ("archived", "locked", "auto_archive_duration"):
            if key in body:
                state[key] = body[key]
        await self.dispatch("THREAD_UPDATE", thread)
        return thread

    async def delete_channel(self, request: web.Request, _: object) -> Payload:
        channel = self.channel_for_bot(request)
        thread = is_thread(self.channels[channel])
        needed = "manage_threads" if thread else "manage_channels"
        if not self.may(BOT_ID, channel, needed):
            raise missing_permissions()
        return await self.remove_channel(channel)

    async def remove_channel(self, id: int) -> Payload:
        """A channel or thread goes, with its messages, by whomever."""
        channel = self.channels.pop(id)
        for message in [m for m, of in self.messages.items() if of["channel_id"] == str(id)]:
            del self.messages[message]
        await self.dispatch("THREAD_DELETE" if is_thread(channel) else "CHANNEL_DELETE", channel)
        return channel

    def add_thread_member(self, request: web.Request, _: object) -> None:
        thread, user = self._thread(request), _user(request)
        if thread["thread_metadata"]["archived"]:
            raise ApiError(400, 50083, "Thread is archived")
        if user not in self.guilds[int(thread["guild_id"])].members:
            raise unknown(10013, "User")
        self.thread_members[int(thread["id"])].add(user)

    def remove_thread_member(self, request: web.Request, _: object) -> None:
        thread, user = self._thread(request), _user(request)
        if user != BOT_ID and not self.may(BOT_ID, int(thread["id"]), "manage_threads"):
            raise missing_permissions()
        self.thread_members[int(thread["id"])].discard(user)

    def get_thread_members(self, request: web.Request, _: object) -> list[Payload]:
        id = int(self._thread(request)["id"])
        fields = {"id": str(id), "join_timestamp": payloads.EPOCH, "flags": 0}
        return [fields | {"user_id": str(user)} for user in sorted(self.thread_members[id])]

    def get_archived_threads(self, request: web.Request, _: object) -> Payload:
        parent = str(self.channel_for_bot(request, "read_message_history"))
        inside = [c for c in self.channels.values() if c.get("parent_id") == parent]
        archived = [c for c in inside if c["thread_metadata"]["archived"]]
        return {"threads": archived, "members": [], "has_more": False}

    def type_in(self, request: web.Request, _: object) -> None:
        self.writable(request)

    def get_channel(self, request: web.Request, _: object) -> Payload:
        return self.channels[self.channel_for_bot(request)]

    async def open_direct_channel(self, _: web.Request, body: Payload) -> Payload:
        user = int(body["recipient_id"])
        if user not in self.users:
            refuse([Problem("recipient_id", "Unknown user")])
        return self.direct_channel(user)

    def direct_channel(self, user: int) -> Payload:
        """The channel between the bot and a user, which exists once."""
        for channel in self.channels.values():
            if channel["type"] == DM and channel["recipients"][0]["id"] == str(user):
                return channel
        channel = payloads.direct_channel(self.new_id(), self.users[user])
        self.channels[int(channel["id"])] = channel
        return channel

    # -- guilds ------------------------------------------------------------------------

    def _guild(self, request: web.Request) -> Guild:
        guild = self.guilds.get(int(request.match_info["guild"]))
        if guild is None:
            raise unknown(10004, "Guild")
        if BOT_ID not in guild.members:
            raise missing_access()
        return guild

    def get_guild(self, request: web.Request, _: object) -> Payload:
        fields = self.guild_payload(self._guild(request).id)
        only_events = ("members", "channels", "threads", "voice_states", "presences")
        return {key: value for key, value in fields.items() if key not in only_events}

    def get_guild_channels(self, request: web.Request, _: object) -> list[Payload]:
        inside = self.channels_of(self._guild(request).id)
        return [channel for channel in inside if not is_thread(channel)]

    def get_roles(self, request: web.Request, _: object) -> list[Payload]:
        return list(self._guild(request).roles.values())

    def get_active_threads(self, request: web.Request, _: object) -> Payload:
        threads = self.guild_payload(self._guild(request).id)["threads"]
        return {"threads": threads, "members": []}

    def get_member(self, request: web.Request, _: object) -> Payload:
        guild, user = self._guild(request), _user(request)
        if user not in guild.members:
            raise unknown(10007, "Member")
        return self.member(user, guild.id)

    def get_user(self, request: web.Request, _: object) -> Payload:
        found = self.users.get(_user(request))
        if found is None:
            raise unknown(10013, "User")
        return found

    async def leave_guild(self, request: web.Request, _: object) -> None:
        await self.bot_leaves(self._guild(request).id)

    async def bot_leaves(self, guild_id: int) -> None:
        """The bot is no longer in the guild: it was removed, or it left."""
        del self.guilds[guild_id].members[BOT_ID]
        await self.dispatch("GUILD_DELETE", {"id": str(guild_id)})

    async def bot_joins(self, guild_id: int) -> None:
        """The bot is added to the guild, also again after it had left."""
        self.add_member(BOT_ID, guild_id)
        await self.dispatch("GUILD_CREATE", self.guild_payload(guild_id))


def _user(request: web.Request) -> int:
    user = request.match_info["user"]
    return BOT_ID if user == "@me" else int(user)


def _check_minutes(minutes: object) -> None:
    if minutes not in ARCHIVE_MINUTES:
        text = "Value must be one of {60, 1440, 4320, 10080}."
        refuse([Problem("auto_archive_duration", text, "BASE_TYPE_CHOICES")])
