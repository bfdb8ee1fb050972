"""What a client sends for a slash command: the options as typed, and what they name, resolved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fake_commands import GROUP, SUBCOMMAND
from fake_payloads import Payload
from fake_world import FakeWorld

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)
CHANNEL_SELECT = 8
PYTHON_TYPES: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    NUMBER: (int, float),
}


class Typed:
    """Fills the options of one command for one channel's guild."""

    def __init__(self, world: FakeWorld, asker: int, channel_id: int) -> None:
        self._world, self._asker, self._channel_id = world, asker, channel_id
        self._guild_id = world.guild_of(channel_id)
        self.resolved: dict[str, dict[str, Payload]] = {}

    def options(
        self,
        command: Payload,
        path: list[str],
        values: Mapping[str, Any],
        *,
        focused: str | None = None,
    ) -> list[Payload]:
        """The `options` of the interaction for the subcommand at `path`.

        With `focused` the person is still typing that option, and required ones may be missing.
        """
        known = {option["name"]: option for option in command.get("options") or []}
        if path:
            first, *rest = path
            assert first in known, f"no {first} in {command['name']}: {sorted(known)}"
            inner = known[first]
            filled = self.options(inner, rest, values, focused=focused)
            return [{"name": first, "type": inner["type"], "options": filled}]
        commands = [n for n, option in known.items() if option["type"] in (SUBCOMMAND, GROUP)]
        assert not commands, f"{command['name']} needs one of its subcommands: {commands}"
        assert not values.keys() - known.keys(), f"{command['name']} has {sorted(known)} only"
        missing = [n for n, o in known.items() if o.get("required") and n not in values]
        assert not missing or focused, f"no client sends {command['name']} without {missing}"
        return [
            self._option(known[name], value, focused=name == focused)
            for name, value in values.items()
        ]

    def named(self, select: int, ids: Iterable[Any]) -> dict[str, dict[str, Payload]]:
        """What a select for users (5), roles (6), either (7) or channels (8) resolves."""
        for id in ids:
            self._resolve(CHANNEL if select == CHANNEL_SELECT else MENTIONABLE, id)
        return self.resolved

    def _option(self, option: Payload, value: Any, *, focused: bool) -> Payload:
        kind = option["type"]
        if kind in PYTHON_TYPES and not focused:
            right = isinstance(value, PYTHON_TYPES[kind])
            fits = right and isinstance(value, bool) == (kind == BOOLEAN)
            assert fits, f"{option['name']} is not a {PYTHON_TYPES[kind]}: {value!r}"
            allowed = [choice["value"] for choice in option.get("choices") or []]
            assert not allowed or value in allowed, f"{value!r} is none of {allowed}"
        elif kind not in PYTHON_TYPES:
            value = self._resolve(kind, value)
        return {"name": option["name"], "type": kind, "value": value} | (
            {"focused": True} if focused else {}
        )

    def _resolve(self, kind: int, value: Any) -> str:
        """Note the object that `value` (an id, or an attachment) names; returns its id."""
        id = int(value["id"] if isinstance(value, dict) else value)
        guild = self._world.guilds.get(self._guild_id or 0)
        if kind == ATTACHMENT:
            self._note("attachments", id, value)
        elif kind == CHANNEL:
            granted = self._world.permissions(self._asker, id)
            self._note("channels", id, self._world.channels[id] | {"permissions": str(granted)})
        elif guild and id in guild.roles:
            self._note("roles", id, guild.roles[id])
        else:
            self._note("users", id, self._world.users[id])
            if guild and id in guild.members:
                granted = self._world.permissions(id, self._channel_id)
                self._note("members", id, guild.members[id] | {"permissions": str(granted)})
        return str(id)

    def _note(self, kind: str, id: int, fields: Payload) -> None:
        self.resolved.setdefault(kind, {})[str(id)] = fields
