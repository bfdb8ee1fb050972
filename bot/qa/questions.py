"""What a question asks for: a kind of thing that can be pointed at, or sentences that tell.

English only, by the question word that asks and the noun beside it. A question may begin with its
context ("In Syria, where was ..."), end with what it asks ("... was born where?"), follow other
sentences, or be a quiz's statement with a blank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from bot.qa.question_form import ASKS, OPENING, asking_sentence, asking_word
from bot.qa.question_words import (
    AUXILIARIES,
    DETERMINERS,
    NUMBER_NOUNS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    PREPOSITIONS,
    TIME_NOUNS,
    noun_of_kind,
    tokens,
)


class QuestionKind(Enum):
    """What would answer a question; `value` is its name in JSON."""

    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    PERSON = "person"
    THING = "thing"
    YES_NO = "yes_no"
    WHY = "why"
    HOW = "how"
    EVENT = "event"

    @property
    def has_span(self) -> bool:
        """Whether a few words answer it; the others are answered by whole sentences."""
        return self not in _WITHOUT_SPAN


_WITHOUT_SPAN = (QuestionKind.YES_NO, QuestionKind.WHY, QuestionKind.HOW, QuestionKind.EVENT)
_OF_NOUN = {
    **dict.fromkeys(PLACE_NOUNS, QuestionKind.PLACE),
    **dict.fromkeys(TIME_NOUNS, QuestionKind.TIME),
    **dict.fromkeys(NUMBER_NOUNS, QuestionKind.NUMBER),
    **dict.fromkeys(PERSON_NOUNS, QuestionKind.PERSON),
    "extent": QuestionKind.HOW,
    "manner": QuestionKind.HOW,
    "mean": QuestionKind.HOW,  # "means" in the singular
    "way": QuestionKind.HOW,
}
_OF_WORD = {
    "who": QuestionKind.PERSON,
    "whom": QuestionKind.PERSON,
    "whose": QuestionKind.PERSON,
    "when": QuestionKind.TIME,
    "where": QuestionKind.PLACE,
    "why": QuestionKind.WHY,
}

_HAPPENING = re.compile(
    r"what (?:(?:else|exactly|really|actually|has|have|had|will|is|was|did|does|could|would|might"
    r"|can|all|just|then|been|also|going|to) )*happen(?:s|ed|ing)?\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"what (?:is|was|has been) going on\b|what became of\b|what about\b"
    r"|what (?:is|was) new(?: (?:with|about|in|on|at|today|this)\b|\W*$)"
    r"|what (?:is|are|was) the (?:latest|news|story|situation)"
    r"(?: news| developments?| updates?)?(?: (?:on|about|from|with|in|of|regarding|behind)\b|\?|$)"
    r"|what (?:do|does|did|can|could) (?:we|you|they|anyone|people|police|investigators) know\b"
    r"|what (?:is|was) (?:known|said|reported|written)(?: so far)?(?: about| of| on)\b"
    r"|what (?:can|could) you (?:tell|say)\b"
    r"|what (?:do|does|did) the (?:articles?|papers?|reports?|news) (?:say|report) (?:about|on)\b"
    r"|(?:(?:can|could|would|will) you )?(?:please )?tell (?:me|us)(?: (?:more|all|something"
    r"|anything|everything))? (?:about|of)\b|describe\b|summari[sz]e\b"
    r"|(?:give|write) (?:me |us )?a summary\b"
    r"|(?:any|is there any|are there any) (?:news|updates?)\b",
    re.IGNORECASE,
)
_BLANK_AT_END = re.compile(r"(?:[:\u2026_]|\.\.\.|\u2014|\u2013|-)\W*$")
_BLANK = re.compile(r"_{2,}|\.{3,}\s*\?|\[\s*\]|\(\s*\)")
_THIS_THING = re.compile(
    r"\b(?:this|these) (?!week|month|year|day|morning|afternoon|evening|weekend|season|summer"
    r"|winter|spring|fall|autumn|time|decade|century|past|last|is\b|was\b)\w+",
    re.IGNORECASE,
)
_TRUE_OR_FALSE = re.compile(
    r"true or false\b|.*\b(?:right|correct|true|(?:is|was|did|does|has)n't (?:it|he|she|they))\?$",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b(?! (?:not|more|less|so|fewer|later|earlier)\b)", re.IGNORECASE)
_NO_CHOICE = re.compile(r"\b(?:any\w*|ever)\b|^\w+ it (?:true|possible|likely)\b", re.IGNORECASE)
_TIMELY = ("soon", "late", "early", "recently")
_MEASURED = (
    *("many", "much", "old", "long", "far", "often", "tall", "big", "high", "large", "fast"),
    *("deep", "heavy", "wide", "hot", "cold", "expensive", "small", "young", "frequently", "close"),
    *("quickly", "rich", "low", "short", "strong", "loud", "near"),
)
_COPULAS = ("is", "are", "was", "were")
_NAMING = ("called", "named", "titled")
_COMMANDS = ("name", "give", "list", "identify", "find", "state")


def question_kind(question: str) -> QuestionKind:
    """What `question` asks for. Never raises; keywords that ask for nothing are EVENT."""
    text = asking_sentence(question)
    if _TRUE_OR_FALSE.match(text) and not re.match(ASKS, text, re.IGNORECASE):
        return QuestionKind.YES_NO
    if _EVENT.match(text) or _HAPPENING.match(text):
        return QuestionKind.EVENT
    words = tokens(text)
    asking = asking_word(words)
    if asking is None:
        return _without_word(text, words)
    word, after = words[asking].lower(), words[asking + 1 :]
    if word in OPENING:
        rest = " ".join(words[asking:])
        choice = _CHOICE.search(rest) and not _NO_CHOICE.search(rest)
        return QuestionKind.THING if choice else QuestionKind.YES_NO
    if word in ("whether", "if"):
        return QuestionKind.YES_NO
    if word == "how":
        return _how(after)
    if word in _OF_WORD:
        return _OF_WORD[word]
    if _HAPPENING.match(" ".join(words[asking:])):
        return QuestionKind.EVENT
    before = words[asking - 1].lower() if asking else ""
    noun = _noun_after(after)
    if noun == "reason" and before == "for":
        return QuestionKind.WHY
    return _kind_of(noun, before)


def wanted_noun(question: str) -> str | None:
    """The noun that says what is asked for, in the singular: "which two villages" -> "village".

    Also of "what is the village called?", "what is the name of the village?" and "name the
    village". None where the question names no such noun.
    """
    words = tokens(asking_sentence(question))
    asking = asking_word(words)
    if asking is None:
        start = 1 if words and words[0].lower() in _COMMANDS[1:] else 0
        noun = _described(words[start:]) or _commanded(words)
    elif words[asking].lower() in ("what", "which"):
        noun = _noun_after(words[asking + 1 :])
    else:
        noun = None
    return noun


def _how(after: Sequence[str]) -> QuestionKind:
    word = after[0].lower() if after else ""
    following = [word.lower() for word in after[1:3]]
    if word == "come":
        return QuestionKind.WHY
    if word in _TIMELY or (word == "long" and "ago" in following):
        return QuestionKind.TIME
    return QuestionKind.NUMBER if word in _MEASURED else QuestionKind.HOW


def _noun_after(after: Sequence[str]) -> str | None:
    """The noun that goes with "what" or "which", or that a form of "to be" says it is.

    Of "which country's parliament" that is the country.
    """
    if after and after[0].lower() in _COPULAS:
        return _described(after[1:])
    if len(after) > 1 and [word.lower() for word in after[:2]] == ["will", "be"]:
        return _described(after[2:])
    owner = next((place for place, word in enumerate(after) if word.endswith("'s")), len(after))
    found = noun_of_kind(after[: owner + 1]) if owner < 4 else None
    found = found if found and found[1] == owner + 1 else noun_of_kind(after)
    return found[0] if found else None


def _described(words: Sequence[str]) -> str | None:
    """The noun of "the magnitude of ...", "the village called", "the name of the village"."""
    start = 0
    while start < len(words) and words[start].lower() in DETERMINERS:
        start += 1
    found = noun_of_kind(words[start:])
    if found is None:
        return None
    noun, length = found
    rest = [word.lower() for word in words[start + length :]]
    follows = rest[0] if rest else "?"
    if noun == "name":
        if follows == "of":
            return _described(words[start + length + 1 :]) or _plain_noun(words[start + length :])
        owner = words[start + length - 2].lower() if length > 1 else ""
        own = start > 0 and words[start - 1].lower() in ("his", "her", "their", "your")
        return "person" if own and length == 1 else owner.removesuffix("'s") or None
    if follows in _NAMING or rest[:2] == ["known", "as"]:
        return noun
    if noun not in _OF_NOUN or not (follows in PREPOSITIONS or not follows[0].isalnum()):
        return None
    # "What was the president in?" ends with its preposition: it does not ask for a president.
    return None if follows in PREPOSITIONS and rest[1:2] in (["?"], []) else noun


def _plain_noun(words: Sequence[str]) -> str | None:
    """The noun of "of the village that ..."."""
    found = noun_of_kind(words)
    return found[0] if found else None


def _commanded(words: Sequence[str]) -> str | None:
    """The noun of "name the village that ..."."""
    if len(words) < 2 or words[0].lower() not in _COMMANDS:
        return None
    start = 1
    while start < len(words) and words[start].lower() in DETERMINERS | {"of"}:
        start += 1
    return _plain_noun(words[start:])


def _kind_of(noun: str | None, before: str = "") -> QuestionKind:
    kind = _OF_NOUN.get(noun or "", QuestionKind.THING)
    if kind is QuestionKind.HOW and before not in PREPOSITIONS:
        return QuestionKind.THING  # "which way did they take?"
    return kind


def _without_word(text: str, words: Sequence[str]) -> QuestionKind:
    """Statements, commands and keywords: no word in them asks."""
    if not words:
        return QuestionKind.EVENT
    command = words[0].lower() in _COMMANDS
    if noun := _described(words[1:] if words[0].lower() in _COMMANDS[1:] else words):
        return _kind_of(noun)
    if command and (noun := _commanded(words)):
        return _kind_of(noun)
    blank = _BLANK_AT_END.search(text) or _BLANK.search(text) or _THIS_THING.search(text)
    hangs = words[-1].lower() in PREPOSITIONS | DETERMINERS | AUXILIARIES | {*_NAMING}
    if command or blank or hangs or text.endswith("?"):
        return QuestionKind.THING
    return QuestionKind.EVENT
