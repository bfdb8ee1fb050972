"""Whether a question asks for the latest there is."""

from __future__ import annotations

import re

_CUE = re.compile(
    r"(?<![\w-])(?:latest|newest|most\srecent|recent|recently|lately|now|nowadays|currently"
    r"|(?:the|its|whose|his|her|their|'s|\u2019s)\scurrent(?=\s\w)|today|tonight|these\sdays"
    r"|this\s(?:week|weekend|month|morning|afternoon|evening)|right\snow|at\sthe\smoment|so\sfar"
    r"|at\spresent|up\sto\sdate|up-to-date|as\sof\snow)(?![\w-])",
    re.IGNORECASE,
)
_QUOTED = re.compile('"[^"]{0,200}"|\u201c[^\u201d]{0,200}\u201d')
_SENTENCE_START = re.compile(r"(?:\A|[.!?:,;\n])\s*\Z")
_NOT_NOW = re.compile(r"\b(?:by|until|before|just|even|apocalypse|every\s?)\s\Z", re.IGNORECASE)
MAX_QUESTION = 2_000
"""Code points of a question that are read."""


def wants_latest(question: str) -> bool:
    """Whether an English question has a word such as "latest", "now" or "this week".

    Not where the word is part of a name, as its capital ("Apocalypse Now", "USA Today") or
    quotation marks tell.
    """
    question = _QUOTED.sub(" ", question[:MAX_QUESTION])
    cased = not question.isupper()
    return any(
        not (cased and _is_name(found, question)) and not _is_other(found, question)
        for found in _CUE.finditer(question)
    )


def _is_name(found: re.Match[str], question: str) -> bool:
    if not found.group()[0].isupper():
        return False
    return _SENTENCE_START.search(question[max(0, found.start() - 8) : found.start()]) is None


def _is_other(found: re.Match[str], question: str) -> bool:
    """ "By now", "just now", the film written small, and "a year ago today"."""
    before = question[max(0, found.start() - 16) : found.start()]
    match found.group().lower():
        case "now":
            return _NOT_NOW.search(before) is not None
        case "today":
            return before.lower().endswith(" ago ")
        case _:
            return False
