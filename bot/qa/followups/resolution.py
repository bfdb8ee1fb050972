"""Which of the earlier turns' people, places and things a pronoun stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.qa.followups.entities import Entity
from bot.qa.followups.focus import distinct, places_of, referents, times_of
from bot.qa.followups.kinds import EntityKind
from bot.qa.followups.turns import Turn
from bot.qa.followups.vocabulary import GROUP_NOUNS, LOCATIVES
from bot.qa.meaning.places import TYPE_LEVEL
from bot.qa.question_words import PERSON_NOUNS, PLACE_NOUNS

HE, SHE, IT, THEY, THERE, THEN = "he", "she", "it", "they", "there", "then"
CLASS_OF = {
    **dict.fromkeys(("he", "him", "his"), HE),
    **dict.fromkeys(("she", "her", "hers"), SHE),
    **dict.fromkeys(("it", "its"), IT),
    **dict.fromkeys(("they", "them", "their", "theirs"), THEY),
}
"""What each personal pronoun agrees with."""


_TO_PLACES = LOCATIVES | {"to", "from", "on", "over", "into", "through", "for"}
_OWNED = re.compile(r"(?:his|her|its|their|my|our|your)\s", re.IGNORECASE)


class Ambiguity(Exception):
    """Nothing, or more than one thing, that `word` can stand for; no error, and never shown."""

    def __init__(self, word: str, candidates: Sequence[Entity] = ()) -> None:
        super().__init__(word)
        self.word = word
        self.candidates = tuple(candidates)


def antecedent(word: str, turns: Sequence[Turn]) -> Entity:
    """What the personal pronoun `word` stands for, in the latest turn that has anything for it.

    Raises Ambiguity unless exactly one thing there agrees with it.
    """
    wanted = CLASS_OF[word]
    for turn in reversed(turns):
        if found := _agreeing(wanted, referents(turn)):
            if word == IT and all(_beside(each) for each in found):
                break  # "what happened in Sudan?", "who started it?"
            return _only(word, found)
    raise Ambiguity(word)


def described(noun: str, turns: Sequence[Turn]) -> Entity:
    """What "that NOUN" stands for; raises Ambiguity unless exactly one thing can be meant."""
    for turn in reversed(turns):
        here = distinct(referents(turn))
        if same := [each for each in here if each.noun == noun]:
            return _only(f"that {noun}", same)
        if noun in PLACE_NOUNS or noun in TYPE_LEVEL:
            found = places_of(turn)
        elif noun in PERSON_NOUNS:
            female = noun in ("woman", "girl", "actress")
            found = _agreeing(SHE if female else HE, here)
        else:
            found = [each for each in _agreeing(IT, here) if each.name]
            if noun in GROUP_NOUNS:
                found = [each for each in found if each.kind is not EntityKind.PLACE]
        if found:
            return _only(f"that {noun}", distinct(found))
    raise Ambiguity(f"that {noun}")


def can_describe(noun: str, turns: Sequence[Turn]) -> bool:
    """Whether "that NOUN" points back, rather than "that" being a conjunction."""
    known = noun in PERSON_NOUNS or noun in PLACE_NOUNS or noun in GROUP_NOUNS
    return known or any(each.noun == noun for turn in turns for each in referents(turn))


def place(turns: Sequence[Turn]) -> Entity:
    """What "there" stands for; raises Ambiguity."""
    for turn in reversed(turns):
        if found := distinct(places_of(turn)):
            return _only(THERE, found)
    raise Ambiguity(THERE)


def time(turns: Sequence[Turn]) -> str:
    """What "then" stands for, as an adverbial ("in 2019"); raises Ambiguity."""
    for turn in reversed(turns):
        found = times_of(turn)
        if found is None or len(found) > 1:
            break
        if found:
            return found[0]
    raise Ambiguity(THEN)


def _only(word: str, found: Sequence[Entity]) -> Entity:
    if len(found) == 1 and not (found[0].general or _OWNED.match(found[0].text)):
        return found[0]
    raise Ambiguity(word, tuple(found))


def _agreeing(wanted: str, found: Sequence[Entity]) -> list[Entity]:
    if wanted in (HE, SHE):
        other = "f" if wanted == HE else "m"
        people = [
            each
            for each in found
            if not each.plural
            and each.gender != other
            and each.kind in (EntityKind.PERSON, EntityKind.UNKNOWN)
        ]
        return distinct(people)
    if wanted == THEY:
        several = [each for each in found if each.plural or each.kind is EntityKind.ORGANISATION]
        pairs = [each for each in several if each.plural and each.name]
        apart = [
            each
            for each in several
            if not any(pair.start <= each.start and each.end < pair.end for pair in pairs)
            and not any(pair.start < each.start and each.end <= pair.end for pair in pairs)
        ]
        return distinct([each for each in apart if not each.inner] or apart)
    return _things(found)


def _things(found: Sequence[Entity]) -> list[Entity]:
    """For "it": the question's own things first, then its places, then the answer."""
    things = [each for each in found if not each.plural and each.kind is not EntityKind.PERSON]
    asked = [each for each in things if each.start >= 0]
    beside = [each for each in asked if _beside(each)]
    main = distinct(each for each in asked if each not in beside)
    answers = [each for each in things if each.start < 0]
    if main and any(each.kind is not EntityKind.PLACE for each in answers):
        return distinct([*main, *answers])  # "which company built the bridge?" "Halden"
    return main or distinct(answers) or distinct(beside)


def _beside(entity: Entity) -> bool:
    """Whether it only tells more of something else, or where that was."""
    where = entity.kind is EntityKind.PLACE and entity.preposition in _TO_PLACES
    return entity.start >= 0 and (entity.inner or where)
