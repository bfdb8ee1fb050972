"""Bursts of tasks, and how many of them go on in one pass of the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.desk import Pacing

EACH = 4


class Passes:
    """Counts what goes on in each pass of the loop."""

    def __init__(self, pacing: Pacing) -> None:
        self.pacing = pacing
        self.now = 0
        self.order: list[tuple[str, int]] = []
        self.counts: Counter[int] = Counter()

    async def one(self, name: str, *, urgent: bool = False) -> None:
        await self.pacing.turn(urgent=urgent)
        self.order.append((name, self.now))
        self.counts[self.now] += 1

    async def watched(self, *tasks: asyncio.Task[None]) -> None:
        while not all(task.done() for task in tasks):
            self.now += 1
            await asyncio.sleep(0)


async def burst(passes: Passes, names: list[str], urgent: frozenset[str] = frozenset()) -> None:
    tasks = [asyncio.create_task(passes.one(name, urgent=name in urgent)) for name in names]
    await passes.watched(*tasks)


async def test_a_single_one_does_not_wait() -> None:
    passes = Passes(Pacing(EACH))
    await passes.one("alone")
    assert passes.order == [("alone", 0)]


async def test_a_burst_is_spread_in_the_order_it_came() -> None:
    passes = Passes(Pacing(EACH))
    names = [str(n) for n in range(50)]
    await burst(passes, names)
    assert [name for name, _ in passes.order] == names
    assert max(passes.counts.values()) <= EACH
    assert len(passes.counts) >= len(names) // EACH


async def test_the_urgent_go_first_and_the_others_all_the_same() -> None:
    passes = Passes(Pacing(EACH))
    others = [f"other {n}" for n in range(40)]
    urgent = [f"urgent {n}" for n in range(40)]
    await burst(passes, others + urgent, frozenset(urgent))
    order = [name for name, _ in passes.order]
    assert set(order) == {*others, *urgent}
    last_urgent = order.index(urgent[-1])
    before = [name for name in order[:last_urgent] if name.startswith("other")]
    assert EACH < len(before) < len(others) // 2 + EACH, "some of them, and not most"


async def test_who_gives_up_waiting_keeps_nobody_else() -> None:
    passes = Passes(Pacing(1))
    tasks = [asyncio.create_task(passes.one(str(n))) for n in range(10)]
    await asyncio.sleep(0)
    for task in tasks[3:6]:
        task.cancel()
    await passes.watched(*tasks)
    assert [name for name, _ in passes.order] == ["0", "1", "2", "6", "7", "8", "9"]
