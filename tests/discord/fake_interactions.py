"""Interactions on a Discord on 127.0.0.1: callbacks, followups, and how long their tokens last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from aiohttp import web
from fake_commands import FakeCommands, check_commands
from fake_components import modal_problems
from fake_errors import ApiError, Problem, refuse, unknown
from fake_limits import check_choices
from fake_messages import UPLOADED, FakeMessages, Upload
from fake_payloads import APP_ID, BOT_ID, EPHEMERAL, LOADING, Payload

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED_CALLBACKS = {
    COMMAND: (MESSAGE, DEFERRED, MODAL),
    COMPONENT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}
TOKEN_LASTS_S = 15 * 60


@dataclass
class Interaction:
    """What the server knows of one interaction token."""

    id: int
    token: str
    channel_id: int
    sent_at: float
    kind: int = COMMAND
    user_id: int = 0
    message_id: int | None = None
    """The message a button, a select or a modal of one sits on."""
    message_type: int = 0
    acknowledged_at: float | None = None
    callback_type: int | None = None
    original_id: int | None = None
    ephemeral: bool = False
    choices: list[Payload] | None = None
    modal: Payload | None = None
    said: list[int] = field(default_factory=list)
    """Messages the bot wrote or edited with this token, in order, one entry each time."""

    @property
    def acknowledged_after_s(self) -> float | None:
        """Seconds between the interaction and its acknowledgement, by the server's clock."""
        return None if self.acknowledged_at is None else self.acknowledged_at - self.sent_at

    @property
    def own_messages(self) -> set[int]:
        """The messages that this interaction brought into being and that said something."""
        return set(self.said) - {self.message_id}


class FakeInteractions(FakeMessages, FakeCommands):
    """Keeps commands and interactions."""

    def __init__(self) -> None:
        super().__init__()
        self.interactions: dict[str, Interaction] = {}
        self.ack_window_s = 3.0

    async def put_commands(self, request: web.Request, body: list[Payload]) -> list[Payload]:
        check_commands(body)
        guild = request.match_info.get("guild")
        least = {"type": 1, "description": ""}
        given = {"application_id": str(APP_ID), "version": "1"}
        given |= {"guild_id": guild} if guild else {}
        kept = [least | c | given | {"id": str(self.new_id())} for c in body]
        self.syncs.append((int(guild) if guild else None, body))
        if guild:
            self.guild_commands[int(guild)] = kept
        else:
            self.commands = kept
        return kept

    def get_commands(self, request: web.Request, _: object) -> list[Payload]:
        guild = request.match_info.get("guild")
        return self.guild_commands.get(int(guild), []) if guild else self.commands

    async def callback(self, request: web.Request, body: Payload) -> Payload | None:
        pending = self.interactions.get(request.match_info["token"])
        if pending is None or request.match_info["id"] != str(pending.id):
            raise unknown(10062, "interaction")
        if pending.callback_type is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if self.clock.seconds() - pending.sent_at > self.ack_window_s:
            raise unknown(10062, "interaction")
        kind, data = body["type"], body.get("data") or {}
        allowed = ALLOWED_CALLBACKS[pending.kind]
        if kind not in allowed or (kind in (DEFERRED_UPDATE, UPDATE) and not pending.message_id):
            refuse([Problem("type", f"Value must be one of {set(allowed)}.", "BASE_TYPE_CHOICES")])
        message = self._carry_out(pending, kind, data, UPLOADED.get())
        pending.callback_type = kind
        pending.acknowledged_at = self.clock.seconds()
        if message and kind in (MESSAGE, UPDATE):
            event = "MESSAGE_CREATE" if kind == MESSAGE else "MESSAGE_UPDATE"
            await self.announce(event, message)
        if request.query.get("with_response") not in ("1", "true"):
            return None
        interaction = {
            "id": str(pending.id),
            "type": pending.kind,
            "response_message_id": str(pending.original_id or 0),
            "response_message_loading": kind == DEFERRED,
            "response_message_ephemeral": pending.ephemeral,
        }
        resource = {"type": kind} | ({"message": message} if message else {})
        return {"interaction": interaction, "resource": resource}

    def _carry_out(
        self, pending: Interaction, kind: int, data: Payload, files: Sequence[Upload]
    ) -> Payload | None:
        """What a callback does; returns the message that it is about, if there is one."""
        if kind == CHOICES:
            check_choices(data.get("choices") or [])
            pending.choices = data.get("choices") or []
            return None
        if kind == MODAL:
            refuse(modal_problems(data))
            pending.modal = data
            return None
        if kind in (DEFERRED_UPDATE, UPDATE):
            source = self.messages.get(pending.message_id or -1)
            if source is None:
                raise unknown(10008, "Message")
            if kind == UPDATE:
                self.fill(source, data, files)
                pending.said.append(int(source["id"]))
            pending.original_id = int(source["id"])
            return source
        ephemeral = bool(data.get("flags", 0) & EPHEMERAL)
        message = self._reply(pending, data, ephemeral=ephemeral)
        if kind == DEFERRED:
            message["flags"] |= LOADING
        else:
            self._fill_for(pending, message, data, files)
        pending.original_id, pending.ephemeral = int(message["id"]), ephemeral
        return message

    def _reply(self, pending: Interaction, body: Payload, *, ephemeral: bool) -> Payload:
        """A message by the interaction's webhook that says nothing yet."""
        message = self.new_message(pending.channel_id, BOT_ID, body.get("content") or "")
        message |= {"webhook_id": str(APP_ID), "application_id": str(APP_ID)}
        message["type"] = pending.message_type if pending.original_id is None else 0
        if ephemeral:
            message["flags"] |= EPHEMERAL
            self.only_for[int(message["id"])] = pending.user_id
        self.messages[int(message["id"])] = message
        return message

    def _fill_for(
        self, pending: Interaction, message: Payload, body: Payload, files: Sequence[Upload]
    ) -> Payload:
        self.fill(message, body, files)
        pending.said.append(int(message["id"]))
        return message

    def _acknowledged(self, request: web.Request) -> Interaction:
        """The interaction of the request's token, which must be known, answered and valid."""
        pending = self.interactions.get(request.match_info["token"])
        if pending is None or pending.callback_type is None:
            raise unknown(10015, "Webhook")
        if self.clock.seconds() - pending.sent_at > TOKEN_LASTS_S:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        return pending

    async def followup(self, request: web.Request, body: Payload) -> Payload:
        pending, files = self._acknowledged(request), UPLOADED.get()
        original = self.messages.get(pending.original_id or -1)
        if original and original["flags"] & LOADING:
            message = self._fill_for(pending, original, body, files)
        else:
            ephemeral = bool(body.get("flags", 0) & EPHEMERAL)
            message = self._reply(pending, body, ephemeral=ephemeral)
            self._fill_for(pending, message, body, files)
        await self.announce("MESSAGE_CREATE", message)
        return message

    def _own(self, request: web.Request) -> tuple[Interaction, Payload]:
        """The interaction, and the message of it that the request names."""
        pending = self._acknowledged(request)
        name = request.match_info.get("message", "@original")
        id = pending.original_id if name == "@original" else int(name)
        message = self.messages.get(id or -1)
        mine = {pending.original_id, pending.message_id, *pending.said}
        if message is None or id not in mine:
            raise unknown(10008, "Message")
        return pending, message

    def get_own(self, request: web.Request, _: object) -> Payload:
        return self._own(request)[1]

    async def edit_own(self, request: web.Request, body: Payload) -> Payload:
        pending, message = self._own(request)
        event = "MESSAGE_CREATE" if message["flags"] & LOADING else "MESSAGE_UPDATE"
        self._fill_for(pending, message, body, UPLOADED.get())
        await self.announce(event, message)
        return message

    async def delete_own(self, request: web.Request, _: object) -> None:
        _pending, message = self._own(request)
        await self.remove_message(int(message["id"]))
