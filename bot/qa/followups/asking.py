"""A lone question word put to the last question: "and when?", "who else?", "how many?"."""

from __future__ import annotations

import re

from bot.qa.followups.entities import Entity, entities
from bot.qa.followups.focus import answer_entity
from bot.qa.followups.kinds import EntityKind
from bot.qa.followups.turns import Turn
from bot.qa.followups.vocabulary import PARTICIPLES, PAST_AS_PARTICIPLE
from bot.qa.question_words import AUXILIARIES, PREPOSITIONS, head_noun

_LONE = re.compile(
    r"(?P<word>since when|until when|how often|how come|how many|by who(?:m)?|who|whom|when|where"
    r"|why|how|what|which(?: one)?)(?: (?P<more>else|exactly|precisely))?(?: of them)?\s*\??",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"(?P<word>when|where|why|how)(?P<more> exactly)? (?:did|does|has) (?:it|that|this|all (?:that"
    r"|this)) (?:all )?(?:happen(?:ed)?|occur(?:red)?|take place|come about)\s*\??"
    r"|when was (?:it|that|this)\s*\??|why (?:is|was) (?:it|that|this)\s*\??",
    re.IGNORECASE,
)
_SWAPPED = ("when", "where", "why", "how", "since when", "until when", "how often")
_AUX = "|".join(re.escape(word) for word in sorted(AUXILIARIES, key=len, reverse=True))
_ADVERBIAL = re.compile(
    rf"(?P<word>since when|until when|how often|when|where|why|how)(?: exactly| else)?"
    rf" (?P<aux>{_AUX}) (?P<rest>.+)",
    re.IGNORECASE,
)
_YES_NO = re.compile(rf"(?P<aux>{_AUX}) (?P<rest>.+)", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"how many (?P<noun>[^\W\d_]+(?: [^\W\d_]+)?) (?P<aux>was|were|are|is|have been|had been)"
    r" (?P<rest>.+)",
    re.IGNORECASE,
)
_WHO = re.compile(rf"who(?: else)? (?:(?P<aux>{_AUX}) )?(?P<rest>.+)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:who |(?:which|what) (?:[^\W\d_]+ ){1,2}?)(?P<aux>was |were |is |are )?"
    rf"(?P<verb>(?!(?:{_AUX})\b)[^\W\d_]+)(?: (?P<rest>.+))?",
    re.IGNORECASE,
)
_PLURAL_OF = {"was": "were", "is": "are", "has": "have", "were": "were", "are": "are"}
_LEADING = re.compile(r"(?:and|but|so|then)[, ]+", re.IGNORECASE)


def asked_again(fragment: str, turn: Turn) -> str | None:
    """The last question with the word of `fragment` in the place of its own; None if it has none.

    None, too, where that would take a verb form that only a grammar knows. `fragment` has no
    "and" before it.
    """
    text = " ".join(fragment.split())
    happened = _HAPPENED.fullmatch(text)
    lone = happened or _LONE.fullmatch(text)
    if lone is None:
        return None
    word = (lone["word"] or text.split()[0]).lower()
    more = (lone["more"] or "").strip().lower()
    last = _LEADING.sub("", " ".join(turn.asked_as.split()).rstrip(" ?.!"), count=1)
    made: str | None = None
    if happened and _WHO.match(last):
        return None  # "who led the raid?", "when did it happen?": "it" is the raid
    if more == "else":
        made = _more_of(word, last)
    elif word == "how many":
        made = _counted(last)
    elif word.startswith("by "):
        made = _by_whom(last)
    elif word == "how come":
        made = _swapped("why", "", last, turn)
    elif word in _SWAPPED:
        made = _swapped(word, more, last, turn)
    return f"{made[0].upper()}{made[1:]}?" if made else None


def is_lone(fragment: str) -> bool:
    """Whether `fragment` is nothing but a question word, with "else" and the like."""
    return _LONE.fullmatch(" ".join(fragment.split())) is not None


def happens(message: str) -> bool:
    """Whether it asks when, where, why or how "that" happened."""
    return _HAPPENED.fullmatch(" ".join(message.split())) is not None


def _more_of(word: str, last: str) -> str | None:
    opening = re.match(rf"{word}(?: else)?\b(?= )", last, re.IGNORECASE)
    return f"{word} else{last[opening.end() :]}" if opening else None


def _swapped(word: str, more: str, last: str, turn: Turn) -> str | None:
    asking = f"{word} {more}".strip()
    if (found := _ADVERBIAL.fullmatch(last)) or (found := _YES_NO.fullmatch(last)):
        same = found.re is _ADVERBIAL and found["word"].lower() == word
        if (same and not more) or not _whole_clause(found["rest"], found["aux"]):
            return None
        return f"{asking} {found['aux'].lower()} {found['rest']}"
    if found := _HOW_MANY.fullmatch(last):
        return f"{asking} {found['aux']} {found['noun']} {found['rest']}"
    return _of_subject(asking, last, turn)


def _of_subject(asking: str, last: str, turn: Turn) -> str | None:
    """From "who was killed?" by the answer, from "who attacked X?" by the passive."""
    found = _SUBJECT.fullmatch(last)
    if found is None:
        return None
    aux, verb, rest = (found["aux"] or "").strip().lower(), found["verb"], found["rest"] or ""
    if aux:
        answer = answer_entity(turn)
        if not _participle(verb) or answer is None or not answer.name:
            return None
        plural = answer.plural or aux in ("were", "are")
        aux = _PLURAL_OF[aux] if plural else aux
        return " ".join(f"{asking} {aux} {answer.text} {verb} {rest}".split())
    named = next((each for each in entities(rest) if each.start == 0), None)
    if named is None or not _past(verb):
        return None
    verb_of = f"{asking} {'were' if named.plural else 'was'} {named.text} {verb}"
    return f"{verb_of}{rest[named.end :]}"


def _counted(last: str) -> str | None:
    if found := _WHO.fullmatch(last):
        aux, rest = (found["aux"] or "").lower(), found["rest"]
        if aux in _PLURAL_OF:
            # "Who is the mayor?" asks for one.
            return f"how many people {_PLURAL_OF[aux]} {rest}" if _participle(rest) else None
        return f"how many people {rest}" if not aux and _past(rest.split()[0]) else None
    found = _ADVERBIAL.fullmatch(last) or _YES_NO.fullmatch(last)
    if found is None or found["aux"].lower() not in ("were", "are", "was", "is"):
        return None
    rest = re.sub(r"\A(?:the|any|these|those) ", "", found["rest"])
    head = head_noun(rest.split())
    if head is None or head[0] == rest.split()[head[1] - 1].lower() or rest[0].isupper():
        return None
    return f"how many {' '.join(rest.split()[: head[1]])} {found['aux'].lower()}" + (
        " " + " ".join(rest.split()[head[1] :])
    )


def _by_whom(last: str) -> str | None:
    found = _ADVERBIAL.fullmatch(last) or _YES_NO.fullmatch(last)
    if found is None or found["aux"].lower() not in ("was", "were", "is", "are"):
        return None
    passive = any(_participle(word) for word in found["rest"].split()[1:])
    return f"by whom {found['aux'].lower()} {found['rest']}" if passive else None


def _whole_clause(rest: str, aux: str) -> bool:
    """Whether more than a subject follows the auxiliary, and no preposition is left hanging."""
    words = rest.split()
    if words[0].lower() in ("it", "that", "this"):
        return False  # "is it true that ...?"
    if len(words) < 2 or words[-1].lower() in PREPOSITIONS - {"in", "on", "off", "up", "out"}:
        return False
    if aux.lower() not in ("is", "are", "was", "were", "am"):
        return True
    subject = _subject(rest)
    return subject is None or subject.end < len(rest)


def _subject(rest: str) -> Entity | None:
    """The subject at the start of what follows an auxiliary."""
    found = entities(f"was {rest}")
    first = next((each for each in found if each.start == 4), None)
    if first is None:
        return None
    return Entity(first.text, 0, first.end - 4, EntityKind.UNKNOWN)


def _participle(words: str) -> bool:
    word = words.split()[0].lower()
    return word in PARTICIPLES or (word.endswith("ed") and len(word) > 4)


def _past(word: str) -> bool:
    """Whether the word is a past tense that can stand after "was" as well."""
    word = word.lower()
    return word in PAST_AS_PARTICIPLE or (word.endswith("ed") and len(word) > 4) or word == "died"
