"""How long somebody has to wait for the next question."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.limits import Rate, RateLimits


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def asked(limits: RateLimits, user: int = 1, channel: int = 10, server: int = 100) -> float:
    return limits.wait_s(user=user, channel=channel, server=server)


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    clock = Clock()
    limits = RateLimits(user=Rate(3, 60.0), clock=clock)
    assert [asked(limits) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert asked(limits) == pytest.approx(20.0)
    clock.now += 19.0
    assert asked(limits) == pytest.approx(1.0)
    clock.now += 1.0
    assert asked(limits) == 0.0
    assert asked(limits) == pytest.approx(20.0)
    clock.now += 60.0
    assert [asked(limits) for _ in range(4)] == [0.0, 0.0, 0.0, pytest.approx(20.0)]


def test_everybody_has_an_own_allowance() -> None:
    limits = RateLimits(user=Rate(1, 60.0), clock=Clock())
    assert asked(limits, user=1) == 0.0
    assert asked(limits, user=2) == 0.0
    assert asked(limits, user=1) > 0.0
    assert asked(limits, user=1, channel=11, server=101) > 0.0


def test_the_longest_wait_counts_and_who_is_refused_uses_up_nothing() -> None:
    clock = Clock()
    limits = RateLimits(
        user=Rate(10, 60.0), channel=Rate(1, 30.0), server=Rate(2, 200.0), clock=clock
    )
    assert asked(limits, user=1, channel=10) == 0.0
    assert [asked(limits, user=2, channel=10) for _ in range(5)] == [pytest.approx(30.0)] * 5
    # Had the five been counted, the server would be full.
    assert asked(limits, user=2, channel=11) == 0.0
    assert asked(limits, user=2, channel=12) == pytest.approx(100.0)
    clock.now += 100.0
    assert asked(limits, user=2, channel=12) == 0.0


def test_without_rates_nothing_is_limited_or_remembered() -> None:
    limits = RateLimits()
    assert {asked(limits) for _ in range(100)} == {0.0}
    assert len(limits) == 0


def test_those_who_have_not_asked_for_long_are_forgotten() -> None:
    clock = Clock()
    limits = RateLimits(user=Rate(5, 10.0), server=Rate(1000, 10.0), clock=clock)
    most = 0
    for user in range(20_000):
        assert asked(limits, user=user) == 0.0
        clock.now += 0.1
        most = max(most, len(limits))
    assert most < 300  # a question is owed for 2 s, so that some 20 people owe one at a time


@pytest.mark.parametrize(
    ("questions", "per_s"), [(0, 1.0), (1, 0.0), (1, -1.0), (1, float("inf")), (1, float("nan"))]
)
def test_a_rate_that_is_none_is_refused(questions: int, per_s: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(questions, per_s)


@settings(max_examples=50, deadline=None)
@given(
    questions=st.integers(1, 20),
    per_s=st.floats(0.1, 1e5),
    pauses=st.lists(st.floats(0.0, 1e5), max_size=60),
)
def test_no_period_sees_more_than_a_burst_and_the_rate(
    questions: int, per_s: float, pauses: list[float]
) -> None:
    clock = Clock()
    limits = RateLimits(server=Rate(questions, per_s), clock=clock)
    allowed: list[float] = []
    for pause in pauses:
        clock.now += pause
        wait = asked(limits)
        if wait:
            clock.now += wait
            assert asked(limits) == 0.0, "who waits as long as told may ask"
        allowed.append(clock.now)
    for first, start in enumerate(allowed):
        for count, end in enumerate(allowed[first:], 1):
            # Those allowed in [start, end]: a full burst, and what has come back since.
            assert count <= questions + (end - start) / per_s * questions + 0.001
