"""What has failed several times is left alone, and tried again by one at a time."""

from __future__ import annotations

import pytest

from bot.writing.breaker import MOST_OPEN_SECONDS, CircuitBreaker
from bot.writing.errors import ModelUnavailableError, UnusableOutputError


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, open_seconds=60, clock=clock)


def fail(breaker: CircuitBreaker, retry_after: float | None = None) -> None:
    with pytest.raises(ModelUnavailableError, match="is down"), breaker.attempt():
        raise ModelUnavailableError("is down", retry_after=retry_after)


def refused(breaker: CircuitBreaker) -> None:
    with pytest.raises(ModelUnavailableError, match="left alone"), breaker.attempt():
        raise AssertionError("the attempt was let through")


def test_three_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    fail(breaker)
    fail(breaker)
    with breaker.attempt():
        pass
    fail(breaker)
    fail(breaker)
    assert breaker.state == "closed"
    fail(breaker)
    assert breaker.state == "open"
    refused(breaker)


def test_one_trial_closes_it_or_opens_it_again(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        fail(breaker)
    clock.now += 60
    assert breaker.state == "half-open"
    with breaker.attempt():
        refused(breaker)
    assert breaker.state == "closed"
    for _ in range(3):
        fail(breaker)
    clock.now += 60
    fail(breaker)
    refused(breaker)


def test_a_server_that_asks_for_longer_gets_it(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3):
        fail(breaker, retry_after=300)
    clock.now += 299
    refused(breaker)
    clock.now += 1
    fail(breaker, retry_after=10**9)
    clock.now += MOST_OPEN_SECONDS
    assert breaker.state == "half-open"


@pytest.mark.parametrize("error", [UnusableOutputError("nonsense"), KeyError("a bug")])
def test_other_errors_are_no_failures(
    breaker: CircuitBreaker, clock: Clock, error: Exception
) -> None:
    for _ in range(5):
        with pytest.raises(type(error)), breaker.attempt():
            raise error
    assert breaker.state == "closed"
    for _ in range(3):
        fail(breaker)
    clock.now += 60
    with pytest.raises(type(error)), breaker.attempt():
        raise error
    assert breaker.state == "half-open", "the next may try"
    with breaker.attempt():
        pass
    assert breaker.state == "closed"
