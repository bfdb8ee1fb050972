"""Whether a text has a name, perhaps in a fuller form or another spelling."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from bot.proof.naming import forms
from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.meaning.wording import TITLES
from bot.qa.reading.words import words
from index.analysis import NAME_PREFIXES
from index.names import COMMON_WORDS, name_key

_COUNTRY_WORDS = 5
_BETWEEN = 3
"""Words that may stand between two of a name: initials, particles, a second name."""
_LEAST_ALIKE = 0.5
"""Share of the letters that two spellings of a transliterated name have in common."""
_PARTICLES = NAME_PREFIXES | {"s"} | TITLES
_OF_THEIR_NAME = frozenset({"university", "ministry", "department", "bank", "bishop", "state"})
"""Kinds of names that can stand before: "Oxford University", "University of Oxford"."""
_UNINITIALED = frozenset({"of", "the", "and", "for", "on", "in", "to", "s"})
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}\Z")
_EXPANSIONS = {
    "united nations": "un",
    "european union": "eu",
    "federal bureau of investigation": "fbi",
    "central intelligence agency": "cia",
    "world health organization": "who",
    "international monetary fund": "imf",
    "north atlantic treaty organization": "nato",
    "african union": "au",
}
"""Those that everyone knows: elsewhere the letters do not tell what they stand for."""


@dataclass(frozen=True, slots=True)
class _Token:
    form: str
    """In small letters, without accents; "cc:US" for any name or adjective of a country."""
    capital: bool
    joined: bool
    """Whether nothing but space parts it from the token before."""
    word: str = ""
    """The word that stands there: "Syrian" for "cc:SY", its letters as they are."""


class NamedText:
    """A text that names are looked for in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)

    def has(self, name: str) -> bool:
        """Whether all of a name's parts stand there together, in their order.

        A shorter form is told by a longer one ("Biden" by "Joe Biden"), never the other way;
        a country by its adjective, an acronym by its words; transliterations by each other.
        """
        wanted = _wanted(name)
        if not wanted or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._text):
            return True
        between = _PARTICLES | {token.form for token in _tokens(name)}
        if any(self._from(at, wanted, between) for at in range(len(self._tokens))):
            return True
        if len(wanted) > 1 and wanted[-1].form in _OF_THEIR_NAME:
            *before, kind = wanted
            turned = [kind, *before]
            if any(self._from(at, turned, {"of", "the"}) for at in range(len(self._tokens))):
                return True
        letters = name.replace(".", "").lower()
        if _ACRONYM.match(name) and self._spelled_out(letters):
            return True
        known = _EXPANSIONS.get(
            fold(name).removeprefix("the ").replace("organisation", "organization")
        )
        return known is not None and any(t.capital and t.form == known for t in self._tokens)

    def _from(self, at: int, wanted: Sequence[_Token], between: Container[str]) -> bool:
        if not _same(wanted[0], self._tokens[at]):
            return False
        for token in wanted[1:]:
            for following in range(at + 1, min(at + 2 + _BETWEEN, len(self._tokens))):
                there = self._tokens[following]
                if not there.joined:
                    return False
                if _same(token, there):
                    at = following
                    break
                if not (there.capital or there.form in between):
                    return False
            else:
                return False
        return True

    def _spelled_out(self, letters: str) -> bool:
        telling = [token for token in self._tokens if token.form not in _UNINITIALED]
        for at in range(len(telling) - len(letters) + 1):
            here = telling[at : at + len(letters)]
            if all(
                token.capital and token.form[:1] == letter
                for token, letter in zip(here, letters, strict=True)
            ):
                return True
        return False


def _wanted(name: str) -> list[_Token]:
    kept = set(forms(name))
    return [
        token
        for token in _tokens(name)
        if token.form.startswith("cc:")
        or (token.form in kept and not (token.form in NAME_PREFIXES and kept - NAME_PREFIXES))
    ]


def _tokens(text: str) -> list[_Token]:
    """The words of a text, hyphenated ones in parts, names of countries as one."""
    found: list[_Token] = []
    end = 0
    for word in words(text, 0, len(text)):
        joined = text[end : word.start].strip() in ("", "&") and end > 0
        end = word.end
        for part in re.split(r"[-\u2010\u2011/]", word.text):
            capital = any(c.isupper() for c in part)
            for form in fold(part).split():
                # "US" is told from "us" by its capitals.
                named = capital and (form != "us" or part.replace(".", "").isupper())
                found.append(_Token(form, named, joined, part))
                joined = True
    return _with_countries(found)


def _with_countries(tokens: Sequence[_Token]) -> list[_Token]:
    shown: list[_Token] = []
    at = 0
    while at < len(tokens):
        code, length = _country_at(tokens, at)
        if code:
            word = " ".join(token.word for token in tokens[at : at + length])
            shown.append(_Token(f"cc:{code}", True, tokens[at].joined, word))
        else:
            shown.append(tokens[at])
        at += length
    return shown


def _country_at(tokens: Sequence[_Token], at: int) -> tuple[str | None, int]:
    if not tokens[at].capital:
        return None, 1
    known = gazetteer()
    for length in range(min(_COUNTRY_WORDS, len(tokens) - at), 0, -1):
        here = tokens[at : at + length]
        if not here[-1].capital or not all(token.joined for token in here[1:]):
            continue
        name = " ".join(token.form for token in here)
        if code := known.country(name):
            return code, length
        if length == 1:
            for adjective in (name, name.removesuffix("s")):
                if country := known.country_of_adjective(adjective):
                    return known.country(country), 1
    return None, 1


def _same(wanted: _Token, there: _Token) -> bool:
    one, other = wanted.form, there.form
    if one == other:
        # "WHO" is not "who".
        return there.capital or not (len(one) < 4 and wanted.word.replace(".", "").isupper())
    if one.startswith("cc:"):  # texts without capitals have "welsh"
        return len(other) > 3 and fold(wanted.word) == other
    if other.startswith("cc:"):
        return False
    if len(one) > 4 and len(other) > 4 and one.removesuffix("s") == other.removesuffix("s"):
        return True
    return there.capital and _transliterated(one, other)


def _transliterated(one: str, other: str) -> bool:
    from rapidfuzz.distance import Levenshtein

    if one in COMMON_WORDS or other in COMMON_WORDS:
        return False
    key = name_key(one)
    if key is None or key != name_key(other):
        return False
    return Levenshtein.normalized_similarity(one, other) >= _LEAST_ALIKE
