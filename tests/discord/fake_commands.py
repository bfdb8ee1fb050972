"""Commands a bot registers: what Discord refuses in them, and who is shown them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fake_errors import Problem, refuse
from fake_limits import choice_problems
from fake_payloads import DM, GUILD_ID, Payload
from fake_permissions import bits
from fake_texts import required, too_long, too_many
from fake_world import FakeWorld

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
IN_GUILD, IN_BOT_DM = 0, 1
SUBCOMMAND, GROUP = 1, 2
NAME = re.compile(r"[-_'\w]{1,32}")


def check_commands(commands: list[Payload]) -> None:
    """Raise error 50035 for a list of commands that Discord would not register."""
    refuse(_problems(commands))


def _problems(commands: list[Payload]) -> Iterator[Problem]:
    for kind, most in ((SLASH, 100), (ON_USER, 15), (ON_MESSAGE, 15)):
        same = [c for c in commands if c.get("type", SLASH) == kind]
        yield from too_many("", same, most)
        names = [c.get("name") for c in same]
        for name in {name for name in names if names.count(name) > 1}:
            code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
            yield Problem("name", f"Application command names must be unique: {name}", code)
    for n, command in enumerate(commands):
        if command.get("type", SLASH) == SLASH:
            yield from _named(str(n), command)
            yield from _option_problems(f"{n}.options", command.get("options") or [])
        else:
            yield from required(f"{n}.name", command.get("name"), 32)
            if command.get("description"):
                code = "APPLICATION_COMMAND_INVALID_DESCRIPTION"
                yield Problem(f"{n}.description", "Must be empty in a context menu", code)


def _named(where: str, thing: Payload) -> Iterator[Problem]:
    name = thing.get("name") or ""
    if not NAME.fullmatch(name) or name != name.lower():
        code = "APPLICATION_COMMAND_INVALID_NAME"
        yield Problem(f"{where}.name", "Command name is invalid", code)
    yield from required(f"{where}.description", thing.get("description"), 100)
    for text in (thing.get("description_localizations") or {}).values():
        yield from too_long(f"{where}.description_localizations", text, 100)


def _option_problems(where: str, options: list[Payload]) -> Iterator[Problem]:
    yield from too_many(where, options, 25)
    optional = False
    for n, option in enumerate(options):
        at = f"{where}.{n}"
        yield from _named(at, option)
        if option["type"] in (SUBCOMMAND, GROUP):
            yield from _option_problems(f"{at}.options", option.get("options") or [])
            continue
        if option.get("required") and optional:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            yield Problem(at, "Required options must be placed before non-required options", code)
        optional = optional or not option.get("required")
        yield from choice_problems(f"{at}.choices", option.get("choices") or [])
        if option.get("choices") and option.get("autocomplete"):
            yield Problem(f"{at}.autocomplete", "Not together with choices")


class FakeCommands(FakeWorld):
    """Registered commands, and the permissions that servers gave them."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[Payload] = []
        """The global ones."""
        self.guild_commands: dict[int, list[Payload]] = {}
        self.syncs: list[tuple[int | None, list[Payload]]] = []
        """Each registration: the guild (None: global) and what was registered."""
        self.command_permissions: dict[int, dict[int, dict[int, bool]]] = {}
        """By guild and command: roles and users for which a server switched it on or off."""

    def command(self, name: str, guild_id: int | None, kind: int = SLASH) -> Payload:
        """The command a client would show under this name."""
        there = [*self.guild_commands.get(guild_id or 0, ()), *self.commands]
        found = next((c for c in there if (c["name"], c["type"]) == (name, kind)), None)
        assert found, f"{name} was never synced; known: {[c['name'] for c in there]}"
        return found

    def is_shown(self, command: Payload, user: int, channel_id: int) -> bool:
        """Whether Discord lets `user` run the command in the channel."""
        if self.channels[channel_id]["type"] == DM:
            contexts = command.get("contexts")
            if contexts is None:
                return bool(command.get("dm_permission", True))
            return IN_BOT_DM in contexts
        if IN_GUILD not in (command.get("contexts") or [IN_GUILD]):
            return False
        guild_id = self.guild_of(channel_id) or GUILD_ID
        granted = self.permissions(user, channel_id)
        if granted & bits("administrator"):
            return True
        if not granted & bits("use_application_commands"):
            return False
        changed = self.command_permissions.get(guild_id, {}).get(int(command["id"]), {})
        if user in changed:
            return changed[user]
        roles = [int(role) for role in self.guilds[guild_id].members[user]["roles"]]
        by_role = [changed[role] for role in [*roles, guild_id] if role in changed]
        if by_role:
            return any(by_role)
        needed = command.get("default_member_permissions")
        if needed is None:
            return True
        return int(needed) != 0 and granted & int(needed) == int(needed)
