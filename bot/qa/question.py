"""A question with all that decides its answer beside the archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from index.filtering import SearchFilter


@dataclass(frozen=True)
class Question:
    """What somebody asks. Equal questions have equal answers, as long as the archive stays."""

    text: str
    within: SearchFilter | None = None
    """What the search is narrowed to."""
    as_of: dt.date | None = None
    """The day from which "last week" is counted; None is today."""
