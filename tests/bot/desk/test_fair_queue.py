"""Turns between servers, whatever comes in whichever order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.desk.errors import DeskBusyError
from bot.desk.fair_queue import FairQueue

SERVERS = st.integers(0, 4)


def filled(*servers: int) -> FairQueue[tuple[int, int]]:
    queue = FairQueue[tuple[int, int]](len(servers))
    for n, server in enumerate(servers):
        queue.put(server, (server, n))
    return queue


def test_servers_take_turns_and_each_is_served_in_order() -> None:
    queue = filled(1, 1, 1, 2, 3, 2)
    assert queue.take(10) == [(1, 0), (2, 3), (3, 4), (1, 1), (2, 5), (1, 2)]
    assert queue.take(10) == []


def test_a_turn_is_kept_from_one_handing_out_to_the_next() -> None:
    queue = filled(1, 1, 1, 2, 2)
    handed = [queue.take(1)[0][0] for _ in range(5)]
    assert handed == [1, 2, 1, 2, 1]


def test_only_servers_that_go_together_and_the_others_keep_their_turn() -> None:
    queue = filled(1, 2, 3, 1, 3)

    def odd_or_even(one: int, other: int) -> bool:
        return one % 2 == other % 2

    assert queue.take(3, odd_or_even) == [(1, 0), (3, 2), (1, 3)]
    assert queue.take(3, odd_or_even) == [(2, 1)]
    assert queue.take(3, odd_or_even) == [(3, 4)]


def test_places_are_bounded_in_all_and_for_each_server() -> None:
    queue = FairQueue[str](3, per_server=2)
    queue.put(1, "a")
    queue.put(1, "b")
    with pytest.raises(DeskBusyError):
        queue.put(1, "c")
    queue.put(2, "d")
    with pytest.raises(DeskBusyError):
        queue.put(3, "e")
    assert queue.take(1) == ["a"]
    with pytest.raises(DeskBusyError):
        queue.put(3, "e")  # "a" is handed out, not done with
    queue.leave(1)
    queue.put(3, "e")


def test_what_is_given_up_leaves_its_place() -> None:
    queue = filled(1, 2, 1)
    queue.remove(1, (1, 0))
    queue.put(3, (3, 9))
    with pytest.raises(ValueError):
        queue.remove(1, (1, 0))
    with pytest.raises(ValueError):
        queue.remove(7, (7, 0))
    assert queue.take(9) == [(1, 2), (2, 1), (3, 9)]


def test_clearing_gives_up_what_waits_and_not_what_was_handed_out() -> None:
    queue = filled(1, 1, 2)
    queue.take(1)
    assert sorted(queue.clear()) == [(1, 1), (2, 2)]
    assert (len(queue), queue.places_taken) == (0, 1)


@settings(max_examples=50, deadline=None)
@given(st.lists(SERVERS, max_size=60), st.integers(1, 7))
def test_no_server_gets_two_turns_while_another_waits_for_one(
    servers: list[int], count: int
) -> None:
    queue = filled(*servers)
    left = Counter(servers)
    handed: list[int] = []
    while batch := queue.take(count):
        handed.extend(server for server, _ in batch)
    assert Counter(handed) == left
    for place, server in enumerate(handed):
        left[server] -= 1
        again = handed.index(server, place + 1) if left[server] else len(handed)
        between = Counter(handed[place + 1 : again])
        waiting = {other for other, n in left.items() if n and other != server}
        if left[server]:
            assert between == Counter(waiting), "each of the others exactly once"


class Traffic(RuleBasedStateMachine):
    """Against the plainest queue that could be right: lists, and a list of whose turn it is."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = FairQueue[int](8, per_server=3)
        self.waiting: dict[int, list[int]] = {}
        self.turns: list[int] = []
        self.out: list[int] = []
        self.n = 0

    def places(self, server: int | None = None) -> int:
        waiting = {one: len(items) for one, items in self.waiting.items()}
        if server is None:
            return sum(waiting.values()) + len(self.out)
        return waiting.get(server, 0) + self.out.count(server)

    @rule(server=SERVERS)
    def put(self, server: int) -> None:
        self.n += 1
        if self.places() == 8 or self.places(server) == 3:
            with pytest.raises(DeskBusyError):
                self.queue.put(server, self.n)
            return
        self.queue.put(server, self.n)
        if server not in self.turns:
            self.turns.append(server)
        self.waiting.setdefault(server, []).append(self.n)

    @rule(count=st.integers(1, 4))
    def take(self, count: int) -> None:
        expected: list[int] = []
        while self.turns and len(expected) < count:
            server = self.turns.pop(0)
            expected.append(self.waiting[server].pop(0))
            self.out.append(server)
            if self.waiting[server]:
                self.turns.append(server)
        assert self.queue.take(count) == expected

    @precondition(lambda self: self.out)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        server = data.draw(st.sampled_from(self.out))
        self.out.remove(server)
        self.queue.leave(server)

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        server = data.draw(st.sampled_from(self.turns))
        item = data.draw(st.sampled_from(self.waiting[server]))
        self.waiting[server].remove(item)
        if not self.waiting[server]:
            self.turns.remove(server)
        self.queue.remove(server, item)

    @invariant()
    def counts_agree(self) -> None:
        assert self.queue.places_taken == self.places()
        assert len(self.queue) == self.places() - len(self.out)


TestTraffic = Traffic.TestCase
TestTraffic.settings = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
