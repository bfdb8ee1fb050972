"""Pronouns of a message in the words of the earlier turns: "when did he die?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.followups import resolution
from bot.qa.followups.entities import Entity, entities
from bot.qa.followups.focus import located, owner
from bot.qa.followups.kinds import EntityKind
from bot.qa.followups.resolution import CLASS_OF, HE, IT, SHE, THEN, THERE, THEY, Ambiguity
from bot.qa.followups.turns import Turn
from bot.qa.question_words import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, singular

_PERSONAL = re.compile(rf"\b(?:{'|'.join(CLASS_OF)})\b(?!['\u2019](?!s\b))", re.IGNORECASE)
_POSSESSIVE = frozenset(("his", "her", "its", "their"))
_OBJECTS = frozenset(("him", "them", "her", "it"))
_DEMONSTRATIVE = re.compile(
    r"\b(?:(?P<lead>in|on|at|during|since|before|after|from)\s)?(?P<which>that|this|those|these)\s"
    r"(?P<noun>[^\W\d_]+)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(that|this|those|these)\W*\Z", re.IGNORECASE)
_THAT_TIME = frozenset(("year", "month", "day", "time", "week", "decade"))
_REPORTING = re.compile(
    r"\b(?:sa(?:y|ys|id)|true|claim\w*|confirm\w*|announc\w+|report\w*|think|believ\w+|know|known"
    r"|told|den(?:y|ies|ied)|show\w*|mean\w*|so|such|fact)\s\Z",
    re.IGNORECASE,
)
# "Is it true that", "how long does it take", "was it raining": stands for nothing.
_EMPTY_IT = re.compile(
    r"\bit\s(?:is\s|was\s)?(?:true|possible|likely|clear|certain|known|correct|necessary|rain\w*"
    r"|snow\w*|tak(?:e|es|en)|took|that|said|reported|legal|illegal|safe|wrong|too|mean|because)\b"
    r"|\b(?:is|was)\sit\s(?:the|an?)\s[\w\s]{1,40}\s(?:who|that)\b",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\b(?:do|does|did|done|doing)\sit(?:\s(?:again|before|alone|too|this|that))?\W*\Z",
    re.IGNORECASE,
)
_WEATHER = re.compile(r"\bit\s(?:be\s)?(?:rain|snow|hot|cold|sunny|windy)", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b", re.IGNORECASE)
_IS_THERE = re.compile(
    r"\b(?:is|are|was|were|be|been|will|has|have|had|isn't|aren't|wasn't|weren't)\s\Z", re.I
)
_HOW_MANY = re.compile(r"\bhow many (?:\w+ )?(?:are|were) \Z", re.IGNORECASE)
_THERE_IS = re.compile(r"\s(?:is|are|was|were|will|has|have|had|any|an?|been|be|no|more|still)\b")
_MOVING = re.compile(
    r"\b(?:go|goes|going|gone|went|get|got|come|came|travel\w*|fl[ye]w?|flies|flown|mov(?:e|ed|es)"
    r"|sen[dt]|drive|drove|return(?:ed|s)?|flee|fled|bring|brought|way)\s\Z",
    re.IGNORECASE,
)
_THEN = re.compile(r"(?<!\Aand )(?<!\Abut )(?<!\A)\bthen(?=\s*[?.!]*\s*\Z)", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:happen\w*|came|comes|who|what|where|why|how|when)\sthen\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:who|that|if|when|where|why|how|because|while|and|but|or)\b|,"
    r"|\b(?:say|said|says|claim\w*|think)\s(?!(?:about|on|of|to|against|in)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Replacement:
    start: int
    end: int
    text: str
    understood: str


def replacements(message: str, turns: Sequence[Turn]) -> list[Replacement]:
    """What to put for the words of `message` that point back, in order; none if there are none.

    Raises resolution.Ambiguity for the first word that nothing, or more than one thing, fits.
    """
    personal = _personal(message, turns)
    meant: dict[str, str] = {}
    for change in personal:
        word = message[change.start : change.end].lower()
        text = change.understood.partition(" = ")[2]
        if meant.setdefault(text, CLASS_OF[word]) != CLASS_OF[word]:
            raise Ambiguity(word)  # "how often have they won it?": not one thing
    found = [*personal, *_demonstrative(message, turns)]
    found += [*_there(message, turns), *_then(message, turns)]
    return sorted(found, key=lambda each: each.start)


def replaced(message: str, changes: Sequence[Replacement]) -> str:
    """`message` with the changes made; they do not overlap."""
    for change in reversed(changes):
        message = message[: change.start] + change.text + message[change.end :]
    return message


def _personal(message: str, turns: Sequence[Turn]) -> list[Replacement]:
    made = []
    for match in _PERSONAL.finditer(message):
        word = match.group().lower()
        if word == "it" and _DOING.search(message):
            raise Ambiguity(word)  # "why did he do it?": an action
        if word == "it" and (
            _EMPTY_IT.search(message, max(0, match.start() - 4)) or _weather(message)
        ):
            continue
        if _bound(message, match.start(), word):
            continue
        meant = resolution.antecedent(word, turns)
        possessive = word in _POSSESSIVE and (word != "her" or _noun_follows(message, match.end()))
        text = owner(meant) if possessive else meant.text
        made.append(Replacement(*match.span(), text, f"{word} = {meant.text}"))
    return made


def _weather(message: str) -> bool:
    return _WEATHER.search(message) is not None


def _bound(message: str, start: int, word: str) -> bool:
    """Whether the pronoun stands for something that the message itself names before it."""
    before = [each for each in entities(message) if each.end <= start]
    able = [each for each in before if _may_be(CLASS_OF[word], each)]
    if not able:
        return False
    if able[-1].general and message[able[-1].end : start].strip().lower() in AUXILIARIES:
        able.pop()  # "how many missiles did they fire?"
        if not able:
            return False
    if word in _OBJECTS and not _noun_follows(message, start + len(word)):
        # "Did Putin meet him?" means another one; "did Putin say who attacked him?" may not.
        return _CLAUSE.search(message, able[-1].end, start) is not None
    return True


def _may_be(wanted: str, entity: Entity) -> bool:
    if wanted in (HE, SHE):
        person = entity.kind in (EntityKind.PERSON, EntityKind.UNKNOWN)
        return person and not entity.plural and entity.gender != ("f" if wanted == HE else "m")
    if wanted == THEY:
        return entity.plural or entity.kind is EntityKind.ORGANISATION
    return wanted == IT and not entity.plural and entity.kind is not EntityKind.PERSON


def _noun_follows(message: str, end: int) -> bool:
    following = re.match(r"\s([\w'-]+)", message[end:])
    if following is None:
        return False
    word = following[1].lower()
    stops = PREPOSITIONS | AUXILIARIES | QUESTION_WORDS
    return word not in stops and word not in (
        "and", "or", "but", "if", "that", "because", "then", "there", "now", "again", "first",
        "today", "yesterday", "to", "a", "an", "the", "so", "as",
    )  # fmt: skip


def _demonstrative(message: str, turns: Sequence[Turn]) -> list[Replacement]:
    made = []
    if alone := _ALONE.search(message):
        raise Ambiguity(alone[1].lower())
    for match in _DEMONSTRATIVE.finditer(message):
        noun = singular(match["noun"])
        plain, which = match["noun"].lower(), match["which"].lower()
        if _REPORTING.search(message, 0, match.start("which")):
            continue
        if plain in _THAT_TIME:
            if which == "that":
                when = resolution.time(turns)
                made.append(Replacement(*match.span(), when, f"that {plain} = {when}"))
            continue
        if not resolution.can_describe(noun, turns):
            continue
        meant = resolution.described(noun, turns)
        made.append(
            Replacement(
                match.start("which"), match.end(), meant.text, f"{which} {plain} = {meant.text}"
            )
        )
    return made


def _there(message: str, turns: Sequence[Turn]) -> list[Replacement]:
    made = []
    for match in _THERE.finditer(message):
        before, after = message[: match.start()], message[match.end() :]
        last = not re.search(r"\w", after)
        if not last and (_IS_THERE.search(before) or _THERE_IS.match(after)):
            continue
        if not before.strip():
            continue
        if last and _HOW_MANY.search(before):
            raise Ambiguity(THERE)  # "how many were there?": at the place, or at all
        if any(each.kind is EntityKind.PLACE and each.end <= match.start()
               for each in entities(message)):  # fmt: skip
            continue
        meant = resolution.place(turns)
        text = located(meant)
        led = re.search(r"(\w+)\s\Z", before)
        if led and led[1].lower() in PREPOSITIONS - {"like"}:
            text = meant.text
        elif _MOVING.search(before):
            text = f"to {meant.text}"
        made.append(Replacement(*match.span(), text, f"{THERE} = {text}"))
    return made


def _then(message: str, turns: Sequence[Turn]) -> list[Replacement]:
    match = _THEN.search(message)
    if match is None:
        return []
    if _NEXT.search(message):
        raise Ambiguity(THEN)  # "what happened then?" can ask for what came next
    when = resolution.time(turns)
    return [Replacement(*match.span(), when, f"{THEN} = {when}")]
