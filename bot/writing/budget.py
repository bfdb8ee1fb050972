"""What a model takes: tokens and money, by day, and the most of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.writing.errors import BudgetSpentError

BYTES_PER_TOKEN = 3
"""Of UTF-8. English has some four, other scripts three to five: the estimate errs upwards."""


def estimated_tokens(text: str) -> int:
    """How many tokens a text has at most, nearly always, for a model whose tokenizer is unknown."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


@dataclass(frozen=True)
class Usage:
    """What requests took. `cost` is in the currency of the prices that are set."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost + other.cost,
        )


class UsageStore(Protocol):
    """Keeps what was taken on each day. Thread-safe."""

    def add(self, day: dt.date, usage: Usage) -> None: ...

    def on(self, day: dt.date) -> Usage:
        """All that was added for `day`; Usage() if nothing was."""
        ...


class UsageInMemory:
    """Forgotten with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._days: dict[dt.date, Usage] = {}

    def add(self, day: dt.date, usage: Usage) -> None:
        with self._lock:
            self._days[day] = self._days.get(day, Usage()) + usage

    def on(self, day: dt.date) -> Usage:
        with self._lock:
            return self._days.get(day, Usage())


@dataclass
class Meter:
    """What one answer has taken so far."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Budget:
    """The tokens of one Discord server, or of whoever else asks. Thread-safe.

    Prices are for a million tokens; `limit` is for a day of UTC, 0 for none.
    """

    def __init__(
        self,
        store: UsageStore,
        *,
        limit: int = 0,
        price_in: float = 0.0,
        price_out: float = 0.0,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.limit = limit
        self._store = store
        self._price_in = price_in
        self._price_out = price_out
        self._now = now
        self._lock = threading.Lock()
        self._reserved = 0

    def today(self) -> Usage:
        """What was taken since midnight, UTC."""
        return self._store.on(self._today())

    @contextlib.contextmanager
    def reserve(self, tokens: int) -> Iterator[Meter]:
        """Holds `tokens` back for one answer; what the meter then says is what is kept.

        Raises BudgetSpentError if the day has not that many left.
        """
        with self._lock:
            taken = self.today().tokens + self._reserved if self.limit else 0
            if self.limit and taken + tokens > self.limit:
                raise BudgetSpentError("the model's tokens for today are used up")
            self._reserved += tokens
        meter = Meter()
        try:
            yield meter
        finally:
            with self._lock:
                self._reserved -= tokens
                if meter.prompt_tokens or meter.completion_tokens:
                    self._store.add(self._today(), self._usage(meter))

    def _usage(self, meter: Meter) -> Usage:
        cost = self._price_in * meter.prompt_tokens + self._price_out * meter.completion_tokens
        return Usage(1, meter.prompt_tokens, meter.completion_tokens, cost / 1_000_000)

    def _today(self) -> dt.date:
        return self._now().astimezone(dt.UTC).date()
