"""Text from outside made honest: what cannot be seen is removed or shown, words stay as they are.

Removed: zero-width characters, bidirectional controls, tags and other invisible characters.
Shown: control characters, as their Unicode pictures (ESC as U+241B), so that terminal codes are
dead. Bounded: combining marks on one character. Kept: joiners between characters that need them
(Persian, Indic scripts, emoji).
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 8
"""Most marks on one character; Burmese and Tibetan need up to this many."""

MAX_STACKED = 3
"""Most of these that stack above or below a line (combining class 200 and up: accents)."""

REPLACEMENT = "\ufffd"
DOTTED_CIRCLE = "\u25cc"

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_PLAIN = re.compile(r"[ -~\n]*")
_JOINERS = "\u200c\u200d"
# Letters and marks without ink (Unicode property Default_Ignorable_Code_Point) that their
# category does not tell, and variation selectors 17 to 256, which can carry hidden data.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0d\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
_VARIATION_SELECTORS = "\ufe0e\ufe0f"  # text or emoji style: wanted once, after its character
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")


def visible(text: str) -> str:
    """`text` with only harmless, visible characters; line breaks of every kind become "\\n"."""
    text = _LINE_BREAK.sub("\n", text)
    if _PLAIN.fullmatch(text):
        return text
    shown: list[str] = []
    marks = stacked = 0
    based = False  # whether there is a character that a mark can sit on
    for position, character in enumerate(text):
        category = unicodedata.category(character)
        if _BLANK.match(character) or (category == "Cf" and character not in _VISIBLE_FORMATS):
            following = text[position + 1 : position + 2]
            if character in _JOINERS and based and _joins(shown[-1]) and _joins(following):
                shown.append(character)
            continue
        if category[0] == "M":
            if character in _VARIATION_SELECTORS and (not based or marks or shown[-1].isalpha()):
                continue
            if not based:  # else it would sit on our own markup
                shown.append(DOTTED_CIRCLE)
                based = True
            marks += 1
            stacked += unicodedata.combining(character) >= 200
            if marks <= MAX_MARKS and (stacked <= MAX_STACKED or _fixed(character)):
                shown.append(character)
            continue
        shown.append(_shown(character, category))
        marks = stacked = 0
        based = not shown[-1].isspace()
    return "".join(shown)


def inline(text: str) -> str:
    """`text` made visible, on one line, with single spaces."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    """`text` made visible, without white space at its ends, at most one empty line in a row."""
    stripped = "\n".join(line.strip() for line in visible(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", stripped).strip()


def _joins(character: str) -> bool:
    """Whether a joiner beside `character` has a meaning: Arabic to Mongolian scripts, emoji."""
    return character != "" and (
        "\u0600" <= character <= "\u1cff"
        or character == "\ufe0f"
        or unicodedata.category(character) in ("So", "Sk")
    )


def _fixed(mark: str) -> bool:
    return unicodedata.combining(mark) < 200


def _shown(character: str, category: str) -> str:
    code = ord(character)
    if character == "\n":
        return character
    if character in "\t\u2800":  # the blank Braille pattern is a space in all but name
        return " "
    if category == "Cc":
        return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else REPLACEMENT
    if category == "Cs" or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return REPLACEMENT
    return character
