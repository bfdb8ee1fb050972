"""What people do on a Discord on 127.0.0.1: write, run commands, press, select, submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import fake_payloads as payloads
from fake_commands import ON_MESSAGE, SLASH
from fake_components import BUTTON, STRING_SELECT, leaves
from fake_interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from fake_options import Typed
from fake_payloads import APP_ID, BOT_ID, CHANNEL_ID, LOADING, OWNER_ID, Payload
from fake_rest import FakeRest

BY_COMMAND, BY_MENU = 20, 23


class FakePeople(FakeRest):
    """Sends the bot what Discord sends when somebody does something.

    What Discord's own client would not let a person do fails the test, unless it is `forged`.
    """

    # -- writing -----------------------------------------------------------------------

    async def say(
        self,
        content: str,
        *,
        author: int = OWNER_ID,
        channel: int = CHANNEL_ID,
        reply_to: int | None = None,
        ping: bool = True,
        attachments: Sequence[Payload] = (),
        **fields: Any,
    ) -> Payload:
        """Somebody writes in a channel. Returns the message, whether or not the bot sees it.

        A reply mentions whom it answers unless `ping` is off. `fields` replace fields of the
        message, such as `type` or `webhook_id`.
        """
        message = self.new_message(channel, author, content)
        message |= {"content": content, "attachments": list(attachments)}
        if reply_to is not None:
            replied = self.messages[reply_to]
            reference = {"message_id": str(reply_to), "channel_id": str(channel), "type": 0}
            message |= {
                "type": 19,
                "message_reference": reference,
                "referenced_message": {
                    k: v for k, v in replied.items() if k != "referenced_message"
                },
            }
            if ping:
                message["mentions"] = [*message["mentions"], replied["author"]]
        message |= fields
        self.messages[int(message["id"])] = message
        await self.announce("MESSAGE_CREATE", message)
        return message

    async def say_privately(self, content: str, *, author: int = OWNER_ID, **more: Any) -> Payload:
        """Somebody writes to the bot in a direct message."""
        channel = int(self.direct_channel(author)["id"])
        return await self.say(content, author=author, channel=channel, **more)

    async def edit(self, message_id: int, content: str) -> None:
        """The author changes what it wrote."""
        message = self.messages[message_id]
        message |= {"content": content, "edited_timestamp": self.clock.now().isoformat()}
        await self.announce("MESSAGE_UPDATE", message)

    def earlier(self, content: str = "", *, channel: int = CHANNEL_ID, **fields: Any) -> Payload:
        """A message of the bot from before this run, which it is not told of."""
        message = self.new_message(channel, BOT_ID, content) | {"content": content} | fields
        self.messages[int(message["id"])] = message
        return message

    # -- commands ----------------------------------------------------------------------

    async def invoke(
        self,
        name: str,
        /,
        *,
        user: int = OWNER_ID,
        channel: int = CHANNEL_ID,
        forged: bool = False,
        options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Interaction:
        """A user runs a slash command, such as "ask" or "articles add".

        The bot must have registered it, with these options; `options` is for those whose names
        are taken by this function. Users, roles and channels are given by id, attachments as
        `upload` returns them.
        """
        data = self._typed(name, user, channel, {**(options or {}), **more}, forged=forged)
        return await self._interact(COMMAND, data, user, channel, message_type=BY_COMMAND)

    async def complete(
        self,
        name: str,
        /,
        focused: str,
        value: str,
        *,
        user: int = OWNER_ID,
        channel: int = CHANNEL_ID,
        options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> list[Payload]:
        """The choices the bot offers a user who has typed `value` into the option `focused`."""
        values = {**(options or {}), **more, focused: value}
        data = self._typed(name, user, channel, values, focused=focused)
        asked = await self._interact(AUTOCOMPLETE, data, user, channel)
        await self.until(lambda: asked.choices is not None)
        return asked.choices or []

    async def use_on(
        self, message_id: int, name: str, *, user: int = OWNER_ID, forged: bool = False
    ) -> Interaction:
        """A user runs a command of a message's context menu; its text is sent along."""
        message = self.messages[message_id]
        channel = int(message["channel_id"])
        command = self._shown(name, user, channel, ON_MESSAGE, forged=forged)
        assert forged or message in self.seen_by(user, channel), "nobody else sees that message"
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": ON_MESSAGE,
            "target_id": str(message_id),
            "resolved": {"messages": {str(message_id): message}},
        }
        return await self._interact(COMMAND, data, user, channel, message_type=BY_MENU)

    def _shown(self, name: str, user: int, channel: int, kind: int, *, forged: bool) -> Payload:
        command = self.command(name, self.guild_of(channel), kind)
        assert forged or self.is_shown(command, user, channel), f"{name} is not shown to {user}"
        return command

    def _typed(
        self,
        name: str,
        user: int,
        channel: int,
        values: Mapping[str, Any],
        *,
        focused: str | None = None,
        forged: bool = False,
    ) -> Payload:
        first, *path = name.split()
        command = self._shown(first, user, channel, SLASH, forged=forged)
        typed = Typed(self, user, channel)
        options = typed.options(command, path, values, focused=focused)
        data = {"id": command["id"], "name": first, "type": SLASH, "options": options}
        data |= {"resolved": typed.resolved} if typed.resolved else {}
        return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})

    # -- components and modals ---------------------------------------------------------

    async def press(
        self, message_id: int, custom_id: str, *, user: int = OWNER_ID, **forged: Any
    ) -> Interaction:
        """A user presses a button on a message of the bot.

        `forged` fields replace those of the interaction, such as `guild_id` or `message`; then
        neither the button nor the message need exist.
        """
        if not forged:
            button = self._component(message_id, custom_id, user)
            assert button["type"] == BUTTON and not button.get("disabled"), button
        data = {"custom_id": custom_id, "component_type": BUTTON}
        return await self._use_component(message_id, data, user, forged)

    async def select(
        self, message_id: int, custom_id: str, *values: Any, user: int = OWNER_ID, **forged: Any
    ) -> Interaction:
        """A user selects values (of a string select), or users, roles or channels by id."""
        select = self._component(message_id, custom_id, user) if not forged else {}
        kind = select.get("type", STRING_SELECT)
        data = {
            "custom_id": custom_id,
            "component_type": kind,
            "values": [str(value) for value in values],
        }
        if not forged:
            assert select.get("min_values", 1) <= len(values) <= select.get("max_values", 1)
        if kind == STRING_SELECT:
            offered = [option["value"] for option in select.get("options", ())]
            assert forged or set(values) <= set(offered), f"{values} are not all of {offered}"
        else:
            channel = int(self.messages[message_id]["channel_id"])
            data["resolved"] = Typed(self, user, channel).named(kind, values)
        return await self._use_component(message_id, data, user, forged)

    async def submit(
        self, opened: Interaction, *, user: int | None = None, **values: str
    ) -> Interaction:
        """A user fills in the modal that the bot opened, its inputs by custom id, and sends it."""
        modal = await self.until(lambda: opened.modal)
        inputs = {one["custom_id"]: one for one in leaves(modal["components"])}
        assert not values.keys() - inputs.keys(), f"the modal has {sorted(inputs)} only"
        for name, one in inputs.items():
            value = values.get(name, one.get("value") or "")
            least = one.get("min_length") or (1 if one.get("required", True) else 0)
            assert least <= len(value) <= (one.get("max_length") or 4000), (name, one)
        parts = [_submitted(part, values) for part in modal["components"]]
        data = {"custom_id": modal["custom_id"], "components": parts}
        source = self.messages.get(opened.message_id or -1)
        extra = {"message": source} if source else {}
        who = opened.user_id if user is None else user
        return await self._interact(MODAL_SUBMIT, data, who, opened.channel_id, **extra)

    def _component(self, message_id: int, custom_id: str, user: int) -> Payload:
        message = self.messages[message_id]
        there = {c.get("custom_id"): c for c in leaves(message["components"])}
        assert custom_id in there, f"nothing of the kind on the message: {sorted(map(str, there))}"
        assert self.only_for.get(message_id, user) == user, "nobody else sees that message"
        assert not message["flags"] & LOADING
        return there[custom_id]

    async def _use_component(
        self, message_id: int, data: Payload, user: int, forged: dict[str, Any]
    ) -> Interaction:
        message = forged.get("message") or self.messages[message_id]
        channel = forged.pop("channel", None) or int(message["channel_id"])
        extra = {"message": message} | forged
        return await self._interact(COMPONENT, data, user, channel, **extra)

    # -- the event ---------------------------------------------------------------------

    async def _interact(
        self,
        kind: int,
        data: Payload,
        user: int,
        channel: int,
        *,
        message_type: int = 0,
        **extra: Any,
    ) -> Interaction:
        """Send an interaction; `extra` adds fields to the event or replaces its own."""
        pending = Interaction(
            id=self.new_id(),
            token=f"itoken{self.new_id()}",
            channel_id=channel,
            sent_at=self.clock.seconds(),
            kind=kind,
            user_id=user,
            message_id=int(extra["message"]["id"]) if extra.get("message") else None,
            message_type=message_type,
        )
        self.interactions[pending.token] = pending
        fields = self.channels[channel]
        event = {
            "id": str(pending.id),
            "application_id": str(APP_ID),
            "type": kind,
            "token": pending.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel),
            "channel": fields,
            "locale": "en-US",
            "app_permissions": str(self.permissions(BOT_ID, channel)),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
        }
        await self.dispatch("INTERACTION_CREATE", event | self._asker(user, channel) | extra)
        return pending

    def _asker(self, user: int, channel: int) -> Payload:
        """Who asks, and where: a member of a guild, or a user in a direct channel."""
        guild_id = self.guild_of(channel)
        if guild_id is None:
            owners = {"0": "0"}
            return {
                "user": self.users[user],
                "context": 1,
                "authorizing_integration_owners": owners,
            }
        granted = str(self.permissions(user, channel))
        member = self.guilds[guild_id].members.get(user, payloads.member())
        return {
            "guild_id": str(guild_id),
            "guild": {"id": str(guild_id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member | {"user": self.users[user], "permissions": granted},
            "context": 0,
            "authorizing_integration_owners": {"0": str(guild_id)},
        }


def _submitted(part: Payload, values: Mapping[str, str]) -> Payload:
    """A row or a label of a modal with what was typed in."""

    def filled(one: Payload) -> Payload:
        typed = values.get(one["custom_id"], one.get("value") or "")
        known = {"type": one["type"], "custom_id": one["custom_id"], "id": 1}
        if one["type"] == STRING_SELECT:
            return known | {"values": [typed] if typed else []}
        return known | {"value": typed}

    if "component" in part:
        return {"type": part["type"], "id": 1, "component": filled(part["component"])}
    if "components" in part:
        inside = [filled(one) for one in part["components"]]
        return {"type": part["type"], "id": 1, "components": inside}
    return {"type": part["type"], "id": 1}
