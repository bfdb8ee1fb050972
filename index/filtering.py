"""What a search may be narrowed to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from index.errors import DatelineError


class FilterError(DatelineError):
    """A filter names something that the archive does not have, or a range that is empty."""


@dataclass(frozen=True)
class SearchFilter:
    """Conditions on the article of a passage; all of those that are given must hold.

    Names are compared without regard to case; of several sources, sets or tags one is enough.
    Raises FilterError if `since` is after `until`.
    """

    since: dt.date | None = None
    """First day on which the article may have appeared; one without a date never passes."""
    until: dt.date | None = None
    """Last day."""
    sources: tuple[str, ...] = ()
    article_sets: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise FilterError(
                f"no day is both since {self.since} and until {self.until}: swap the two"
            )

    def __bool__(self) -> bool:
        """Whether it excludes anything."""
        return self != SearchFilter()
