"""What a name or a noun is of: a person, a place, an organisation, a thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from bot.qa.followups.vocabulary import (
    FEMALE,
    GROUP_NOUNS,
    LOCATIVES,
    MAKING,
    MALE,
    ORGANISATION_WORDS,
    PERSONAL_VERBS,
    RELATIONS,
)
from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.meaning.places import TYPE_LEVEL
from bot.qa.meaning.wording import TITLES
from bot.qa.question_words import PERSON_NOUNS, PLACE_NOUNS

_NO_MEN = ("woman", "human", "german", "roman", "ottoman")
_FINE = 8
"""From this level on (streets, buildings) the nouns of places are surnames as well."""
_FEATURES = ("lake", "mount", "fort", "port", "cape", "camp")


class EntityKind(Enum):
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    THING = "thing"
    UNKNOWN = "unknown"


def name_kind(written: str, earlier: str, before: str, follows: str) -> tuple[EntityKind, str]:
    """What a name is of, and its gender, by its own words and the small ones around it."""
    parts = [part.lower().strip(".") for part in re.split(r"[\s-]", written)]
    gender = gender_of(parts[0])
    if parts[0] in TITLES and len(parts) > 1:
        return EntityKind.PERSON, gender
    if set(parts) & ORGANISATION_WORDS:
        return EntityKind.ORGANISATION, ""
    if gazetteer().types(fold(written)):
        return EntityKind.PLACE, ""
    if before in LOCATIVES or (follows not in PERSONAL_VERBS and _is_place(parts)):
        return EntityKind.PLACE, ""
    if written.isupper() and written.isalpha() and len(written) > 1:
        return EntityKind.ORGANISATION, ""
    asked_who = before in ("is", "was") and earlier == "who"
    if set(parts) & {"abu", "ibn", "bin"} or asked_who or (before == "is" and earlier == "old"):
        return EntityKind.PERSON, ""
    if follows in PERSONAL_VERBS:
        return EntityKind.PERSON, ""
    return (EntityKind.THING if before in MAKING else EntityKind.UNKNOWN), ""


def _is_place(parts: Sequence[str]) -> bool:
    """Whether a name says that it is a place's; "Park", "Lane" and "Church" end people's too."""
    return parts[0] in _FEATURES or TYPE_LEVEL.get(parts[-1], 9) < _FINE


def gender_of(word: str) -> str:
    """ "m" or "f" where a title or a noun tells, else nothing."""
    if word in FEMALE or word.endswith("woman"):
        return "f"
    return "m" if word in MALE or (word.endswith("man") and word not in _NO_MEN) else ""


def noun_kind(noun: str) -> EntityKind:
    """What a noun in the singular is of."""
    if noun in GROUP_NOUNS:
        return EntityKind.ORGANISATION
    if noun in PERSON_NOUNS or noun in RELATIONS or gender_of(noun):
        return EntityKind.PERSON
    if noun in PLACE_NOUNS or noun in TYPE_LEVEL:
        return EntityKind.PLACE
    # "the sheriff", "the drummer", "the tanker": people or things
    agent = noun in TITLES or noun.endswith(("er", "or", "ist", "ian", "eer"))
    return EntityKind.UNKNOWN if agent else EntityKind.THING
