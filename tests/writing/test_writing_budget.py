"""Tokens by day: counted, priced, bounded, and kept in a server's records."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.servers.records.file import RecordFile
from bot.servers.records.usage import LLMUsage
from bot.writing.budget import Budget, Usage, UsageInMemory, UsageStore, estimated_tokens
from bot.writing.errors import BudgetSpentError

NOW = dt.datetime(2022, 10, 6, 23, 30, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[UsageStore]:
    if request.param == "memory":
        yield UsageInMemory()
        return
    file = RecordFile(tmp_path / "server.sqlite3")
    yield LLMUsage(file)
    file.close()


def test_what_was_taken_is_summed_by_day(store: UsageStore) -> None:
    assert store.on(TODAY) == Usage()
    store.add(TODAY, Usage(1, 100, 20, 0.5))
    store.add(TODAY, Usage(1, 50, 5, 0.25))
    store.add(TODAY + dt.timedelta(days=1), Usage(1, 1, 1, 1.0))
    assert store.on(TODAY) == Usage(2, 150, 25, 0.75)
    assert store.on(TODAY).tokens == 175


def test_a_file_sums_over_days(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "server.sqlite3")
    usage = LLMUsage(file)
    for days in range(4):
        usage.add(TODAY + dt.timedelta(days), Usage(1, 10**days, 0, 0.0))
    file.close()
    again = RecordFile(tmp_path / "server.sqlite3")
    last = TODAY + dt.timedelta(days=2)
    assert LLMUsage(again).since(TODAY, last) == Usage(3, 111, 0, 0.0)
    again.close()


def test_an_answer_is_priced_and_counted(store: UsageStore) -> None:
    budget = Budget(store, price_in=2.0, price_out=8.0, now=lambda: NOW)
    with budget.reserve(10_000) as meter:
        meter.prompt_tokens, meter.completion_tokens = 1500, 250
    assert budget.today() == Usage(1, 1500, 250, (1500 * 2.0 + 250 * 8.0) / 1e6)


def test_what_took_nothing_leaves_no_trace(store: UsageStore) -> None:
    budget = Budget(store, now=lambda: NOW)
    with pytest.raises(RuntimeError), budget.reserve(10):
        raise RuntimeError("the model was never reached")
    assert budget.today() == Usage()


def test_the_day_has_a_limit_and_the_next_has_it_anew(store: UsageStore) -> None:
    now = [NOW]
    budget = Budget(store, limit=1000, now=lambda: now[0])
    with budget.reserve(1000) as meter:
        meter.prompt_tokens = 400
    with budget.reserve(600) as meter:
        meter.completion_tokens = 1
    with pytest.raises(BudgetSpentError), budget.reserve(600):
        raise AssertionError("beyond the limit")
    now[0] += dt.timedelta(hours=1)
    with budget.reserve(1000):
        pass


def test_answers_under_way_count_with_what_they_may_take() -> None:
    budget = Budget(UsageInMemory(), limit=1000, now=lambda: NOW)
    inside, go_on = threading.Event(), threading.Event()

    def answer() -> None:
        with budget.reserve(700) as meter:
            inside.set()
            go_on.wait(10)
            meter.prompt_tokens = 100

    thread = threading.Thread(target=answer)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(BudgetSpentError), budget.reserve(400):
        raise AssertionError("beyond the limit")
    go_on.set()
    thread.join()
    with budget.reserve(900):
        pass


@given(st.text(max_size=60), st.text(max_size=60))
def test_estimates_grow_with_the_text(one: str, other: str) -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens(one) <= estimated_tokens(one + other)
    assert estimated_tokens(one + other) <= estimated_tokens(one) + estimated_tokens(other)
    assert (estimated_tokens(one) > 0) == bool(one)
