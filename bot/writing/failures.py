"""What went wrong between here and a model, in a few words, and whether to try again.

Nothing that the server wrote is repeated: it is shown to people.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.writing.errors import ModelUnavailableError, NotWrittenError, UnusableOutputError
from index.fetching.retrying import retry_after

TOO_LATE = "the model did not answer in time"
_AGAIN = frozenset((429, 502, 503, 504))
_REASONS = {
    400: "the model's server refuses the request (400)",
    401: "the model's server refuses the key (401)",
    402: "the model's quota is used up (402)",
    403: "the model's server refuses the key (403)",
    404: "the model's server does not know the model or the address (404)",
    413: "the prompt is too long for the model (413)",
    429: "the model has too many requests, or its quota is used up (429)",
}


def too_late() -> ModelUnavailableError:
    return ModelUnavailableError(TOO_LATE, may_cost=True)


def explained(error: Exception) -> NotWrittenError:
    """What any error of a client library means; errors of ours come back as they are."""
    import httpx

    from bot.writing.transport import RefusedResponseError

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, NotWrittenError):
            return cause
        if isinstance(cause, RefusedResponseError):
            return ModelUnavailableError(f"the model cannot be used: {cause}", may_cost=True)
    for cause in causes:
        status = getattr(cause, "status_code", None)
        if isinstance(status, int):
            return _of_status(status, cause)
    if any(isinstance(cause, TimeoutError | httpx.TimeoutException) for cause in causes):
        return too_late()
    if any(isinstance(cause, httpx.ConnectError | ConnectionRefusedError) for cause in causes):
        return ModelUnavailableError("the model cannot be reached", again=True)
    if any(isinstance(cause, httpx.TransportError | ConnectionError) for cause in causes):
        return ModelUnavailableError("the connection to the model broke", again=True, may_cost=True)
    return UnusableOutputError("the model's server sends what is no answer")


def _of_status(status: int, error: BaseException) -> ModelUnavailableError:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return ModelUnavailableError(
        _REASONS.get(status, f"the model's server fails ({status:d})"),
        again=status in _AGAIN,
        retry_after=retry_after(headers) if headers is not None else None,
        may_cost=status >= 500,
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
