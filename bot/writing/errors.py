"""Why a model's answer is not to be had. Each message completes "the reader's answer stands: …"."""

from __future__ import annotations

from index.errors import DatelineError


class NotWrittenError(DatelineError):
    """Base: the model's part is off, and the reader's answer stands."""


class ModelUnavailableError(NotWrittenError):
    """The model is slow, down, over its quota, or refuses what it is sent.

    `again` says whether another attempt may succeed; `retry_after` the seconds that the server
    asks to wait first; `may_cost` whether the server may have read the prompt.
    """

    def __init__(
        self,
        message: str,
        *,
        again: bool = False,
        retry_after: float | None = None,
        may_cost: bool = False,
    ) -> None:
        super().__init__(message)
        self.again = again
        self.retry_after = retry_after
        self.may_cost = may_cost


class UnusableOutputError(NotWrittenError):
    """What the model wrote is not what it was asked for."""


class BudgetSpentError(NotWrittenError):
    """The tokens of the day are used up."""
