"""What kind of thing a question asks for, and whether a sentence has one that is new."""

from __future__ import annotations

import re
from enum import Enum


class AnswerType(Enum):
    """The kinds of answer that leave a mark in a sentence which a pattern can see."""

    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    PERSON = "person"
    OTHER = "other"


_PLACE_NOUNS = (
    "area|border|city|country|county|continent|district|island|location|nation|neighborhood|"
    "neighbourhood|place|port|province|region|state|suburb|town|venue|village"
)
_QUESTIONS: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AnswerType.NUMBER, r"\bhow (?:many|much|old|long|far|tall|big|high|large|fast)\b"),
        (AnswerType.NUMBER, r"\bwhat (?:number|percentage|percent|amount|price|age)\b"),
        (
            AnswerType.TIME,
            r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|day|date|month|time|decade)\b",
        ),
        (AnswerType.PLACE, rf"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:{_PLACE_NOUNS})\b"),
        (AnswerType.PERSON, r"\bwho(?:m|se)?\b|\bwhat (?:is|was) the name\b"),
        (
            AnswerType.PERSON,
            r"\bwhich (?:\w+ ){0,2}(?:actor|actress|singer|president|player|star)\b",
        ),
    )
)

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan\\.|Feb\\.|Mar\\.|Apr\\.|Aug\\.|Sept?\\.|Oct\\.|Nov\\.|Dec\\."
)
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_TIME = re.compile(
    # Months and days only with a capital: "may" is no month.
    rf"\b(?:1[5-9]|20)\d\ds?\b|\b(?:{_MONTHS})(?!\w)|\b(?:{_DAYS})\b"
    r"|(?i:\b(?:yesterday|today|tonight|tomorrow|noon|midnight|century|ago)\b)"
    r"|(?i:\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b)|(?i:\blast (?:week|month|year|night)\b)"
)
_NUMBER = re.compile(
    r"(?<![\w.])[$€£]?\d[\d,.]*(?:%|\b)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eleven|twelve|dozens?|scores|hundreds?|thousands?|millions?|billions?|half|twice|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety)\b",
    re.IGNORECASE,
)
_CAPITALISED = r"[A-Z\u00c0-\u00de][\w'\u2019-]+"
_PLACE = re.compile(
    r"\b(?:in|at|near|outside|inside|from|to|around|off|across|into|toward|towards)\s+"
    r"(?:the\s+)?(?:(?:[a-z]+\s+){0,2}of\s+)?"
    rf"({_CAPITALISED}(?:\s+{_CAPITALISED})*)"
)
_NAME = re.compile(rf"{_CAPITALISED}(?:\s+{_CAPITALISED})+")
_NOT_PLACES = re.compile(rf"^(?:{_MONTHS}|{_DAYS})")


def answer_type(question: str) -> AnswerType:
    """The first kind whose wording the question has."""
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            return kind
    return AnswerType.OTHER


def candidates(kind: AnswerType, sentence: str, question: str) -> int:
    """How many things of `kind` the sentence names that the question does not."""
    asked = question.casefold()
    return sum(
        1 for thing in _things(kind, sentence) if thing.casefold().strip(" .,'") not in asked
    )


def _things(kind: AnswerType, sentence: str) -> list[str]:
    match kind:
        case AnswerType.TIME:
            return _TIME.findall(sentence)
        case AnswerType.NUMBER:
            dates = {found.group() for found in _TIME.finditer(sentence)}
            return [found for found in _NUMBER.findall(sentence) if found not in dates]
        case AnswerType.PLACE:
            return [found for found in _PLACE.findall(sentence) if not _NOT_PLACES.match(found)]
        case AnswerType.PERSON:
            return _NAME.findall(sentence)
        case AnswerType.OTHER:
            return []
