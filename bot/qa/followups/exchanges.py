"""A name, a place, a time or a noun put into the last question: "and in 2020?"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.languages import _
from bot.qa.followups.entities import Entity, entities
from bot.qa.followups.focus import distinct
from bot.qa.followups.kinds import EntityKind
from bot.qa.followups.times import TimePhrase, time_phrases, with_preposition
from bot.qa.followups.vocabulary import LOCATIVES
from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.question_words import AUXILIARIES, DETERMINERS, PREPOSITIONS, QUESTION_WORDS, singular
from bot.qa.questions import QuestionKind, question_kind
from index.analysis import NAME_PREFIXES

_COUNTED = re.compile(r"\bhow many (?P<noun>[^\W\d_]+)", re.IGNORECASE)
_NOUN = re.compile(r"(?:how many )?(?P<noun>[a-z]{3,30}s|people|men|women|children)", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:other|ones?|first|second|third|last|latter|former|rest|others)\b", re.I)
_YEAR = re.compile(r"\b\d{4}\Z")
_MAX_WORDS = 8


@dataclass(frozen=True, slots=True)
class Exchange:
    """The last question with parts put in; `options` are the readings where there are several."""

    question: str
    understood: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a message is besides a time: "in Syria", "Al Baghdadi", "the nurses"."""

    text: str
    preposition: str
    entity: Entity


def exchanged(fragment: str, last: str) -> Exchange | None:
    """`last`, a whole question, with what `fragment` names in the place of its like.

    None if the fragment is none, or has no like there. With several likes, `question` is empty
    and `options` are the questions it can mean.
    """
    text = " ".join(fragment.split()).strip(" ?.!,")
    if not text or len(text.split()) > _MAX_WORDS or _OTHER.search(text):
        return None
    if counted := _noun(text, last):
        return counted
    times = time_phrases(text)
    if len(times) > 1:
        return None
    rest = text
    if times:
        rest = (text[: times[0].start] + text[times[0].end :]).strip(" ,")
    piece = _piece(rest) if rest else None
    if rest and piece is None:
        return None
    made = Exchange(last, "")
    if piece is not None:
        put = _named(piece, made.question)
        if put is None:
            return None
        made = put
    if times:
        later = [_timed(text, times[0], each) for each in made.options or (made.question,)]
        whole = [each for each in later if each is not None]
        if len(whole) < len(later):
            return None
        understood = f"{made.understood}, {whole[0].understood}".lstrip(", ")
        questions = tuple(each.question for each in whole)
        if made.options:
            return Exchange("", understood, questions)
        made = Exchange(questions[0], understood)
    return made


def is_fragment(text: str) -> bool:
    """Whether `text` is only a name, a place, a time or a noun, with a preposition perhaps."""
    plain = " ".join(text.split()).strip(" ?.!,")
    if not plain or len(plain.split()) > _MAX_WORDS:
        return False
    times = time_phrases(plain)
    if times:
        plain = (plain[: times[0].start] + plain[times[0].end :]).strip(" ,")
    return not plain or _piece(plain) is not None


def _piece(text: str) -> _Piece | None:
    preposition, _space, bare = text.partition(" ")
    if preposition.lower() not in PREPOSITIONS or not bare:
        preposition, bare = "", text
    words = {word.lower() for word in re.findall(r"[\w']+", bare) if not word.isupper()}
    if words & (QUESTION_WORDS | AUXILIARIES) or words <= DETERMINERS:
        return None
    lead = preposition or "about"
    whole = f"{lead} {bare}"
    found = [each for each in entities(whole) if each.end == len(whole)]
    first = next((each for each in found if each.start == len(lead) + 1), None)
    if first is None:
        prefixed = bare.split()[0].lower() in NAME_PREFIXES and len(bare.split()) < 5
        if prefixed:  # "al baghdadi"
            first = Entity(bare, len(lead) + 1, len(whole), EntityKind.UNKNOWN, name=True)
            return _Piece(bare, preposition.lower(), first)
        if not gazetteer().types(fold(bare)):
            return None
        first = Entity(bare, len(lead) + 1, len(whole), EntityKind.PLACE, name=True)
    return _Piece(bare, preposition.lower(), first)


def _named(piece: _Piece, last: str) -> Exchange | None:
    targets = _targets(piece, last)
    place = piece.entity.kind is EntityKind.PLACE and piece.entity.name
    if not targets:
        led = piece.preposition in LOCATIVES
        whole = [each for each in entities(last) if each.kind is EntityKind.PLACE and each.name]
        if not (place and led) or whole or question_kind(last) is QuestionKind.PLACE:
            return None
        added = f"{piece.preposition} {piece.text}"
        return Exchange(_appended(last, added), f"{added} added")
    made = [_put(piece, target, last) for target in targets]
    if len(made) == 1 and not targets[0].name and (tail := _tail(piece, targets[0], last)):
        # "the president of France", "and the prime minister?" keeps France.
        if tail.startswith(" of "):
            made = [_put(replace(piece, text=piece.text + tail), targets[0], last)]
        else:
            made.append(_put(replace(piece, text=piece.text + tail), targets[0], last))
    if len(made) == 1:
        return Exchange(made[0], f"{piece.text} instead of {targets[0].text}")
    return Exchange("", _("{words} instead of which").format(words=piece.text), tuple(made))


def _targets(piece: _Piece, last: str) -> list[Entity]:
    """What of the last question the piece can take the place of."""
    found = entities(last)
    new = piece.entity
    if not new.name:
        nouns = [each for each in found if not each.name and not each.inner]
        alike = [each for each in nouns if each.plural == new.plural and each.noun]
        alike = [each for each in alike if _like(each.kind, new.kind)]
        return distinct(alike) if new.text.lower().startswith("the ") else []
    names = [each for each in found if each.name and each.plural == new.plural]
    same_lead = [
        each for each in names if piece.preposition and each.preposition == piece.preposition
    ]
    if same_lead:
        return distinct(same_lead)
    if piece.preposition and piece.preposition not in ("for", "with", "about", *LOCATIVES):
        return []
    places = [each for each in names if each.kind is EntityKind.PLACE]
    if new.kind is EntityKind.PLACE:
        return distinct(places)
    return distinct(each for each in names if each not in places and _like(each.kind, new.kind))


def _tail(piece: _Piece, target: Entity, last: str) -> str:
    """What the noun that is exchanged has after it and the new one has not: " of France"."""
    inside = [each for each in entities(last) if each.inner and each.end == target.end]
    if not inside or re.search(r"\s(?:of|in|on|at|near|from|against)\s", piece.text):
        return ""
    found = re.search(r"\s\w+\s\Z", last[target.start : inside[0].start])
    return last[target.start + found.start() : target.end] if found else ""


def _like(one: EntityKind, other: EntityKind) -> bool:
    open_kinds = (EntityKind.UNKNOWN, EntityKind.THING)
    if EntityKind.PERSON in (one, other):
        return one is other or EntityKind.UNKNOWN in (one, other)
    return one is other or one in open_kinds or other in open_kinds


def _put(piece: _Piece, target: Entity, last: str) -> str:
    start, text = target.start, piece.text
    led = piece.preposition in LOCATIVES and target.preposition in LOCATIVES
    if led and piece.preposition != target.preposition:
        start = last.lower().rindex(target.preposition, 0, start)
        text = f"{piece.preposition} {piece.text}"
    return last[:start] + text + last[target.end :]


def _timed(fragment: str, phrase: TimePhrase, last: str) -> Exchange | None:
    new = phrase.of(fragment)
    there = time_phrases(last)
    if len(there) > 1 or (not there and question_kind(last) is QuestionKind.TIME):
        return None
    if not there:
        added = with_preposition(fragment, phrase)
        return Exchange(_appended(last, added), f"{added} added")
    old = there[0]
    whole = phrase.start < phrase.bare or _unlike(phrase, old)
    start = old.start if whole else old.bare
    text = with_preposition(fragment, phrase) if whole else new
    year = _YEAR.search(old.of(last))
    if year and new and not phrase.absolute and phrase.kind in ("month", "season", "quarter", "on"):
        if phrase.kind == "on" and not re.search(r"\d", new):
            return None  # "in April 2023", "and on Monday?": of which week?
        text += f" {year.group()}"
    question = last[:start] + text + last[old.end :]
    return Exchange(question, f"{text} instead of {last[start : old.end]}")


def _unlike(new: TimePhrase, old: TimePhrase) -> bool:
    """Whether the old preposition would not go with the new time: "in" with "Monday"."""
    return new.kind != old.kind


def _appended(last: str, words: str) -> str:
    stem = last.rstrip(" ?.!")
    return f"{stem} {words}?"


def _noun(text: str, last: str) -> Exchange | None:
    """ "And women?" after "how many men were killed?"."""
    new, old = _NOUN.fullmatch(text), _COUNTED.search(last)
    if new is None or old is None or gazetteer().types(fold(new["noun"])):
        return None
    if text[0].isupper() and singular(text) == text.lower():
        return None
    question = last[: old.start("noun")] + new["noun"] + last[old.end("noun") :]
    return Exchange(question, f"{new['noun']} instead of {old['noun']}")


def points(text: str) -> bool:
    """Whether `text` is "the other one" or the like: it points at what nothing tells."""
    plain = " ".join(text.split()).strip(" ?.!,")
    return (
        len(plain.split()) <= 4
        and _OTHER.search(plain) is not None
        and not (QUESTION_WORDS | AUXILIARIES) & {word.lower() for word in plain.split()}
    )
