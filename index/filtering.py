"""What a search may be narrowed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import DatelineError


class FilterError(DatelineError):
    """A filter names something that the archive does not have, or a range that is empty."""


class EmptyRangeError(FilterError):
    """The range of days has none in it."""

    def __init__(self, since: dt.date, until: dt.date) -> None:
        super().__init__(f"no day is both since {since} and until {until}: swap the two")
        self.since, self.until = since, until


class UnknownNameError(FilterError):
    """No article has the source, set or tag `name`; `known` are some that there are."""

    def __init__(self, noun: str, name: str, known: Sequence[str]) -> None:
        mend = f"try {', '.join(map(repr, known))}" if known else f"no article has a {noun}"
        super().__init__(f"no article has the {noun} {name!r}: {mend}")
        self.noun, self.name, self.known = noun, name, tuple(known)


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
            raise EmptyRangeError(self.since, self.until)

    def __bool__(self) -> bool:
        """Whether it excludes anything."""
        return self != SearchFilter()
