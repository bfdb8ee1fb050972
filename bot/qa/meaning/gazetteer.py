"""Countries, their first-level divisions and a few large cities, as names of places.

Countries are named as in Unicode's CLDR (through Babel) and ISO 3166-1, divisions as in ISO 3166-2
(pycountry); the cities are those that the time zones of the tz database are called after. A place
can be in several others ("Georgia", "Punjab"). All of it is in files of those packages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

COUNTRY, STATE, CITY, CONTINENT = "country", "state", "city", "continent"

# What news says where CLDR and ISO 3166 have other names; codes of ISO 3166-1.
_OTHER_NAMES = {
    "US": ("us", "usa", "u s", "united states of america", "america"),
    "GB": ("uk", "u k", "britain", "great britain"),
    "AE": ("uae", "emirates"),
    "TR": ("turkey",),
    "CI": ("ivory coast",),
    "CZ": ("czech republic", "czechia"),
    "CD": ("dr congo", "drc", "democratic republic of the congo", "democratic republic of congo"),
    "CG": ("republic of the congo", "congo-brazzaville"),
    "MM": ("burma", "myanmar"),
    "PS": ("palestine", "palestinian territories", "gaza strip", "west bank"),
    "SZ": ("swaziland",),
    "CV": ("cape verde",),
    "TL": ("east timor",),
    "NL": ("holland",),
    "MK": ("macedonia",),
}
_CAPITALS_TOO = {"washington": "US"}  # cities that share a state's name and no time zone's
_DIVISIONS_TOO = {"dc": "US", "bavaria": "DE", "catalonia": "ES", "kurdistan": "IQ", "crimea": "UA"}
_PARTS = {"GB": ("england", "scotland", "wales", "northern ireland")}
_CONTINENTS = ("africa", "asia", "europe", "north america", "south america", "australia")
# Adjectives that no ending of the country's name makes.
_ADJECTIVES = {
    "american": "US", "british": "GB", "english": "GB", "scottish": "GB", "welsh": "GB",
    "french": "FR", "german": "DE", "dutch": "NL", "greek": "GR", "swiss": "CH", "danish": "DK",
    "spanish": "ES", "turkish": "TR", "swedish": "SE", "finnish": "FI", "polish": "PL",
    "thai": "TH", "filipino": "PH", "philippine": "PH", "afghan": "AF", "pakistani": "PK",
    "saudi": "SA", "emirati": "AE",
    "norwegian": "NO",
    "portuguese": "PT", "irish": "IE", "czech": "CZ", "congolese": "CD", "peruvian": "PE",
    "ukrainian": "UA", "argentine": "AR", "canadian": "CA", "palestinian": "PS", "burmese": "MM",
    "lebanese": "LB", "chinese": "CN", "belgian": "BE", "mexican": "MX", "iraqi": "IQ",
    "yemeni": "YE", "israeli": "IL", "chilean": "CL", "brazilian": "BR", "kenyan": "KE",
}  # fmt: skip
_NO_NAMES = ("central", "northern", "southern", "eastern", "western", "north", "south", "capital")
_ENDINGS = ("ian", "ean", "an", "n", "i", "ese", "ish", "ic")
_ARTICLE = re.compile(r"^(?:the|al|ad|an|ar|as|ash|at|az|el)[ -]")


def fold(name: str) -> str:
    """`name` in small letters without accents, dots and superfluous white space."""
    bare = unicodedata.normalize("NFKD", name.casefold().replace("\u0131", "i"))
    kept = "".join(c for c in bare if not unicodedata.combining(c) and c not in ".'\u2019\u02bc`")
    return " ".join(kept.replace("-", " ").split())


class Gazetteer:
    """What is known of a name; all names are given as `fold` makes them."""

    def __init__(self) -> None:
        self._countries: dict[str, str] = {}
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._parents: defaultdict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        self._add_countries()
        self._add_divisions()
        self._add_zones()

    def country(self, name: str) -> str | None:
        """The ISO 3166-1 code of the country of that name."""
        return self._countries.get(name)

    def country_of_adjective(self, word: str) -> str | None:
        """The name of the country that "syrian" or "french" belongs to."""
        if word in _ADJECTIVES:
            return self._names.get(_ADJECTIVES[word])
        made = (
            stem + vowel
            for ending in _ENDINGS
            if word.endswith(ending) and len(stem := word[: -len(ending)]) > 2
            for vowel in ("", "a", "ia", "y", "e", "o")
        )
        # The longest, so that "nigerian" is of Nigeria rather than of Niger.
        found = max((name for name in made if name in self._countries), key=len, default=None)
        return self.canonical(found) if found else None

    def canonical(self, name: str) -> str:
        """The one name under which a country is kept; any other place's name as it is."""
        code = self._countries.get(name)
        return self._names[code] if code else name

    def types(self, name: str) -> frozenset[str]:
        """Which of COUNTRY, STATE (any first-level division), CITY and CONTINENT it can be."""
        return frozenset(self._types.get(name, ()))

    def parents(self, name: str) -> frozenset[str]:
        """The countries or continents that a place of that name is in."""
        known = {name, self.canonical(name)}
        return frozenset(parent for each in known for parent in self._parents.get(each, ()))

    def _add_countries(self) -> None:
        from babel.core import Locale
        from pycountry import countries

        territories = Locale("en").territories
        for country in countries:
            code = country.alpha_2
            common = territories.get(code) or country.name
            names = [common, country.name, getattr(country, "common_name", common)]
            # "Myanmar (Burma)", "Congo - Kinshasa", "Iran, Islamic Republic of"
            folded = [fold(re.sub(r" \(.*|,.*| - .*", "", name)) for name in names]
            self._names[code] = folded[0]
            for name in (*folded, *_OTHER_NAMES.get(code, ())):
                self._countries.setdefault(_ARTICLE.sub("", name), code)
                self._types[_ARTICLE.sub("", name)].add(COUNTRY)
        for continent in _CONTINENTS:
            self._types[continent].add(CONTINENT)

    def _add_divisions(self) -> None:
        from pycountry import subdivisions

        for division in subdivisions:
            name = fold(re.sub(r"[\[(].*", "", division.name))
            inside = self._names.get(division.country_code)
            if not inside or name == inside or name in _NO_NAMES:
                continue
            for spelling in {name, _ARTICLE.sub("", name)}:
                self._types[spelling].add(STATE)
                self._parents[spelling].add(inside)
        for name, code in (*_CAPITALS_TOO.items(), *_DIVISIONS_TOO.items()):
            self._types[name].add(CITY if name in _CAPITALS_TOO else STATE)
            self._parents[name].add(self._names[code])
        for code, parts in _PARTS.items():
            for part in parts:
                self._types[part] = {COUNTRY}
                self._parents[part].add(self._names[code])

    def _add_zones(self) -> None:
        from babel.core import get_global

        for zone, code in get_global("zone_territories").items():
            region, _, city = zone.rpartition("/")
            inside = self._names.get(code)
            if not region or not inside or region.startswith(("Etc", "America/North_Dakota")):
                continue
            continent = region.partition("/")[0].lower()
            if continent in _CONTINENTS and continent != "australia":
                self._parents[inside].add(continent)
            name = fold(city.replace("_", " "))
            if name not in self._countries:
                self._types[name].add(CITY)
                self._parents[name].add(inside)


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process, read at its first use (a third of a second)."""
    return Gazetteer()
