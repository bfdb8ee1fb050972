"""Trying again what is worth trying again, waiting as long as the server asks."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from index.fetching.errors import UnavailableError

ATTEMPTS = 3
FIRST_WAIT = 1.0
"""Seconds before the second attempt; twice as many before the third."""
MAX_WAIT = 30.0
"""A server that asks for more is not waited for, but left for another time."""
_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)

T = TypeVar("T")


def retrying(work: Callable[[], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """What `work` returns. An UnavailableError that says `again` is tried again twice.

    Raises the last error of `work`.
    """
    from tenacity import (
        RetryCallState,
        Retrying,
        retry_if_exception,
        stop_after_attempt,
        wait_exponential,
    )

    backoff = wait_exponential(multiplier=FIRST_WAIT, max=MAX_WAIT)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, UnavailableError) else None
        return max(asked or 0.0, backoff(state))

    attempts = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        retry=retry_if_exception(_worth_it),
        wait=wait,
        sleep=sleep,
        reraise=True,
    )
    return attempts(work)


def _worth_it(error: BaseException) -> bool:
    return (
        isinstance(error, UnavailableError)
        and error.again
        and (error.retry_after or 0.0) <= MAX_WAIT
    )


def retry_after(headers: Mapping[str, str], now: dt.datetime | None = None) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, 10.2.3), None without one."""
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max((moment - (now or dt.datetime.now(dt.UTC))).total_seconds(), 0.0)
