"""Questions, answers and texts to record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import strategies as st

from bot.servers.records import ServerRecords
from bot.servers.records.ledger import GivenQuote, GivenResult

NOW = dt.datetime(2023, 5, 17, 12, 0, 0, 250_000, tzinfo=dt.UTC)
ASKER, OTHER = 1 << 62, 22
CHANNEL, THREAD, MESSAGE = 300, 400, 500

TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=60),  # surrogates included
    st.sampled_from(
        [
            "",
            "nul\x00inside",
            "\ud800 half of a pair",
            "half \udfff",
            "\u202eright to left\u202c",
            "'; DROP TABLE given_answer; --",
            "%s ? :value \\ \" '",
            "z\u0335\u0321" * 20,
            "👩‍👩‍👧 \u200b\ufeff",
            "@everyone <@1> \x1b[31m",
        ]
    ),
)
"""What people and articles may hold."""
IDS = st.integers(1, 2**63 - 1)
MOMENTS = st.datetimes(
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))]),
    min_value=dt.datetime(2, 1, 1),
    max_value=dt.datetime(9998, 1, 1),
)


def later(**how_much: float) -> dt.datetime:
    return NOW + dt.timedelta(**how_much)


def as_stored(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def quote(article_id: str = "raid", n: int = 1, revision: int = 2) -> GivenQuote:
    return GivenQuote(article_id, revision, 10, 50, n, 20, 30)


def result(answer: str = "in Atme", *quotes: GivenQuote, **values: Any) -> GivenResult:
    return GivenResult(bool(answer), answer, 0.75, 3, quotes or (quote(),), **values)


def ask(records: ServerRecords, question: str = "Where was he killed?", **values: Any) -> int:
    given: dict[str, Any] = {"asker_id": ASKER, "channel_id": CHANNEL, "now": NOW}
    return records.ledger.begin(question, **given | values)


def answered(records: ServerRecords, question: str = "Where was he killed?", **values: Any) -> int:
    id = ask(records, question, **values)
    assert records.ledger.complete(id, result(), values.get("now", NOW) + dt.timedelta(seconds=2))
    return id


def at_once(*works: Callable[[], object]) -> None:
    """Runs all in threads of their own; raises what one of them raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        for running in [pool.submit(work) for work in works]:
            running.result(timeout=120)
