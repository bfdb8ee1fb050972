"""Errors in Discord's form: a status, a JSON code, and for a refused body where it is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """What is wrong with one part of a body; `where` is its path, such as `embeds.0.title`."""

    where: str
    text: str
    code: str = "BASE_TYPE_BAD_VALUE"


class ApiError(Exception):
    """An error Discord would send: HTTP status, JSON error code, text."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        retry_after: float | None = None,
        is_global: bool = False,
        problems: Iterable[Problem] = (),
    ) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join([message, *(f"{p.where}: {p.text}" for p in self.problems)]))
        self.status, self.code, self.message = status, code, message
        self.retry_after, self.is_global = retry_after, is_global

    def body(self) -> dict[str, Any]:
        """The error as JSON."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": self.is_global}
        for problem in self.problems:
            at = body.setdefault("errors", {})
            for key in problem.where.split("."):
                at = at.setdefault(key, {})
            error = {"code": problem.code, "message": problem.text}
            at.setdefault("_errors", []).append(error)
        return body


def refuse(problems: Iterable[Problem]) -> None:
    """Raise error 50035 if there are any problems."""
    found = tuple(problems)
    if found:
        raise ApiError(400, 50035, "Invalid Form Body", problems=found)


def unknown(code: int, what: str) -> ApiError:
    return ApiError(404, code, f"Unknown {what}")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")
