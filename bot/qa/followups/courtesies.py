"""Messages that ask for nothing: thanks, assent, remarks."""

from __future__ import annotations

import re

_WORDS = (
    r"thank\syou|thanks?|thx|ty|cheers|many\sthanks|ok(?:ay)?|k|yes|yep|yeah|no|nope|great|good"
    r"(?:\s(?:bot|job|work|one|answer|point))?|nice(?:\s(?:one|work))?|cool|perfect|excellent"
    r"|awesome|brilliant|wow|lol|haha+|hm+|ah+|oh|aha|i\ssee|got\sit|understood|right|sure|fine"
    r"|alright|never\s?mind|hello|hi|hey|bye|good\s?bye|please|very\smuch|a\slot|so\smuch|all"
    r"|for\s(?:that|this|the\s(?:answer|help))|well\sdone|interesting|that'?s?\s(?:it|all|right"
    r"|great|good|fine)|(?:that|this)\shelps|again|anyway|sorry|both|everyone|mate"
)
# Possessive: a run of dots after a word is read in one way only, however long it is.
_COURTESY = re.compile(rf"(?:(?:{_WORDS})\b[\s,.!;:\u2026-]*+|[^\w\s?]\s*+)++", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:(?:thank\syou|thanks?|thx|ok(?:ay)?|great|good|nice|cool|perfect|i\ssee|got\sit|right|sure"
    r"|alright|hm+|ah|oh|wow|interesting|hi|hello|hey)(?:\s(?:very\smuch|a\slot|so\smuch))?"
    r"\b[\s,.!;:\u2026-]++)++(?=\S)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:i\s(?:don'?t|do\snot)?\s?(?:think|know|see|believe|agree|like|love|doubt|guess|thought"
    r"|knew)|(?:that|this|it)(?:'s|\sis|\swas|\sisn'?t|\sdoes(?:n'?t|\snot)|\ssounds|\slooks"
    r"|\shelps|\smakes)|you(?:'re|\sare|\swere)|how\s(?:interesting|sad|awful|nice|terrible)"
    r"|what\s(?:a|an)\b|good\s(?:to|night|morning))\b[^?]*",
    re.IGNORECASE,
)
_REACTION = re.compile(
    r"(?:are\syou\s(?:sure|certain|serious)(?:\sabout\s(?:that|this|it))?|really|seriously|sure"
    r"|is\s(?:that|this|it)\s(?:true|right|correct|so|all|real)|says\swho|(?:any\s)?sources?"
    r"|what(?:'s|\sis)\s(?:the|your)\ssource|what|huh|more|tell\sme\smore|more\sdetails?"
    r"|anything\selse|go\son|and)\s*[?!.\u2026]*",
    re.IGNORECASE,
)


def is_courtesy(message: str) -> bool:
    """Whether `message` only thanks, agrees or remarks; one with a question mark does not."""
    text = message.strip().replace("\u2019", "'")
    if "?" in text:
        return False
    return bool(_COURTESY.fullmatch(text) or _REMARK.fullmatch(text))


def is_reaction(message: str) -> bool:
    """Whether `message` doubts the answer or wants more of it, without saying of what."""
    return _REACTION.fullmatch(message.strip().replace("\u2019", "'")) is not None


def without_courtesy(message: str) -> str:
    """`message` without the thanks that open it."""
    return message[found.end() :] if (found := _OPENING.match(message)) else message
