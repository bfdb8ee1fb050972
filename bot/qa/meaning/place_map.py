"""Which place is in which: what articles state, what an answer's words say, and the gazetteer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.qa.meaning.gazetteer import COUNTRY, STATE, fold, gazetteer
from bot.qa.meaning.places import COMPASS, TYPE_LEVEL, Place, parse_place

MAX_STEPS = 4
"""From a place to one that it is in, through those between: a town, a province, a country."""
_MAX_OCCURRENCES = 20  # of a name in one article
_WINDOW = 90  # code points around a name that are read
_NAME = r"[^\W\d_a-z](?:[\w.-]|['\u2019](?!s\b)(?=\w))*"
_NAMES = rf"{_NAME}(?:\s(?:al|el|de|la|of)?[\s-]?{_NAME}){{0,3}}"
_TYPE = "|".join(sorted(TYPE_LEVEL, key=len, reverse=True))
# "Barisha, also in Idlib", "Atme, Idlib province", "Atme, a town in northern Syria"
_AFTER = re.compile(
    rf"(?P<kind>\s(?:{_TYPE}))?(?P<link>,?\s(?:also\s|which\sis\s|which\slies\s|located\s|situated\s"
    rf"|lies\s|is\s)?(?:an?\s(?:[\w-]+\s){{0,2}}(?:{_TYPE})\s)?(?:in|inside|within)\s|(?<=[a-z])\sof\s|,\s)"
    rf"(?P<words>(?:the\s)?(?:[a-z-]+\s){{0,2}}(?:(?:{_TYPE})\sof\s)?)(?P<outer>{_NAMES})"
    rf"(?P<type>\s(?:{_TYPE})\b)?(?P<tail>,?\sand\b|,\s{_NAME}\sand\b)?",
)
_TYPE_BEFORE = re.compile(rf"\b(?P<type>{_TYPE})\sof\s(?:the\s)?$", re.IGNORECASE)
_TYPE_AFTER = re.compile(rf"\s(?P<type>{_TYPE})\b")
_TYPE_APPOSED = re.compile(rf",\s(?:an?|the)\s(?:[\w-]+\s){{0,3}}?(?P<type>{_TYPE})\b")
# "Syria's town of", "the northern Syrian city of", "Syrian town"
_BEFORE = re.compile(
    rf"(?P<outer>{_NAMES}?)(?P<owns>['\u2019]s)?\s(?:[a-z-]+\s){{0,3}}?(?:(?:{_TYPE})\s(?:of\s)?)?$"
)
_NO_PLACE = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)"
    r"[a-z]*\.?$"
)


class PlaceMap:
    """Containment of places for the articles of one question. Not thread-safe."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(dict.fromkeys(texts))
        self._written: dict[str, set[str]] = {}  # names read in statements, as they stand there
        self._types: dict[str, set[str]] = {}
        self._stated: dict[str, set[str]] = {}
        self._surfaces: dict[str, set[str]] = {}

    def types(self, place: Place) -> set[str]:
        """The words for what it is that its own wording has, or the articles have beside it."""
        if place.type or not place.name:
            return {place.type} - {""}
        self._read(place.name, place.surface)
        return self._types[place.name]

    def level(self, place: Place) -> float | None:
        """How fine it is, by its own words, else by the articles', else as gazetteers know it."""
        if place.type:
            return place.level
        levels = {TYPE_LEVEL[word] for word in self.types(place)}
        if len(levels) != 1:
            return place.level
        return levels.pop() + (0.5 if place.compass else 0.0)

    def inside(self, finer: Place, coarser: Place) -> bool:
        """Whether `finer` lies within `coarser` and is a smaller place, as far as anything tells.

        A part of a place ("western Syria") is taken to hold what lies in that place, unless the
        words put it in the opposite part.
        """
        if not coarser.name or coarser.near or _opposed(finer.compass, coarser.compass):
            return False
        if finer.name == coarser.name:
            return self._part_of_namesake(finer, coarser)
        fine, coarse = self.level(finer), self.level(coarser)
        if fine is not None and coarse is not None and fine <= coarse:
            return False
        return self._reaches(finer, coarser.name)

    def _part_of_namesake(self, finer: Place, coarser: Place) -> bool:
        if finer.near != coarser.near:
            return False
        if bool(finer.compass) != bool(coarser.compass):
            return bool(finer.compass)
        # Idlib city is in Idlib province; but "Paris" alone is not known to be more than Paris.
        both = finer.type and coarser.type and finer.level is not None and coarser.level is not None
        return bool(both) and (finer.level or 0) > (coarser.level or 0)

    def _reaches(self, finer: Place, target: str) -> bool:
        seen: set[str] = set()
        front = set(finer.within)
        if finer.name:
            front |= self._inside_of(finer.name, finer.surface)
            seen.add(finer.name)
        for _ in range(MAX_STEPS):
            if target in front:
                return True
            seen |= front
            front = {outer for name in front for outer in self._inside_of(name)} - seen
        return False

    def _inside_of(self, name: str, surface: str = "") -> set[str]:
        self._read(name, surface)
        return self._stated[name] | gazetteer().parents(name)

    def _read(self, name: str, surface: str = "") -> None:
        """Collects what the articles state of a name, once for each way of writing it."""
        surfaces = self._surfaces.setdefault(name, set())
        wanted = {surface} if surface else self._written.get(name, {name.title()})
        stated, types = self._stated.setdefault(name, set()), self._types.setdefault(name, set())
        for written in sorted(wanted - surfaces):
            surfaces.add(written)
            for before, after in self._occurrences(written):
                stated |= {outer for outer in self._stated_by(before, after) if outer != name}
                types |= set(_types_by(before, after))

    def _occurrences(self, written: str) -> Iterator[tuple[str, str]]:
        if not written:
            return
        for text in self._texts:
            for start in islice(_found(text, written), _MAX_OCCURRENCES):
                end = start + len(written)
                yield text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]

    def _stated_by(self, before: str, after: str) -> Iterator[str]:
        if found := _AFTER.match(after):
            yield from self._outer_after(found)
        if found := _BEFORE.search(before):
            outer = found["outer"]
            if found["owns"]:
                yield self._noted(outer)
            elif country := gazetteer().country_of_adjective(fold(outer.split()[-1])):
                yield country

    def _outer_after(self, found: re.Match[str]) -> Iterator[str]:
        outer, link = found["outer"], found["link"].strip()
        if _NO_PLACE.match(outer):
            return
        if link == "of" and not found["kind"]:
            return  # "the Syria of today"
        if link == ",":
            # "Paris, London and Rome" is a list; "Atme, Idlib province" and "Paris, France" not.
            place = parse_place(outer + (found["type"] or ""))
            known = gazetteer().types(place.name) & {COUNTRY, STATE}
            if (
                found["tail"]
                or found["words"].strip() not in ("", "the")
                or not (known or found["type"])
            ):
                return
        yield self._noted(outer)

    def _noted(self, written: str) -> str:
        written = written.strip(" .-")
        name = gazetteer().canonical(fold(written))
        self._written.setdefault(name, set()).add(written)
        return name


def _found(text: str, written: str) -> Iterator[int]:
    """Where `written` begins as whole words; `str.find` is far faster here than a pattern."""
    start = text.find(written)
    while start >= 0:
        end = start + len(written)
        inside = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
        if not inside:
            yield start
        start = text.find(written, end)


def _types_by(before: str, after: str) -> Iterator[str]:
    if (
        found := _TYPE_BEFORE.search(before)
        or _TYPE_AFTER.match(after)
        or _TYPE_APPOSED.match(after)
    ):
        yield found["type"].lower()


def _opposed(one: str, other: str) -> bool:
    pairs = (("north", "south"), ("east", "west"))
    if not (COMPASS.match(one or "x") and COMPASS.match(other or "x")):
        return False
    return any((a in one and b in other) or (b in one and a in other) for a, b in pairs)
