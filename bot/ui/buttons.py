"""Buttons below an answer: what they are called, and the ids by which they outlive a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import discord

from bot.languages import N_, _
from bot.ui.limits import CUSTOM_ID


class Action(StrEnum):
    PASSAGES = "passages"
    WHY = "why"
    CITE = "cite"
    UP = "up"
    DOWN = "down"
    WATCH = "watch"
    THREAD = "thread"
    POST = "post"
    """Post a citation in the channel."""


_PREFIX = "dateline"
_MOST_DIGITS = 19  # of SQLite's largest id
_MOST_EXTRA = CUSTOM_ID - len(_PREFIX) - max(map(len, Action)) - _MOST_DIGITS - 3


@dataclass(frozen=True)
class ButtonId:
    """What a button does, to which answer given. The server is the interaction's, never the id's.

    Raises ValueError for an id that is not 1 to 2^63 - 1, and an extra that is no short word.
    """

    action: Action
    answer_id: int
    extra: str = ""
    """What else the action needs, such as a page: ASCII letters, digits, "_" and "-"."""

    def __post_init__(self) -> None:
        if not 0 < self.answer_id < 2**63:
            raise ValueError(f"{self.answer_id} is the id of no answer")
        if not re.fullmatch(rf"[\w-]{{0,{_MOST_EXTRA}}}", self.extra, re.ASCII):
            raise ValueError(f"{self.extra[:100]!r} cannot be part of a button's id")

    def build(self) -> str:
        """The custom_id, of at most 100 characters."""
        parts = [_PREFIX, self.action.value, str(self.answer_id)]
        return ":".join([*parts, self.extra] if self.extra else parts)

    @classmethod
    def parse(cls, custom_id: str) -> ButtonId | None:
        """The id that `build` made; None for any other text."""
        prefix, _, rest = custom_id.partition(":")
        action = rest.partition(":")[0]
        if prefix != _PREFIX or action not in list(Action):
            return None
        found = template(Action(action)).fullmatch(custom_id)
        if not found or int(found["answer"]) >= 2**63:
            return None
        return cls(Action(action), int(found["answer"]), found["extra"] or "")


def template(action: Action) -> re.Pattern[str]:
    """What the ids of `action` look like, with the groups `answer` and `extra`.

    For `discord.ui.DynamicItem`, which compares with `fullmatch`.
    """
    return re.compile(
        rf"{_PREFIX}:{action.value}:(?P<answer>[1-9][0-9]{{0,{_MOST_DIGITS - 1}}})"
        rf"(?::(?P<extra>[A-Za-z0-9_-]{{1,{_MOST_EXTRA}}}))?"
    )


@dataclass(frozen=True)
class _Look:
    label: str | None
    emoji: str | None = None


_LOOKS = {
    Action.PASSAGES: _Look(N_("Passages")),
    Action.WHY: _Look(N_("Why")),
    Action.CITE: _Look(N_("Cite")),
    Action.UP: _Look(None, "\N{THUMBS UP SIGN}"),
    Action.DOWN: _Look(None, "\N{THUMBS DOWN SIGN}"),
    Action.WATCH: _Look(N_("Watch this question")),
    Action.THREAD: _Look(N_("Continue in a thread")),
    Action.POST: _Look(N_("Post in the channel")),
}


def button(
    id: ButtonId, *, row: int | None = None, primary: bool = False
) -> discord.ui.Button[discord.ui.View]:
    """The button with that id, as it looks everywhere; `primary` where it is what to do next."""
    look = _LOOKS[id.action]
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return discord.ui.Button(
        label=look.label and _(look.label),
        emoji=look.emoji,
        style=style,
        custom_id=id.build(),
        row=row,
    )


def answer_rows(
    *, answered: bool, has_passages: bool, may_thread: bool
) -> tuple[tuple[Action, ...], ...]:
    """The rows of buttons below an answer or an abstention, each of at most five."""
    about = (Action.PASSAGES, Action.WHY) if has_passages else (Action.WHY,)
    votes = (Action.UP, Action.DOWN)
    first = (*about, Action.CITE, *votes) if answered else (*about, *votes)
    second = (Action.WATCH, *((Action.THREAD,) if may_thread else ()))
    return first, second
