"""Where a text may be cut: between characters as people see them.

A cautious form of Unicode's extended grapheme clusters (UAX #29): it never cuts inside one, and
sometimes keeps two together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

MAX_CLUSTER = 64
"""Code points after which a cut is made all the same: longer clusters are made to do harm."""

_VIRAMA = 9  # canonical combining class: the next consonant joins the one before


def graphemes(text: str) -> Iterator[str]:
    """The characters of `text` as people see them; joined together they are `text` again."""
    start = flags = 0
    for position, character in enumerate(text):
        if position > start:
            previous = text[position - 1]
            flag = _is_flag_letter(character)
            stays = _extends(character) or _holds(previous) or (flag and flags % 2 == 1)
            if not stays or "\n" in (previous, character) or position - start >= MAX_CLUSTER:
                yield text[start:position]
                start = position
        flags = flags + 1 if _is_flag_letter(character) else 0
    if start < len(text):
        yield text[start:]


def _extends(character: str) -> bool:
    """Whether `character` belongs to the one before it."""
    if character < "\u0300":
        return False
    return (
        unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d\u0e33\u0eb3\uff9e\uff9f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and final consonants
        or "\ud7b0" <= character <= "\ud7ff"
    )


def _holds(character: str) -> bool:
    """Whether `character` belongs to the one after it."""
    if character < "\u0300":
        return False
    return (
        character == "\u200d"
        or unicodedata.category(character) == "Cf"
        or unicodedata.combining(character) == _VIRAMA
        or "\u1100" <= character <= "\u115f"  # Hangul initial consonants
        or "\ua960" <= character <= "\ua97f"
    )


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
