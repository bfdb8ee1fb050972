"""Brackets and quotation marks in pairs. Single quotes are not looked at: most are apostrophes."""

from __future__ import annotations

from collections.abc import Iterator

REACH = 80
"""Code points in which the other one of a pair is looked for; what is longer is no part of it."""

_CLOSERS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}
_STRAIGHT = '"'


def balanced(text: str, start: int, end: int, sentence: tuple[int, int]) -> tuple[int, int]:
    """The span, made longer to the other bracket of a pair that has one inside, or cut there.

    It is made longer by REACH at most, and not beyond the sentence; of what is cut in two, the
    longer part is kept.
    """
    while (alone := _first_alone(text, start, end)) is not None:
        place, opens = alone
        other = _other(text, start, end, sentence, opens=opens)
        if other is None:
            parts = (start, place), (place + 1, end)
            start, end = max(parts, key=lambda part: part[1] - part[0])
        elif opens:
            end = other + 1
        else:
            start = other
    return start, end


def _other(
    text: str, start: int, end: int, sentence: tuple[int, int], *, opens: bool
) -> int | None:
    """Where the nearest mark is that leaves nothing alone up to it."""
    first, last = sentence
    places = (
        range(end, min(last, end + REACH))
        if opens
        else range(start - 1, max(first, start - REACH) - 1, -1)
    )
    for place in places:
        if _kind(text, place):
            whole = (start, place + 1) if opens else (place, end)
            if _first_alone(text, *whole) is None:
                return place
    return None


def _first_alone(text: str, start: int, end: int) -> tuple[int, bool] | None:
    """The first mark in the span whose other one is not there, and whether it opens."""
    open_ones: list[tuple[int, str]] = []
    for place, kind in _marks(text, start, end):
        if kind == "open":
            open_ones.append((place, text[place]))
        elif open_ones and _pair(open_ones[-1][1], text[place]):
            open_ones.pop()
        else:
            return place, False
    return (open_ones[0][0], True) if open_ones else None


def _pair(opening: str, closing: str) -> bool:
    return closing == (opening if opening == _STRAIGHT else _CLOSERS[opening])


def _marks(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    for place in range(start, end):
        if kind := _kind(text, place):
            yield place, kind


def _kind(text: str, place: int) -> str:
    """ "open", "close", or "" for what is no bracket and no quotation mark."""
    mark = text[place]
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    if mark == _STRAIGHT:
        # Which of the two it is shows in what it touches.
        if after.isalnum() and not before.isalnum():
            return "open"
        return "close" if before and not before.isspace() and not after.isalnum() else ""
    if mark in _CLOSERS:
        return "open"
    return "close" if mark in _CLOSERS.values() else ""
