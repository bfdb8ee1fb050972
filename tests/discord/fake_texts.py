"""Lengths as Discord measures them."""

from __future__ import annotations

from collections.abc import Iterator, Sized

from fake_errors import Problem


def length(text: str) -> int:
    """Discord counts characters; UTF-16 units are never fewer, so this is the stricter reading."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def too_long(where: str, text: str | None, most: int) -> Iterator[Problem]:
    if text and length(text) > most:
        yield Problem(where, f"Must be {most} or fewer in length.", "BASE_TYPE_MAX_LENGTH")


def too_many(where: str, things: Sized, most: int) -> Iterator[Problem]:
    if len(things) > most:
        yield Problem(where, f"Must be {most} or fewer in length.", "BASE_TYPE_MAX_LENGTH")


def required(where: str, text: object, most: int) -> Iterator[Problem]:
    """`text` must be there and hold 1 to `most` characters."""
    if not isinstance(text, str) or not text:
        yield Problem(where, "This field is required", "BASE_TYPE_REQUIRED")
    else:
        yield from too_long(where, text, most)
