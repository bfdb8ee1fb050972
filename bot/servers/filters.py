"""What a question was narrowed to, as the records keep it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.qa.answer import iso_date
from index.filtering import SearchFilter


def filter_to_json(within: SearchFilter | None) -> dict[str, Any]:
    """Only what is set; {} for no filter."""
    if within is None:
        return {}
    everything = {
        "since": iso_date(within.since),
        "until": iso_date(within.until),
        "sources": list(within.sources),
        "article_sets": list(within.article_sets),
        "tags": list(within.tags),
    }
    return {name: value for name, value in everything.items() if value}


def filter_from_json(kept: Mapping[str, Any]) -> SearchFilter | None:
    """None for no filter. Raises FilterError as SearchFilter does."""
    if not kept:
        return None
    return SearchFilter(
        _day(kept.get("since")),
        _day(kept.get("until")),
        tuple(kept.get("sources", ())),
        tuple(kept.get("article_sets", ())),
        tuple(kept.get("tags", ())),
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
