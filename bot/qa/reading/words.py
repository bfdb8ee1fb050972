"""Words as a reader of news sees them: what an answer must not be cut inside of.

A hyphenated compound is one word, as are a number with its decimals, currency and per cent sign,
"U.S.", "AT&T" and "example.org". The 's of a possessive stands by itself: "Syria" is a whole word
of "Syria's".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Marks belong to the letter before them; \w has only those of a few scripts.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    r"\u0900-\u0963\u0966-\u0df3\u0f00-\u0fff\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d"
    r"\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# Scripts that put no spaces between words: each letter is taken for a word.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_PART = rf"[^\W{_UNSPACED}](?:(?![{_UNSPACED}])[\w{_MARKS}])*"
_LETTER = r"[^\W\d_]"
_SPACE = r"[^\S\n\r]"
_CURRENCY = "[$€£¥₹₽₩₪₺₫₦]"
_ABBREVIATIONS = (
    "Adm|Assn|Ave|Bros|Brig|Capt|Cmdr|Co|Col|Corp|Cpl|Dept|Det|Dr|Esq|Fr|Ft|Gen|Gov|Hon|Inc|Jr|Lt|"
    "Ltd|Maj|Messrs|Mme|Mr|Mrs|Ms|Mt|Pfc|Ph\\.D|Prof|Pvt|Rep|Reps|Rev|Sen|Sens|Sgt|Sr|St|Ste"
)

_WORD = re.compile(
    rf"""
    (?<=\w)['\u2019]s(?!\w)                               # of a possessive
    | (?:{_ABBREVIATIONS})\.(?!\w)
    | Nos?\.(?={_SPACE}*\d)
    | {_LETTER}\.(?={_SPACE}+[A-Z])                       # an initial
    | (?:
        (?:(?:(?<!\w)[A-Z]{{1,3}})?{_CURRENCY}{_SPACE}?(?=[\d.]))?
        (?:(?<!\w)(?:[-\u2212+±](?=\d)|[#@](?=\w)))?
        (?:(?<!\w)\.(?=\d))?
        (?: (?:{_LETTER}\.){{2,}}(?!\w) | {_PART} )
        (?:
          (?: [-\u2010\u2011/&@·](?=\w) | ['\u2019](?!s(?!\w))(?=\w)
            | (?<=\d)[.,:](?=\d) | (?<=\w)\.(?=[a-z]{{2}}) )
          (?: (?:{_LETTER}\.){{2,}}(?!\w) | {_PART} )
        )*
        (?: (?<=\d)(?: {_SPACE}?[%‰] | {_SPACE}?°(?:[CF](?!\w))? | \+ | {_SPACE}?[€£] ) )?
      )
    | [{_UNSPACED}][{_MARKS}]*
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Word:
    """`text` stands at [start, end)."""

    text: str
    start: int
    end: int


def words(text: str, begin: int, end: int) -> list[Word]:
    """The words of text[begin:end], none of which reaches beyond it, in order."""
    part = text[begin:end]
    return [
        Word(found[0], begin + found.start(), begin + found.end()) for found in _WORD.finditer(part)
    ]
