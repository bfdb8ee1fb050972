"""The patterns that find date expressions: one that is fast, one that is exact.

`_starts` gives every place where a date expression may begin, or where its "ago" stands;
`_EXPRESSION` then matches there or not. Every quantifier is bounded and one character parts two
words, so that the time is linear in the text and no expression crosses a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_S = r"[ \t\n\u00a0\u202f]"
_YEAR = r"(?:1[0-9]|20)[0-9][0-9]"
_DASH = r"[-\u2010-\u2014]"
_ORDINAL = r"(?:st|nd|rd|th)"
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?"
    r"|Aug(?:ust|\.)?|Sep(?:tember|t\.?|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
    r"(?![\w]|-[A-Za-z])"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?!\w)"
_ANY_WEEKDAY = rf"(?:{_WEEKDAY}|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\.)"


def _words(words: str) -> str:
    """Any of the words, with a small or a capital first letter."""
    capital = (f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in words.split())
    return f"(?:{'|'.join(capital)})"


_SEASON = _words("spring summer fall autumn winter")
_UNIT = rf"(?:{_words('day weekend week month quarter year decade')}s?|[Cc]entur(?:y|ies))(?!\w)"
_PART_OF_DAY = rf"{_words('night morning afternoon evening')}(?!\w)"
_THAT = _words("last this next")
_THAT_YEAR = rf"(?:{_YEAR}(?![0-9])|(?:of{_S})?{_THAT}{_S}[Yy]ear(?!\w))"
_COUNT = (
    r"(?:[0-9]{1,3}|"
    + _words("one two three four five six seven eight nine ten eleven twelve twenty few several")
    + rf"|[Cc]ouple(?:{_S}of)?)"
)

_KINDS = {
    "day": (  # 2021-10-03, 2021/10/03, 10/3/2021
        rf"{_YEAR}(?P<dash>[-/])[01]?[0-9](?P=dash)[0-3]?[0-9](?![\w/])"
        rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/(?:[0-9]{{4}}|[0-9]{{2}})(?![\w/])"
    ),
    "day_month": (  # 3 October, 3rd of October 2021, 3-5 October
        rf"[0-9]{{1,2}}{_ORDINAL}?"
        rf"(?:(?:{_S}?{_DASH}{_S}?|{_S}(?:to|and){_S})[0-9]{{1,2}}{_ORDINAL}?)?"
        rf"{_S}(?:of{_S})?{_MONTH}(?:,?{_S}{_THAT_YEAR})?"
    ),
    "century": rf"[12]?[0-9]{_ORDINAL}(?:{_S}|-)century(?!\w)",
    "decade": r"(?:(?:1[0-9]|20)[0-9]|['\u2018\u2019][1-9])0['\u2019]?s(?!\w)",
    "year": (  # 2019, 2019-20, 2019-2021
        rf"{_YEAR}(?:{_DASH}(?:{_YEAR}|[0-9]{{2}})(?![0-9]))?"
        rf"(?![\w%\u00b0]|[.,:/][0-9]|{_DASH}[0-9])"
    ),
    "month": (  # October, Oct. 3, Monday, Oct. 3-5, 2021, October 2021, October last year
        rf"(?:{_ANY_WEEKDAY},?{_S}(?:the{_S})?)?{_MONTH}"
        rf"(?:{_S}?[0-9]{{1,2}}{_ORDINAL}?(?![\w%]|[.:][0-9]|,[0-9]{{3}}(?![0-9]))"
        rf"(?:(?:{_S}?{_DASH}{_S}?|{_S}(?:to|through){_S})[0-9]{{1,2}}{_ORDINAL}?"
        rf"(?![\w%:]|{_S}[ap]\.?m))?"
        rf"(?:(?:{_S}?,{_S}?|{_S}){_THAT_YEAR})?"
        rf"|,?{_S}(?:of{_S})?{_THAT_YEAR})?"
    ),
    "weekday": rf"{_WEEKDAY}(?:,?{_S}(?:of{_S})?{_THAT}{_S}[Ww]eek(?!\w))?",
    "quarter": (  # Q3 2022, the third quarter of last year, first half of 2021
        rf"Q[1-4](?:,?{_S}(?:of{_S})?)?{_THAT_YEAR}"
        rf"|{_words('first second third fourth')}{_S}(?:[Qq]uarter|[Hh]alf){_S}of{_S}{_THAT_YEAR}"
    ),
    "season": rf"{_SEASON}(?:{_S}of|,)?{_S}{_THAT_YEAR}",
    "shifted": (  # last week, this past Monday, next March, past three days, last night
        rf"{_words('last past this next previous coming')}(?:{_S}(?:past|coming))?{_S}"
        rf"(?:{_WEEKDAY}|{_MONTH}|{_SEASON}(?!\w)|{_PART_OF_DAY}|(?:{_COUNT}{_S})?{_UNIT})"
    ),
    "near": (
        rf"(?:[Dd]ay{_S}(?:before{_S}yesterday|after{_S}tomorrow)"
        rf"|{_words('yesterday today tonight tomorrow')})(?!\w)"
    ),
    "weekend": r"[Ww]eekend(?!\w)",
}
_EXPRESSION = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items())
_AGO = rf"(?<![\w.,])(?P<ago>(?:(?:[Aa]{_S})?{_COUNT}|[Aa]n?){_S}{_UNIT}{_S}(?:ago|from{_S}now))\Z"
_AGO_LENGTH = 40  # code points that the longest of them takes

_NUMBER_REST = (  # what may follow a digit
    rf"[0-9]{{3}}|[0-9]?(?:/|{_ORDINAL}?(?:{_S}?{_DASH}|{_S}(?:to|and|of|[JFMASONDc])))"
)
_NAME_STARTS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun Q[1-4]"
_AFTER_THIS = (
    "[PpCcA-Z]|week|month|year|quarter|decade|century|spring|summer|fall|autumn|winter"
    "|night|morning|afternoon|evening"
)
_WORD_STARTS = (
    *("last", "past", "next", "previous", "coming", "weekend"),
    *("yesterday", "today", "tonight", "tomorrow"),
    *("spring", "summer", "fall", "autumn", "winter"),
    *(rf"{word}{_S}[QqHh]" for word in ("first", "second", "third", "fourth")),
    rf"this{_S}(?:{_AFTER_THIS})",
    rf"day{_S}[ab]",
)


def _starts() -> str:
    """Where an expression may begin, or "ago" and "from now" stand; it need not be exact.

    A set of characters at the very front lets the engine skip to the next of them, and telling
    the words apart by their second letter is quicker than having one alternative for each.
    """
    alone = r"(?<![\w$\u20ac\u00a3#].)"
    capital = _by_second_letter([*_NAME_STARTS.split(), *_WORD_STARTS])
    small = _by_second_letter([*_WORD_STARTS, "ago", f"from{_S}now"])
    return (
        rf"[ACDFJLMNOPQSTWY]{alone}{capital}|[acdflnpstwy]{alone}{small}"
        rf"|[0-9](?<![\w$\u20ac\u00a3#.,].)(?:{_NUMBER_REST})|['\u2018\u2019][1-9]0"
    )


def _by_second_letter(words: list[str]) -> str:
    rests: dict[str, list[str]] = {}
    for word in words:
        letter = word[1:6] if word[1] == "[" else word[1]
        rests.setdefault(letter, []).append(word[1 + len(letter) :])
    alternatives = [f"{letter}(?:{'|'.join(rest)})" for letter, rest in rests.items()]
    return f"(?:{'|'.join(alternatives)})"


class Finder:
    """Finds date expressions in a text of one way of writing."""

    def __init__(self, *, any_case: bool) -> None:
        flags = re.IGNORECASE if any_case else 0
        self._starts = re.compile(_starts(), flags)
        self._expression = re.compile(_EXPRESSION, flags)
        self._ago = re.compile(_AGO, flags)

    def matches(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The kind, start and end of each, in order and without overlap."""
        done = 0
        for found in self._starts.finditer(text):
            start, first = found.start(), found.group()
            if start < done:
                continue
            if first.lower() == "ago" or first[-3:].lower() == "now":
                before = max(done, start - _AGO_LENGTH)
                match = self._ago.search(text[before : found.end()])
                if match:
                    yield "ago", before + match.start(), found.end()
                    done = found.end()
            elif match := self._expression.match(text, start):
                done = match.end()
                yield match.lastgroup or "", start, done


@cache
def finder(*, any_case: bool) -> Finder:
    """The finder for texts that write "March" the month with a capital; with `any_case` the one
    for questions, typed as they come, and for texts in capitals. Made at the first use."""
    return Finder(any_case=any_case)
