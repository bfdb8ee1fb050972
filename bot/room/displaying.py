"""An article's text as a page can show it, code point for code point.

`displayed(text)[i]` stands for `text[i]`, so that offsets mean the same in both. Everything stays
as it is but for these:

| in the text | on the page |
|---|---|
| a line break other than LF (CR, VT, FF, NEL, LS, PS) | LF; CR before LF: a space |
| any other control character | its Unicode picture, such as U+241B for ESC; U+FFFD if it has none |
| an embedding, override or isolate of writing direction | U+FFFD |
| a tag character, a letter without ink | U+FFFD |
| a combining mark over 8 on one character, or over 3 that stack above or below the line | U+FFFD |
| a lone surrogate, a noncharacter | U+FFFD |

Joiners, soft hyphens, zero-width spaces and direction marks stay: a page shows nothing else than
it did without them, and some scripts need them.
"""

from __future__ import annotations

import re
import unicodedata

from bot.ui.visible import MAX_MARKS, MAX_STACKED, REPLACEMENT

_PLAIN = re.compile(r"[ -~\n\t]*")
_LINE_BREAKS = frozenset("\r\v\f\x85\u2028\u2029")
_HARMLESS_FORMATS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff")
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_KEPT_FORMATS = _HARMLESS_FORMATS | _VISIBLE_FORMATS
_WITHOUT_INK = frozenset("\u115f\u1160\u3164\uffa0")


def displayed(text: str) -> str:
    """`text` with as many code points, all of them harmless on a page of HTML."""
    if _PLAIN.fullmatch(text):
        return text
    shown: list[str] = []
    marks = stacked = 0
    for character in text.replace("\r\n", " \n"):
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
            stacks = unicodedata.combining(character) >= 200
            stacked += stacks
            too_many = marks > MAX_MARKS or (stacks and stacked > MAX_STACKED)
            shown.append(REPLACEMENT if too_many else character)
            continue
        if character not in _KEPT_FORMATS:  # a joiner does not end a stack of marks
            marks = stacked = 0
        shown.append(_shown(character, category))
    return "".join(shown)


def _shown(character: str, category: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return character
    if character in _LINE_BREAKS:
        return "\n"
    if category == "Cc":
        return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else REPLACEMENT
    if category == "Cf":
        return character if character in _KEPT_FORMATS else REPLACEMENT
    if category == "Cs" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return REPLACEMENT
    return REPLACEMENT if character in _WITHOUT_INK else character
