"""Many interactions at once, each of which must be answered exactly once."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fake_discord import FakeDiscord
from fake_interactions import Interaction
from fake_payloads import CHANNEL_ID, LOADING, OWNER_ID, Payload

AT_ONCE = 100
"""Events sent before the loop is given to others."""


@dataclass(frozen=True)
class Ask:
    """One slash command to run."""

    command: str
    options: dict[str, Any]
    user: int = OWNER_ID
    channel: int = CHANNEL_ID


@dataclass(frozen=True)
class LoadReport:
    """What became of the interactions; the seconds are by the server's clock."""

    acknowledged_after_s: tuple[float, ...]
    unanswered: tuple[Interaction, ...]
    answered_twice: tuple[Interaction, ...]

    def percentile_s(self, part: float) -> float:
        """Seconds within which `part` (0 to 1) were acknowledged; nearest rank."""
        times = sorted(self.acknowledged_after_s)
        return times[max(0, math.ceil(part * len(times)) - 1)]


def says_anything(message: Payload) -> bool:
    loading = message["flags"] & LOADING
    return not loading and bool(message["content"] or message["embeds"])


async def fire(fake: FakeDiscord, asks: Iterable[Ask]) -> list[Interaction]:
    """Send all at once, without waiting for what the bot does."""
    fired = []
    for n, ask in enumerate(asks, 1):
        fired.append(
            await fake.invoke(ask.command, user=ask.user, channel=ask.channel, options=ask.options)
        )
        if n % AT_ONCE == 0:
            await asyncio.sleep(0)
    return fired


async def all_answered(
    fake: FakeDiscord,
    fired: Sequence[Interaction],
    *,
    is_answer: Callable[[Payload], bool] = says_anything,
    within_s: float = 120.0,
) -> None:
    """Wait until each has an answer; on a timeout, say how many are without."""
    left = list(reversed(fired))

    def done() -> bool:
        while left and answers(fake, left[-1], is_answer):
            left.pop()
        return not left

    try:
        await fake.until(done, within_s=within_s)
    except TimeoutError:
        open_ones = [one for one in left if not answers(fake, one, is_answer)]
        raise AssertionError(f"{len(open_ones)} of {len(fired)} were not answered") from None


def report(
    fake: FakeDiscord,
    fired: Sequence[Interaction],
    *,
    is_answer: Callable[[Payload], bool] = says_anything,
) -> LoadReport:
    """How it went: to be asked once the bot has ended, when nothing more can come twice."""
    counts = [(one, answers(fake, one, is_answer)) for one in fired]
    times = [one.acknowledged_after_s for one in fired]
    return LoadReport(
        acknowledged_after_s=tuple(time for time in times if time is not None),
        unanswered=tuple(one for one, count in counts if count == 0),
        answered_twice=tuple(one for one, count in counts if count > 1),
    )


def answers(
    fake: FakeDiscord, asked: Interaction, is_answer: Callable[[Payload], bool] = says_anything
) -> int:
    """How many messages of an interaction are answers."""
    messages = [fake.messages[id] for id in asked.own_messages if id in fake.messages]
    return sum(is_answer(message) for message in messages)
