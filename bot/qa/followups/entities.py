"""The people, places and things that a question names, told apart by its words alone.

There is no tagger: a name is a run of capitals, a thing is a noun after "the" or "a". What a name
is of can stay unknown; a pronoun then tells ("he"), since whoever asks knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot.qa.followups.kinds import EntityKind, gender_of, name_kind, noun_kind
from bot.qa.followups.times import time_phrases
from bot.qa.followups.vocabulary import (
    BARE_VERBS,
    ORGANISATION_WORDS,
    PERSONAL_VERBS,
    PREDICATES,
    RELATIONS,
)
from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.meaning.wording import TITLES
from bot.qa.question_words import (
    AUXILIARIES,
    DETERMINERS,
    NUMBER_NOUNS,
    PERSON_NOUNS,
    PREPOSITIONS,
    QUESTION_WORDS,
    TIME_NOUNS,
    head_noun,
    singular,
)
from index.analysis import NAME_PREFIXES
from index.names import COMMON_WORDS


@dataclass(frozen=True, slots=True)
class Entity:
    """`text` stands at `start` to `end`, in code points of the question."""

    text: str
    start: int
    end: int
    kind: EntityKind
    name: bool = False
    """Whether it is a proper name rather than a noun with its article."""
    plural: bool = False
    noun: str = ""
    """The noun in the singular, for what is not a name."""
    gender: str = ""
    """"m" or "f" where a word tells, such as a title."""
    preposition: str = ""
    """The one right before it, in small letters."""
    general: bool = False
    """Whether it has no article and hangs on the rest of its question: "how many tourists"."""
    inner: bool = False
    """Whether it stands inside another entity, after a preposition: "the raid on Atme"."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    dated: bool
    known: bool
    """Whether it is a country in a text that has no capitals."""

    @property
    def lower(self) -> str:
        return self.text.lower()


_WORD = re.compile(r"\w+(?:['.-]\w+)*|[^\w\s]")
_PREFIXED = re.compile(rf"(?:{'|'.join(sorted(NAME_PREFIXES))})-[^\W\d_a-z]")
_NO_NAMES = (
    QUESTION_WORDS
    | AUXILIARIES
    | DETERMINERS
    | PREPOSITIONS
    | COMMON_WORDS
    | frozenset("and but or so ok okay thanks i me please tell then yes no not sorry name".split())  # noqa: SIM905
)
_OFFICES = PERSON_NOUNS - RELATIONS | {"leader", "founder", "owner", "commander", "executive"}
_ARTICLES = ("the", "a", "an", "this", "that", "these", "those")
_TAILS = ("of", "on", "near", "at", "in", "against", "from", "by", "to", "for")
_PLAIN_VERB_FOLLOWS = frozenset(
    "do does did will would can could shall should may might must".split()  # noqa: SIM905
)


@lru_cache(maxsize=1_000)
def entities(text: str) -> tuple[Entity, ...]:
    """What `text` names, in order; the names inside a longer phrase stand after it. Never raises.

    Two names joined by "and" are there one by one and, in the plural, together.
    """
    words = _words(text)
    found: list[Entity] = []
    place = 0
    while place < len(words):
        taken = _noun_phrase(text, words, place, found) or _name(text, words, place, found)
        place = max(taken, place + 1)
    found = _alike(text, found)
    return (*found, *_pairs(text, found))


def _words(text: str) -> list[_Word]:
    plain = text.replace("\u2019", "'")
    times = time_phrases(text)
    small = text.islower()
    words = []
    for match in _WORD.finditer(plain):
        word = match.group()
        dated = any(phrase.start <= match.start() < phrase.end for phrase in times)
        country = small and len(word) > 3 and gazetteer().country(fold(word.removesuffix("'s")))
        words.append(_Word(word, *match.span(), dated, bool(country)))
    return words


def _is_name_word(words: Sequence[_Word], place: int) -> bool:
    word = words[place]
    if word.dated:
        return False
    if word.known or _PREFIXED.match(word.text):
        return True
    if not word.text[:1].isupper() or word.text == "I":
        return False
    first = place == 0 or words[place - 1].text in ".?!"
    return not (first and word.lower.removesuffix("'s") in _NO_NAMES)


def _name_length(words: Sequence[_Word], place: int) -> int:
    """How many words the name at `place` takes; 0 for none."""
    end = place
    while end < len(words):
        word = words[end]
        if _is_name_word(words, end):
            end += 1
            if word.text.endswith("'s"):
                break
            continue
        if word.text == "." and end > place and end + 1 < len(words):
            short = words[end - 1].lower
            if (short in TITLES or len(short) == 1) and _is_name_word(words, end + 1):
                end += 1
                continue
        small = word.lower
        following = end + 1 < len(words) and _is_name_word(words, end + 1)
        organised = end > place and words[place].lower in ORGANISATION_WORDS
        if following and (small in NAME_PREFIXES or (small == "of" and organised)):
            end += 1
            continue
        break
    return end - place


def _name(text: str, words: Sequence[_Word], place: int, found: list[Entity]) -> int:
    """Adds the name at `place`; gives the place after it, or 0."""
    length = _name_length(words, place)
    if not length:
        return _bare_subject(text, words, place, found)
    first, last = words[place], words[place + length - 1]
    end = last.end - 2 if last.text.endswith("'s") else last.end
    written = text[first.start : end]
    if length == 1 and gazetteer().country_of_adjective(fold(written)):
        follows = words[place + 1].text if place + 1 < len(words) else ""
        if follows[:1].islower():
            return 0  # "Syrian forces"
    before = words[place - 1].lower if place else ""
    earlier = words[place - 2].lower if place > 1 else ""
    follows = words[place + length].lower if place + length < len(words) else ""
    kind, gender = name_kind(written, earlier, before, follows)
    start = first.start
    if before in TITLES and not words[place - 1].dated:
        start, kind = words[place - 1].start, EntityKind.PERSON
        gender = gender or gender_of(before)
        before = words[place - 2].lower if place > 1 else ""
    found.append(
        Entity(
            text[start:end], start, end, kind, name=True, gender=gender,
            preposition=before if before in PREPOSITIONS else "",
        )
    )  # fmt: skip
    if last.text.endswith("'s") and (size := _noun_length(words, place + length)):
        own = found.pop()
        noun = singular(words[place + length + size - 1].text)
        if noun in NUMBER_NOUNS:
            found.append(own)
            return place + length + size
        head = words[place + length + size - 1]
        found.append(
            Entity(
                text[start : head.end], start, head.end, noun_kind(noun),
                plural=noun != head.lower, noun=noun, gender=gender_of(noun),
                preposition=own.preposition,
            )
        )  # fmt: skip
        found.append(replace(own, inner=True))
        return place + length + size
    return place + length


def _noun_phrase(text: str, words: Sequence[_Word], place: int, found: list[Entity]) -> int:
    """Adds what the article at `place` opens; gives the place after it, or 0."""
    if words[place].lower not in _ARTICLES or place + 1 == len(words):
        return 0
    length = _name_length(words, place + 1)
    size = _noun_length(words, place + 1)
    if length and size <= length:
        end = _name(text, words, place + 1, found)
        if end and words[place].lower == "the":
            first = words[place].start
            kind = found[-1].kind
            kind = EntityKind.ORGANISATION if kind is EntityKind.UNKNOWN else kind
            before = _preposition(words, place)
            named = text[first : found[-1].end]
            found[-1] = replace(found[-1], text=named, start=first, kind=kind, preposition=before)
        return end
    if not size or words[place + 1].dated:
        return 0
    return _add_noun(text, words, place, place + 1 + size, found)


def _noun_length(words: Sequence[_Word], place: int) -> int:
    """How many words the noun at `place` takes, after its article; 0 where there is none."""
    # After a word such as "same", a plural is not taken for a verb ("what provides for ...").
    head = head_noun(["same", *(word.text for word in words[place:])])
    if head is None:
        return 0
    size = head[1] - 1
    before = words[place - 2].lower if place > 1 else ""
    if before in ("is", "are", "was", "were"):
        return size - (size > 1 and words[place + size - 1].lower in PREDICATES)
    after = words[place + size].lower if place + size < len(words) else ""
    verb_is_next = after.isalpha() and after not in PREPOSITIONS | DETERMINERS
    if before not in _PLAIN_VERB_FOLLOWS:
        return size
    phrase = words[place : place + size]
    return _before_verb(phrase) if verb_is_next else _without_verb(phrase)


def _without_verb(phrase: Sequence[_Word]) -> int:
    """How many words are left of a phrase that runs into a plain verb: "the ferry sink"."""
    size = _before_verb(phrase)
    return size - 1 if size == len(phrase) > 1 else size


def _before_verb(phrase: Sequence[_Word]) -> int:
    """How many words stand before a known verb, or before what follows a plural."""
    for place in range(1, len(phrase)):
        word, previous = phrase[place].lower, phrase[place - 1].lower
        if word in BARE_VERBS or (previous.endswith("s") and not previous.endswith(("ss", "'s"))):
            return place
    return len(phrase)


def _add_noun(text: str, words: Sequence[_Word], place: int, end: int, found: list[Entity]) -> int:
    last = words[end - 1]
    noun = singular(last.text)
    if noun in TIME_NOUNS | NUMBER_NOUNS:
        return end  # "the population of Syria": what goes on is about Syria
    inner: list[Entity] = []
    stop, after = last.end, end
    if end + 1 < len(words) and words[end].lower in _TAILS:
        after = _noun_phrase(text, words, end + 1, inner) or (
            _name(text, words, end + 1, inner) if _name_length(words, end + 1) else 0
        )
        if after:
            stop = inner[0].end
    plural = noun != last.lower and noun not in ("series", "news") and last.lower != noun + "'s"
    found.append(
        Entity(
            text[words[place].start : stop], words[place].start, stop, noun_kind(noun),
            plural=plural, noun=noun, gender=gender_of(noun),
            preposition=_preposition(words, place),
        )
    )  # fmt: skip
    office = words[end].lower == "of" and noun in _OFFICES if after != end else False
    for each in inner:
        unknown = each.kind is EntityKind.UNKNOWN
        kind = EntityKind.ORGANISATION if office and unknown else each.kind
        found.append(replace(each, inner=True, kind=kind))
    return after or end


def _bare_subject(text: str, words: Sequence[_Word], place: int, found: list[Entity]) -> int:
    """A subject with neither capital nor article: "were civilians", "was al quraishi killed"."""
    before = words[place - 1].lower if place else ""
    counted = before == "many" and place > 1 and words[place - 2].lower == "how"
    word = words[place]
    if not (counted or before in AUXILIARIES) or word.dated or not word.text[:1].islower():
        return 0
    if word.lower in DETERMINERS | PREPOSITIONS | QUESTION_WORDS | AUXILIARIES | {"not", "there"}:
        return 0
    phrase = words[place:]
    head = head_noun([each.text for each in phrase])
    if head is None:
        return 0
    size = _without_verb(phrase[: head[1]]) if before in _PLAIN_VERB_FOLLOWS else head[1]
    last = words[place + size - 1]
    noun = singular(last.text)
    plural = counted or noun != last.lower
    if noun in TIME_NOUNS:
        return place + size
    if not plural and (not text.islower() or noun in PERSON_NOUNS or size == len(phrase)):
        return 0
    if not plural and (place == 0 or last.lower in COMMON_WORDS):
        return 0
    written = text[word.start : last.end]
    place_known = bool(gazetteer().types(fold(written)))
    kind = EntityKind.PLACE if place_known else EntityKind.UNKNOWN
    follows = words[place + size].lower if place + size < len(words) else ""
    if not plural and follows in PERSONAL_VERBS:
        kind = EntityKind.PERSON
    found.append(
        Entity(
            written, word.start, last.end, noun_kind(noun) if plural else kind,
            name=not plural, plural=plural, noun=noun if plural else "",
            general=plural,
        )
    )  # fmt: skip
    return place + size


def _preposition(words: Sequence[_Word], place: int) -> str:
    before = words[place - 1].lower if place else ""
    return before if before in PREPOSITIONS else ""


def _joined(text: str, found: Sequence[Entity]) -> list[tuple[Entity, Entity]]:
    names = [each for each in found if each.name]
    return [
        (left, right)
        for left, right in pairwise(names)
        if text[left.end : right.start] in (" and ", " or ")
    ]


def _alike(text: str, found: list[Entity]) -> list[Entity]:
    """Names joined to a person's are people's as well."""
    joined = _joined(text, found)
    people = [pair for pair in joined if EntityKind.PERSON in (pair[0].kind, pair[1].kind)]
    return [
        replace(each, kind=EntityKind.PERSON)
        if each.kind is EntityKind.UNKNOWN and any(each in pair for pair in people)
        else each
        for each in found
    ]


def _pairs(text: str, found: Sequence[Entity]) -> list[Entity]:
    return [
        replace(
            left, text=text[left.start : right.end], end=right.end, kind=right.kind, plural=True
        )
        for left, right in _joined(text, found)
        if text[left.end : right.start] == " and "
    ]
