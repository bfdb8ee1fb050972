"""A bounded queue in which a server with many questions does not keep the others waiting."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.desk.errors import DeskBusyError

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """First come, first served within a server; between servers in turns, one item each.

    A place is taken from `put` until `remove` or, for items that were handed out, until `leave`:
    `total` places in all, `per_server` for each server. Nothing in it waits, so that a cancelled
    task can lose no item. For one thread.
    """

    def __init__(self, total: int, per_server: int | None = None) -> None:
        self._total = total
        self._per_server = total if per_server is None else per_server
        self._waiting: OrderedDict[int, deque[Item]] = OrderedDict()
        """By server, the next one first; no empty ones."""
        self._places: Counter[int] = Counter()

    def __len__(self) -> int:
        """How many items wait to be handed out."""
        return sum(map(len, self._waiting.values()))

    @property
    def places_taken(self) -> int:
        return self._places.total()

    def put(self, server: int, item: Item) -> None:
        """Raises DeskBusyError if all places are taken, or all of this server's."""
        if self.places_taken >= self._total or self._places[server] >= self._per_server:
            raise DeskBusyError
        self._places[server] += 1
        self._waiting.setdefault(server, deque()).append(item)

    def take(
        self, count: int, together: Callable[[int, int], bool] = lambda one, other: True
    ) -> list[Item]:
        """Hands out up to `count` items, which keep their places.

        The first is of the server whose turn it is; the others are of servers that go `together`
        with that one, in turns. Servers that are passed over keep their turns.
        """
        taken: list[Item] = []
        if not self._waiting:
            return taken
        first = next(iter(self._waiting))
        fitting = [server for server in self._waiting if together(first, server)]
        while fitting and len(taken) < count:
            again = []
            for server in fitting[: count - len(taken)]:
                taken.append(self._next_of(server))
                if server in self._waiting:
                    again.append(server)
            fitting = again
        return taken

    def remove(self, server: int, item: Item) -> None:
        """Gives up an item that waits. Raises ValueError if it does not."""
        waiting = self._waiting.get(server, deque())
        waiting.remove(item)
        if not waiting:
            del self._waiting[server]
        self.leave(server)

    def leave(self, server: int) -> None:
        """Frees the place of an item that was handed out."""
        self._places[server] -= 1
        if not self._places[server]:
            del self._places[server]

    def clear(self) -> list[Item]:
        """Gives up all items that wait, and returns them."""
        items: list[Item] = []
        for server, waiting in self._waiting.items():
            items.extend(waiting)
            for _ in waiting:
                self.leave(server)
        self._waiting.clear()
        return items

    def _next_of(self, server: int) -> Item:
        waiting = self._waiting[server]
        item = waiting.popleft()
        if waiting:
            self._waiting.move_to_end(server)
        else:
            del self._waiting[server]
        return item
