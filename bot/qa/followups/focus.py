"""What a turn was about: what its question names, and what its answer gave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.qa.followups.entities import Entity, entities
from bot.qa.followups.kinds import EntityKind, gender_of
from bot.qa.followups.times import time_phrases, with_preposition
from bot.qa.followups.turns import Turn
from bot.qa.followups.vocabulary import GROUP_NOUNS, LOCATIVES
from bot.qa.meaning.gazetteer import fold
from bot.qa.meaning.namings import is_proper_name
from bot.qa.question_words import PREPOSITIONS, head_noun
from bot.qa.questions import QuestionKind, question_kind, wanted_noun
from index.names import name_key

MAX_ANSWER = 100
"""Code points; a longer answer is no name to put into another question."""

_COPULA = re.compile(
    r"\W*(?:and |but |so )?(?:who|what)(?: is|'s| was| are| were)\s", re.IGNORECASE
)
_PREPOSITION = re.compile(rf"({'|'.join(sorted(PREPOSITIONS))})\s+", re.IGNORECASE)


def referents(turn: Turn) -> list[Entity]:
    """What "he", "it" and the like can stand for after `turn`: the question's things, the answer.

    The answer is marked by `start` -1. The same name in both is there once, as the question has it.
    """
    named = list(entities(turn.asked_as))
    answer = answer_entity(turn)
    copula = _COPULA.match(turn.asked_as)
    if copula:
        subject = next((each for each in named if each.start == copula.end()), None)
        if subject is not None and subject.name and not subject.text.startswith("the "):
            return named  # "who is X?": the answer only describes X
        if answer is not None and subject is not None:
            named.remove(subject)  # "who is the mayor?": the answer is the mayor
    if answer is not None and not any(_same(answer, each) for each in named):
        named.append(answer)
    return named


def answer_entity(turn: Turn) -> Entity | None:
    """What the answer names, of the kind that was asked for; None for sentences and numbers."""
    text = plain_answer(turn)
    kind = question_kind(turn.asked_as)
    if not text or kind not in (QuestionKind.PERSON, QuestionKind.PLACE, QuestionKind.THING):
        return None
    preposition = _PREPOSITION.match(text)
    bare = text[preposition.end() :] if preposition else text
    first = re.sub(r"\A(?:an?) ", "the ", bare)
    known = entities(f"about {first}")
    whole = known[0] if known and known[0].text == first else None
    name = is_proper_name(bare) if whole is None else whole.name
    if kind is QuestionKind.THING and not (name or whole):
        return None  # "that it was illegal", "falling demand"
    words = re.sub(r"\A(?:the|an?) ", "", bare).split()
    head = head_noun(words)
    noun = "" if name or head is None else head[0]
    plural = noun != "" and head is not None and words[head[1] - 1].lower() != noun
    if " and " in bare and name:
        plural = True
    found = Entity(
        first, -1, -1, EntityKind.UNKNOWN, name=name, plural=plural, noun=noun,
        gender=whole.gender if whole else gender_of(noun),
        preposition=preposition[1].lower() if preposition else "",
    )  # fmt: skip
    return replace(found, kind=_answer_kind(kind, found, whole, turn))


def _answer_kind(
    kind: QuestionKind, answer: Entity, whole: Entity | None, turn: Turn
) -> EntityKind:
    own = whole.kind if whole is not None else EntityKind.UNKNOWN
    if kind is QuestionKind.PLACE:
        return EntityKind.PLACE
    if kind is QuestionKind.PERSON:
        collective = own in (EntityKind.ORGANISATION, EntityKind.PLACE)
        return EntityKind.ORGANISATION if collective or answer.plural else EntityKind.PERSON
    wanted = wanted_noun(turn.asked_as)
    if own in (EntityKind.UNKNOWN, EntityKind.THING) and wanted:
        return EntityKind.ORGANISATION if wanted in GROUP_NOUNS else EntityKind.THING
    return own


def plain_answer(turn: Turn) -> str:
    """The answer on one line without its full stop; empty if there is none or it is long."""
    text = " ".join(turn.answer.split()).strip(" .,;:\"'\u201c\u201d")
    return text if turn.answered and len(text) <= MAX_ANSWER else ""


def times_of(turn: Turn) -> list[str] | None:
    """The times that "then" can stand for, as adverbials: the answer's, else the question's.

    None for an answer such as "on Monday", which counts from the day of its article.
    """
    answer = plain_answer(turn)
    if answer and question_kind(turn.asked_as) is QuestionKind.TIME:
        phrases = time_phrases(answer)
        if len(phrases) != 1 or answer != phrases[0].of(answer) or not phrases[0].absolute:
            return None
        return [with_preposition(answer, phrases[0])]
    return [with_preposition(turn.asked_as, phrase) for phrase in time_phrases(turn.asked_as)]


def places_of(turn: Turn) -> list[Entity]:
    """The places that "there" can stand for: the answer to "where", else those of the question."""
    answer = answer_entity(turn)
    if answer is not None and answer.kind is EntityKind.PLACE:
        return [answer]
    places = [each for each in entities(turn.asked_as) if each.kind is EntityKind.PLACE]
    return [each for each in places if each.name] or places


def located(entity: Entity) -> str:
    """The place as an adverbial: "in Atme", "at Central Station"."""
    known = entity.preposition in LOCATIVES | {"on", "outside"}
    return f"{entity.preposition if known else 'in'} {entity.text}"


def owner(entity: Entity) -> str:
    """The possessive: "Al Quraishi's", "the nurses'"."""
    several = entity.plural or entity.kind is EntityKind.ORGANISATION
    return entity.text + ("'" if several and entity.text.endswith("s") else "'s")


def distinct(found: Iterable[Entity]) -> list[Entity]:
    """Each thing once, in order."""
    kept: list[Entity] = []
    for each in found:
        if not any(_same(each, other) for other in kept):
            kept.append(each)
    return kept


def _same(one: Entity, other: Entity) -> bool:
    """Whether both are spellings of one name, or the same words."""
    if fold(one.text) == fold(other.text):
        return True
    if not (one.name and other.name) or one.plural != other.plural:
        return False
    first, second = (re.split(r"[\s-]", fold(each.text)) for each in (one, other))
    if first[-1] != second[-1] and _key(first[-1]) != _key(second[-1]):
        return False
    shorter, longer = sorted(({_key(word) for word in each} for each in (first, second)), key=len)
    return shorter <= longer


def _key(word: str) -> str:
    return name_key(word) or word
