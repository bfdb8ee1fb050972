"""Messages of a Discord on 127.0.0.1: who may write and read them, and what the bot sees."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import NamedTuple

import discord
import fake_payloads as payloads
from aiohttp import web
from fake_errors import ApiError, Problem, missing_access, missing_permissions, refuse, unknown
from fake_gateway import FakeGateway
from fake_limits import check_content, check_not_empty, pings
from fake_payloads import BOT_ID, DM, LOADING, SUPPRESS_EMBEDS, Payload
from fake_world import is_thread

MESSAGE_CONTENT = discord.Intents(message_content=True).value
GUILD_MESSAGES = discord.Intents(guild_messages=True).value
DIRECT_MESSAGES = discord.Intents(dm_messages=True).value
CONTENT_FIELDS = {"content": "", "embeds": [], "attachments": [], "components": []}
REPLY, REPLYABLE = 19, (0, 19, 20, 23)
FILES = "/attachments"


class Upload(NamedTuple):
    """A file that came with a request."""

    name: str
    data: bytes
    kind: str


UPLOADED: ContextVar[Sequence[Upload]] = ContextVar("uploaded", default=())
"""The files of the request that is being carried out."""


class FakeMessages(FakeGateway):
    """Keeps messages and files."""

    def __init__(self) -> None:
        super().__init__()
        self.http = ""
        self.files: dict[int, Upload] = {}
        self.sent: list[Payload] = []
        """Every message body the bot sent or edited, refused ones included."""
        self.pinged: list[str] = []
        self.read_only: set[int] = set()
        """Channels in which the bot may not write."""
        self.closed_to_bot: set[int] = set()
        """Users to whom the bot cannot send direct messages."""
        self.shows_replied_to = False
        """Whether a message that mentions the bot also shows the text of what it replies to.

        Discord does not promise it without the message content intent; the message itself is
        hidden like any other if it is not.
        """
        self._nonces: dict[tuple[int, str], int] = {}

    # -- what exists -------------------------------------------------------------------

    def new_message(self, channel: int, author: int, content: str) -> Payload:
        """A message that says nothing yet, with the users that `content` mentions."""
        mentioned = [
            user
            for id, user in self.users.items()
            if f"<@{id}>" in content or f"<@!{id}>" in content
        ]
        message = payloads.message(self.new_id(), channel, self.users[author], mentioned)
        message["timestamp"] = self.clock.now().isoformat()
        self.messages[int(message["id"])] = message
        return message

    def upload(self, name: str, data: bytes, kind: str = "text/plain") -> Payload:
        """An attachment, with an address on this server from which it can be fetched."""
        id = self.new_id()
        self.files[id] = Upload(name, data, kind)
        url = f"{self.http.removesuffix('/api/v10')}{FILES}/{id}/{name}"
        return payloads.attachment(id, name, len(data), kind, url)

    def seen_by(self, user: int, channel: int) -> list[Payload]:
        """The channel's messages that `user` sees: ephemeral ones only of their own."""
        return [
            message
            for id, message in self.messages.items()
            if message["channel_id"] == str(channel) and self.only_for.get(id, user) == user
        ]

    def as_bot_sees(self, message: Payload, *, depth: int = 0) -> Payload:
        """A message without what is hidden from a bot that has no message content intent."""
        mentioned = any(user["id"] == str(BOT_ID) for user in message["mentions"])
        open_to_bot = (
            mentioned
            or message["author"]["id"] == str(BOT_ID)
            or self.intents & MESSAGE_CONTENT
            or self.channels.get(int(message["channel_id"]), {}).get("type") == DM
        )
        seen = message if open_to_bot else message | CONTENT_FIELDS
        replied = seen.get("referenced_message")
        if depth or not replied:
            return {key: value for key, value in seen.items() if key != "referenced_message"}
        shown = replied if self.shows_replied_to and mentioned else None
        return seen | {"referenced_message": shown or self.as_bot_sees(replied, depth=1)}

    async def announce(self, event: str, message: Payload) -> None:
        """Tell the bot of a message, as far as its intents and permissions go."""
        channel, id = int(message["channel_id"]), int(message["id"])
        guild_id = self.guild_of(channel)
        wanted = DIRECT_MESSAGES if guild_id is None else GUILD_MESSAGES
        if not self.intents & wanted or id in self.only_for:
            return
        if guild_id is None:
            await self.dispatch(event, self.as_bot_sees(message))
        elif self.may(BOT_ID, channel, "view_channel"):
            author = int(message["author"]["id"])
            member = self.guilds[guild_id].members.get(author, payloads.member())
            extra = {"guild_id": str(guild_id), "member": member}
            await self.dispatch(event, self.as_bot_sees(message) | extra)

    # -- what the bot asks for ---------------------------------------------------------

    def channel_for_bot(self, request: web.Request, *permissions: str) -> int:
        """The id of the request's channel; an error if the bot may not do that there."""
        channel = int(request.match_info["channel"])
        if channel not in self.channels:
            raise unknown(10003, "Channel")
        if not self.may(BOT_ID, channel, "view_channel"):
            raise missing_access()
        if not self.may(BOT_ID, channel, *permissions):
            raise missing_permissions()
        return channel

    def writable(self, request: web.Request, body: Payload | None = None) -> int:
        """The id of the request's channel, if the bot may send `body` there."""
        channel = self.channel_for_bot(request)
        fields = self.channels[channel]
        needed = ["send_messages_in_threads" if is_thread(fields) else "send_messages"]
        body = body or {}
        needed += ["embed_links"] if body.get("embeds") else []
        needed += ["attach_files"] if UPLOADED.get() else []
        if channel in self.read_only or not self.may(BOT_ID, channel, *needed):
            raise missing_permissions()
        if fields["type"] == DM and int(fields["recipients"][0]["id"]) in self.closed_to_bot:
            raise ApiError(403, 50007, "Cannot send messages to this user")
        state = fields.get("thread_metadata", {})
        if state.get("locked") and not self.may(BOT_ID, channel, "manage_threads"):
            raise ApiError(400, 50083, "Thread is archived")
        return channel

    async def post_message(self, request: web.Request, body: Payload) -> Payload:
        channel = self.writable(request, body)
        nonce = body.get("nonce")
        if nonce and body.get("enforce_nonce") and (channel, nonce) in self._nonces:
            return self.messages[self._nonces[channel, nonce]]
        message = self.new_message(channel, BOT_ID, body.get("content") or "")
        if body.get("message_reference"):  # absent, never null
            self._refer(message, body["message_reference"])
        self.fill(message, body, UPLOADED.get())
        if nonce:
            self._nonces[channel, nonce] = int(message["id"])
            message = message | {"nonce": nonce}
        thread = self.channels[channel].get("thread_metadata")
        if thread and thread["archived"]:
            thread["archived"] = False  # whoever writes in a thread opens it again
            await self.dispatch("THREAD_UPDATE", self.channels[channel])
        await self.announce("MESSAGE_CREATE", message)
        return message

    def _refer(self, message: Payload, reference: Payload) -> None:
        channel = int(message["channel_id"])
        if not self.may(BOT_ID, channel, "read_message_history"):
            self.messages.pop(int(message["id"]))
            text = "Cannot reply without permission to read message history"
            raise ApiError(403, 160002, text)
        replied = self.messages.get(int(reference["message_id"]))
        there = replied and replied["channel_id"] == str(channel)
        if replied and there and int(replied["id"]) not in self.only_for:
            if replied["type"] not in REPLYABLE:
                self.messages.pop(int(message["id"]))
                code = "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"
                refuse([Problem("message_reference", "Cannot reply to a system message", code)])
            quoted = {k: v for k, v in replied.items() if k != "referenced_message"}
            message |= {"type": REPLY, "message_reference": reference, "referenced_message": quoted}
        elif reference.get("fail_if_not_exists", True):
            self.messages.pop(int(message["id"]))
            code = "MESSAGE_REFERENCE_UNKNOWN_MESSAGE"
            refuse([Problem("message_reference", "Unknown message", code)])

    def message_for_bot(self, request: web.Request, *permissions: str) -> Payload:
        """The request's message; ephemeral ones are not to be had by their channel."""
        channel = self.channel_for_bot(request, *permissions)
        id = int(request.match_info["message"])
        message = self.messages.get(id)
        if message is None or message["channel_id"] != str(channel) or id in self.only_for:
            raise unknown(10008, "Message")
        return message

    def get_message(self, request: web.Request, _: object) -> Payload:
        return self.as_bot_sees(self.message_for_bot(request, "read_message_history"))

    def get_messages(self, request: web.Request, _: object) -> list[Payload]:
        channel = self.channel_for_bot(request)
        if not self.may(BOT_ID, channel, "read_message_history"):
            return []
        query = request.query
        before, after = int(query.get("before", 1 << 63)), int(query.get("after", 0))
        found = [m for m in self.seen_by(BOT_ID, channel) if after < int(m["id"]) < before]
        limit = int(query.get("limit", 50))
        kept = found[:limit] if "after" in query else found[-limit:]
        return [self.as_bot_sees(message) for message in reversed(kept)]

    async def edit_message(self, request: web.Request, body: Payload) -> Payload:
        message = self.message_for_bot(request)
        if message["author"]["id"] != str(BOT_ID):
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        state = self.channels[int(message["channel_id"])].get("thread_metadata", {})
        if state.get("archived"):
            raise ApiError(400, 50083, "Thread is archived")
        if body.get("embeds") and not self.may(BOT_ID, int(message["channel_id"]), "embed_links"):
            raise missing_permissions()
        self.fill(message, body, UPLOADED.get())
        await self.announce("MESSAGE_UPDATE", message)
        return message

    async def delete_message(self, request: web.Request, _: object) -> None:
        message = self.message_for_bot(request)
        channel = int(message["channel_id"])
        mine = message["author"]["id"] == str(BOT_ID)
        if not mine and not self.may(BOT_ID, channel, "manage_messages"):
            raise missing_permissions()
        await self.remove_message(int(message["id"]))

    async def remove_message(self, id: int) -> None:
        """A message goes, by whomever; the bot is told if it gets such events."""
        message = self.messages.pop(id)
        channel = int(message["channel_id"])
        guild_id = self.guild_of(channel)
        if self.intents & (DIRECT_MESSAGES if guild_id is None else GUILD_MESSAGES):
            where = {"guild_id": str(guild_id)} if guild_id else {}
            event = {"id": str(id), "channel_id": str(channel)} | where
            await self.dispatch("MESSAGE_DELETE", event)

    def fill(self, message: Payload, body: Payload, files: Sequence[Upload] = ()) -> Payload:
        """Put what the bot said into `message`, unless Discord would refuse it."""
        self.sent.append(body)
        new = self._said_so_far(message) is None
        try:
            check_content(body)
            shown = message | {k: body[k] for k in CONTENT_FIELDS if body.get(k) is not None}
            check_not_empty(shown | ({"attachments": files} if files else {}))
        except ApiError:
            if new and not message["flags"] & LOADING:
                self.messages.pop(int(message["id"]), None)
            raise
        self.pinged += pings(body)
        for key in ("content", "embeds", "components"):
            if key in body:
                message[key] = body[key] or ("" if key == "content" else [])
        self._attach(message, body, files)
        message["flags"] = message["flags"] & ~LOADING | body.get("flags", 0) & SUPPRESS_EMBEDS
        if not new:
            message["edited_timestamp"] = self.clock.now().isoformat()
        return message

    def _attach(self, message: Payload, body: Payload, files: Sequence[Upload]) -> None:
        if "attachments" not in body and not files:
            return
        listed = {str(one["id"]) for one in body.get("attachments") or ()}
        kept = [one for one in message["attachments"] if one["id"] in listed]
        message["attachments"] = kept + [self.upload(*file) for file in files]

    @staticmethod
    def _said_so_far(message: Payload) -> Payload | None:
        says = any(message[key] for key in CONTENT_FIELDS)
        return message if says else None

    async def get_file(self, request: web.Request) -> web.Response:
        file = self.files.get(int(request.match_info["file"]))
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.kind)
