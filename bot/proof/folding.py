"""Text as it is compared: without case, accents and typography, and with the way back.

Quotation marks, dashes and spaces of all kinds become one of each, letters lose case and accents,
what cannot be seen goes. Nothing that tells a word or a number from another is changed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_MARKS = frozenset("\"'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00ab\u00bb\u2039\u203a\u02bc\uff02\uff07")  # fmt: skip # noqa: E501
_MINUS = "\u2212"


@dataclass(frozen=True)
class Folded:
    """`text`, whose code point `i` stands for `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which must not be empty, stands in the original."""
        return self.starts[start], self.ends[end - 1]


def tidied(original: str) -> Folded:
    """With single spaces and without what cannot be seen; letters and marks as they are."""
    shown: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(original):
        if character.isspace():
            character = " "
            if not shown or shown[-1] == " ":
                continue
        elif unicodedata.category(character) == "Cf":
            continue
        shown.append(character)
        starts.append(position)
    return Folded("".join(shown), tuple(starts), tuple(start + 1 for start in starts))


@lru_cache(maxsize=256)
def folded(original: str) -> Folded:
    shown: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(original):
        category = unicodedata.category(character)
        if category[0] == "M" or category == "Cf":
            if ends and category[0] == "M":  # it belongs to the letter before it
                ends[-1] = position + 1
            continue
        for form in _forms(character, category):
            last = shown[-1] if shown else ""
            if form == " " and last in (" ", "-", ""):
                continue
            if form == "-":
                if last == "-":
                    ends[-1] = position + 1
                    continue
                if last == " ":
                    shown.pop(), starts.pop(), ends.pop()
            shown.append(form)
            starts.append(position)
            ends.append(position + 1)
    if shown and shown[-1] == " ":
        shown.pop(), starts.pop(), ends.pop()
    return Folded("".join(shown), tuple(starts), tuple(ends))


def _forms(character: str, category: str) -> str:
    if character.isspace() or category == "Cc":
        return " "
    if character in _MARKS:
        return "'"
    if category == "Pd" or character == _MINUS:
        return "-"
    if character == "\u2026":
        return "..."
    # Of numbers only digits of other scripts and widths: "10\u00b2" is not 102.
    if category[0] == "L" or category == "Nd":
        apart = unicodedata.normalize("NFKD", character)
        bare = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
        return str(unicodedata.decimal(character)) if category == "Nd" else bare
    return character
