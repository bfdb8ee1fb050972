"""What can go wrong with a server's records, named by what the caller does about it."""

from __future__ import annotations

from index.errors import DatelineError


class RecordNotFoundError(DatelineError):
    """There is no such record, or none that this person may change."""


class RecordRefusedError(DatelineError):
    """What was asked for is too long, too much or there already; the message says what to do."""


class TooManyWatchesError(RecordRefusedError):
    """A person has as many watches as one may have."""
