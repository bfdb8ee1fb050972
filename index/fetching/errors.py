"""Why something was not fetched, named by what the caller does about it."""

from __future__ import annotations

from index.errors import DatelineError


class FetchError(DatelineError):
    """Nothing was fetched. The message names the address and the mend."""


class RefusedError(FetchError):
    """It will not be fetched as things stand: by Dateline's rules, the site's, or as not there."""


class UnavailableError(FetchError):
    """It could not be fetched now, and may be later.

    `again` says whether trying again at once is worth it, `retry_after` how many seconds the
    server asks to wait, if it does.
    """

    def __init__(
        self, message: str, *, again: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.again = again
        self.retry_after = retry_after
