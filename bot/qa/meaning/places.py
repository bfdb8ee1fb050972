"""What an answer says of a place: its name, its kind, how fine it is, and what it is part of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.qa.meaning.gazetteer import CITY, CONTINENT, COUNTRY, STATE, fold, gazetteer

_WORDS_OF_LEVEL = {
    0: "planet world",
    1: "continent",
    2: "country nation kingdom republic",
    3: "area coast zone frontier border",
    4: "province state governorate region oblast territory prefecture canton emirate voivodeship",
    5: "county district division municipality department parish constituency subdistrict",
    6: """city town village hamlet capital settlement port resort commune township metropolis""",
    7: "neighborhood neighbourhood suburb borough quarter ward outskirts slum camp",
    8: """street avenue road square park lane boulevard alley block bridge highway intersection
    plaza""",
    9: """building hospital school university college airport station church mosque temple
    synagogue cathedral hotel restaurant cafe bar nightclub club market mall supermarket store shop
    stadium arena theater theatre cinema museum factory plant prison jail compound house home
    apartment office embassy courthouse court palace base barracks checkpoint warehouse mine farm
    library zoo clinic kindergarten dormitory garage tunnel cave bunker hideout safehouse""",
}
TYPE_LEVEL: dict[str, int] = {
    word: level for level, words in _WORDS_OF_LEVEL.items() for word in words.split()
}
"""Words for kinds of places; a higher level is finer. Levels are ranks, not distances."""
_LEVEL_OF_KNOWN = {CONTINENT: 1, COUNTRY: 2, STATE: 4, CITY: 6}
_REGIONS = frozenset(
    (
        "middle east",
        "far east",
        "balkans",
        "caucasus",
        "sahel",
        "scandinavia",
        "horn of africa",
        "gulf",
        "caribbean",
        "central america",
        "latin america",
        "southeast asia",
        "maghreb",
    )
)
_NAMELESS = frozenset("capital coast border frontier area zone region outskirts slum".split())  # noqa: SIM905
"""Kinds that do not take the name after "of": "the capital of France" is not called France."""
COMPASS = re.compile(
    r"(?:north|south|east|west|central|mid|upper|lower)(?:-?(?:east|west|central))?(?:ern)?\Z"
)
_HALF = 0.5  # a part of a place, such as its north, lies between it and what it is made up of
_NEAR = re.compile(
    r"(?:just |right )?(?:near|outside|off|around|close to|next to|beside|beyond|along|towards?"
    r"|not far from|(?:about |some )?[\d,.]+ (?:miles?|km|kilomet(?:er|re)s?)"
    r"|(?:north|south|east|west)\w* of)\b(?: from| away from)?",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\A(?:(?:in|at|on|inside|within|from|to|into|by|of|the|an?)\s)+", re.IGNORECASE
)
_ALSO = re.compile(r"^(?:also|just|which is|located|situated)\s", re.IGNORECASE)
_INSIDE = re.compile(r"\s(?:in|inside|within)\s", re.IGNORECASE)
_TYPES = "|".join(sorted(TYPE_LEVEL, key=len, reverse=True))
_TYPE_OF = re.compile(rf"(?P<before>.*?)\b(?P<type>{_TYPES})s?\sof\s(?P<name>.+)", re.IGNORECASE)
_OWNER = re.compile(r"(?P<owner>.+?)['\u2019]s?\s(?P<own>.+)")
_PART = re.compile(r"[\s,;()]*[,;()][\s,;()]*")
_WORD = re.compile(r"[^\s,;]+")
_MAX_TEXT = 200


@dataclass(frozen=True)
class Place:
    """A place as an answer words it. Names are as `gazetteer.fold` makes them."""

    name: str
    """"atme" of "the town of Atme, Idlib province"; "" of "a hospital"."""
    surface: str
    """The name as it is written."""
    type: str = ""
    """The word that says what it is, such as "town"."""
    level: float | None = None
    """How fine it is, as in TYPE_LEVEL; None if nothing tells."""
    compass: str = ""
    """Which part of the place of that name: "western"."""
    within: tuple[str, ...] = ()
    """Names of places that these words themselves put it in, the smallest first."""
    near: bool = False
    """Whether it is only near the place of that name."""


def parse_place(text: str) -> Place:
    """What the words of an answer to "where" say. Never raises."""
    text = " ".join(text[:_MAX_TEXT].split())
    opened = _OPENING.sub("", text, count=1).strip(" ,;()")
    near = _NEAR.match(opened)
    while found := _NEAR.match(opened):
        opened = _OPENING.sub("", opened[found.end() :].strip() + " ", count=1).strip()
    head, *outer = (part for part in _PART.split(opened) if part) if opened else [""]
    head, *around = _INSIDE.split(head)
    if around and _happens(head):
        head, *around = around  # "US raids in western Syria"
    place = _head(head)
    within = [*place.within]
    for piece in (*around, *outer):
        part = _head(_OPENING.sub("", _ALSO.sub("", piece), count=1))
        within += [name for name in (part.name, *part.within) if name]
    return Place(
        place.name,
        place.surface,
        place.type,
        place.level,
        place.compass,
        tuple(dict.fromkeys(name for name in within if name != place.name)),
        near is not None,
    )


def same_place(one: Place, other: Place) -> bool:
    """Whether both are one place by its name, with no word against it.

    Against it are another part ("western"), another kind ("city", "province"), and another state
    or country around ("Paris, France" and "Paris, Texas").
    """
    if not one.name or one.name != other.name or one.near != other.near:
        return False
    if one.compass != other.compass or (one.type and other.type and one.type != other.type):
        return False
    return not any(
        _exclude(outer, another) for outer in one.within[-1:] for another in other.within[-1:]
    )


def _exclude(one: str, other: str) -> bool:
    """Whether the gazetteer knows both names, and neither as a part of the other."""
    known = gazetteer()
    if one == other or not known.types(one) or not known.types(other):
        return False
    return one not in known.parents(other) and other not in known.parents(one)


def takes_name_after_of(kind: str) -> bool:
    """Whether "the KIND of Name" is called Name, as towns are and universities are not."""
    return TYPE_LEVEL.get(kind, 9) < 8 and kind not in _NAMELESS


def level_of_noun(noun: str | None) -> int | None:
    """How fine a place the noun of a question asks for; None for no kind of place."""
    return TYPE_LEVEL.get(noun or "")


def _head(text: str) -> Place:
    within: list[str] = []
    owned = _OWNER.fullmatch(text)
    if owned:
        within.append(gazetteer().canonical(_head(owned["owner"]).name))
        text = owned["own"]
    found = _TYPE_OF.fullmatch(text)
    if found and found["name"][:1].isalnum():
        # "the northern Syrian city of Qamishli"
        for word in found["before"].split():
            country = gazetteer().country_of_adjective(fold(word))
            if country:
                within.append(country)
        kind = found["type"].lower()
        named = _named(_OPENING.sub("", found["name"], count=1), "")
        if named.name and takes_name_after_of(kind):
            return _with(_place(named.surface, kind, named.compass), [*within, *named.within])
        if named.name and not found["type"][0].isupper():
            # "the capital of France", "the streets of Paris"
            return _with(_place("", kind, ""), [*within, named.name, *named.within])
        if named.name:
            return _with(_place(text, kind, ""), [*within, named.name, *named.within])
    return _with(_named(text, ""), within)


def _happens(head: str) -> bool:
    """Whether the words name no place but what is in one."""
    last = head.split()[-1] if head.split() else ""
    return last.islower() and last not in TYPE_LEVEL and last.removesuffix("s") not in TYPE_LEVEL


def _with(place: Place, within: list[str]) -> Place:
    known = tuple(name for name in within if name)
    return Place(
        place.name, place.surface, place.type, place.level, place.compass, known + place.within
    )


def _named(text: str, kind: str) -> Place:
    """The place of "Idlib province", "western Syria", "Atme" or "a hospital"."""
    words = _WORD.findall(text)
    if _known(fold(text)):
        return _place(text, kind, "")
    compass = ""
    while len(words) > 1 and COMPASS.match(words[0].lower()) and _is_compass(words):
        compass = compass or words[0].lower()
        words = words[1:]
    while len(words) > 1 and not words[0][:1].isupper() and words[-1][:1].isupper():
        words = words[1:]  # "government-held Idlib", "the war-torn city Homs"
    if words and words[-1].lower() in TYPE_LEVEL and not kind:
        kind = words[-1].lower()
        whole = " ".join(words)
        # "Kansas City" and "Grand Central Station" are called so; "Idlib province" is called Idlib.
        if len(words) > 1 and _called_so(words):
            return _place(whole, kind, compass)
        words = words[:-1]
    names = [word for word in words if word[:1].isupper() or word[:1].isdigit()]
    country = gazetteer().country_of_adjective(fold(names[0])) if names else None
    if country and len(names) == 1 and kind:
        names = []  # "the Iraqi border"
    place = _place(" ".join(words) if names else "", kind, compass)
    return _with(place, [country] if country else [])


def _called_so(words: list[str]) -> bool:
    last, before = words[-1], fold(" ".join(words[:-1]))
    if not last[:1].isupper() or not words[0][:1].isupper():
        return False
    level = TYPE_LEVEL[last.lower()]
    return level > 6 or (level == 6 and bool(gazetteer().types(before) & {COUNTRY, STATE}))


def _is_compass(words: list[str]) -> bool:
    """Whether the first word is a direction rather than a part of a name: not "South Korea"."""
    return not _known(fold(" ".join(words[:2]))) and (
        words[0].islower() or words[0].lower().endswith(("ern", "central"))
    )


def _known(name: str) -> bool:
    return bool(gazetteer().types(name)) or name in _REGIONS


def _place(surface: str, kind: str, compass: str) -> Place:
    name = gazetteer().canonical(fold(surface))
    level: float | None = TYPE_LEVEL.get(kind)
    if level is None and name:
        known = [_LEVEL_OF_KNOWN[kind] for kind in gazetteer().types(name)]
        # "Georgia" or "New York" can be one or the other: nothing tells.
        level = float(known[0]) if len(set(known)) == 1 else None
        if name in _REGIONS:
            level = 1.5
    if level is not None and compass:
        level += _HALF
    return Place(name, surface, kind, level, compass)
