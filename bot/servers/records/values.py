"""Python's values as SQLite keeps them, and back."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from typing import Any

from index.errors import CorruptIndexError

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def without_surrogates(text: str) -> str:
    """`text` with U+FFFD for each lone surrogate, which JSON can hold and UTF-8 cannot.

    All other characters, NUL and controls of direction included, are kept as they are: making
    them harmless is the concern of whoever shows them.
    """
    return _LONE_SURROGATE.sub(_REPLACEMENT, text)


def same_question(text: str) -> str:
    """Equal for questions that differ in case, width or spaces only."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def to_stamp(moment: dt.datetime) -> str:
    """UTC in ISO 8601, of one width, so that the order as text is the order in time.

    Raises ValueError for a time without a zone, of which nobody knows what it means.
    """
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment.isoformat()} has no zone: give it in UTC")
    return moment.astimezone(dt.UTC).isoformat("T", "microseconds")


def from_stamp(text: str) -> dt.datetime:
    """Raises CorruptIndexError if it is no time."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CorruptIndexError(
            f"the record file holds the time {text!r}, which is none: restore it from a copy"
        ) from error


def to_json(value: Any) -> str:
    """Raises ValueError for NaN and infinities, TypeError for what JSON does not have."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
