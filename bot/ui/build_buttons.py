"""The buttons below a build's preview, and the ids by which they outlive a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Self, cast

import discord

from bot.languages import _

Decision = Literal["publish", "discard"]

TEMPLATE = r"dateline-build:(?P<decision>publish|discard):(?P<build>[1-9][0-9]{0,18})"
"""For `discord.ui.DynamicItem`, which compares with `fullmatch`."""


@dataclass(frozen=True)
class BuildButtonId:
    """What is decided about which build. The server is the interaction's, never the id's."""

    decision: Decision
    build: int

    def text(self) -> str:
        """The custom_id."""
        return f"dateline-build:{self.decision}:{self.build}"

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """The id that `text` made; None for any other text."""
        found = re.fullmatch(TEMPLATE, custom_id)
        return cls(cast(Decision, found["decision"]), int(found["build"])) if found else None


def build_button(id: BuildButtonId) -> discord.ui.Button[Any]:
    publish = id.decision == "publish"
    return discord.ui.Button(
        label=_("Publish") if publish else _("Discard"),
        style=discord.ButtonStyle.success if publish else discord.ButtonStyle.secondary,
        custom_id=id.text(),
    )


def decision_view(build: int) -> discord.ui.View:
    """Both buttons; what handles them is registered with the client, not with this view."""
    view = discord.ui.View(timeout=None)
    for decision in ("publish", "discard"):
        view.add_item(build_button(BuildButtonId(decision, build)))
    view.stop()
    return view
