"""One computation for all who ask the same."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk.single_flight import SingleFlight, normalised


async def waiting(flights: SingleFlight[str, int], key: str, count: int) -> list[asyncio.Task[int]]:
    flight = flights.under_way(key) or flights.begin(key)
    tasks = [asyncio.create_task(flight.wait()) for _ in range(count)]
    await asyncio.sleep(0)
    assert flight.waiters == count
    return tasks


async def test_all_get_the_one_result() -> None:
    flights = SingleFlight[str, int]()
    tasks = await waiting(flights, "a", 3)
    flight = flights.under_way("a")
    assert flight is not None
    with pytest.raises(ValueError, match="already"):
        flights.begin("a")
    flights.end(flight, 7)
    assert await asyncio.gather(*tasks) == [7, 7, 7]
    assert flights.under_way("a") is None
    assert (len(flights), flight.waiters) == (0, 0)


async def test_one_who_leaves_takes_nobody_along() -> None:
    flights = SingleFlight[str, int]()
    first, second, third = await waiting(flights, "a", 3)
    flight = flights.under_way("a")
    assert flight is not None
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert flight.waiters == 2
    flights.end(flight, 7)
    assert [await second, await third] == [7, 7]


@pytest.mark.parametrize("error", [RuntimeError("broken"), StopIteration("odd")])
async def test_an_error_reaches_all(error: Exception) -> None:
    flights = SingleFlight[str, int]()
    tasks = await waiting(flights, "a", 2)
    flight = flights.under_way("a")
    assert flight is not None
    flights.end(flight, error)
    for task in tasks:
        with pytest.raises(RuntimeError, match=r"broken|odd"):
            await task


async def test_an_error_that_nobody_waits_for_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    flights = SingleFlight[str, int]()
    (task,) = await waiting(flights, "a", 1)
    flight = flights.under_way("a")
    assert flight is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    flights.end(flight, RuntimeError("unheard"))
    del flight
    await asyncio.sleep(0)
    assert caplog.text == ""


def test_wordings_that_are_one_question() -> None:
    assert normalised("  Where is\n Köln? ") == normalised("Where is Ko\u0308ln?")
    assert normalised("Who is WHO?") != normalised("Who is who?")
