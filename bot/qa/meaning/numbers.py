"""Quantities as news writes them: "twelve people", "more than 30", "dozens", "$1.2 million"."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen""".split()  # noqa: SIM905  reads better
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905
        start=2,
    )
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12}
# What "dozens" is taken to span: from two of them to where the next word takes over.
_VAGUE = {
    "dozens": (24.0, 100.0),
    "scores": (40.0, 200.0),
    "hundreds": (200.0, 1_000.0),
    "thousands": (2e3, 1e5),
    "tens of thousands": (2e4, 1e5),
    "hundreds of thousands": (2e5, 1e6),
    "millions": (2e6, 1e9),
    "tens of millions": (2e7, 1e8),
    "hundreds of millions": (2e8, 1e9),
    "billions": (2e9, 1e12),
    "several": (3.0, 12.0),
    "a few": (3.0, 12.0),
    "a couple": (2.0, 3.0),
}
NO_MORE_THAN_TWICE = 2.0
"""A paper that says "more than 30" or "at least 30" is taken to mean no more than twice that."""
_AROUND = 0.1
_MAX_TEXT = 300  # code points; what is longer states more than a quantity

_TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<ordinal>st|nd|rd|th)?(?![\d])"
    r"|(?P<word>[^\W\d_]+)|(?P<sign>[$\u20ac\u00a3\u00a5%+])"
)
_HEDGES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("least", r"no (?:fewer|less) than|not (?:fewer|less) than"),
        ("most", r"no more than|not more than|at most|up to|as many as|as much as"),
        ("least", r"(?:more|greater|higher) than|over|at least|a minimum of|above|upwards? of"),
        ("least", r"exceeding|in excess of|well over"),
        ("below", r"(?:fewer|less|lower) than|under|below|nearly|almost|close to|just short of"),
        ("about", r"about|around|some|roughly|approximately|an estimated|estimated|circa"),
    )
)
_LEAST_AFTER = re.compile(r"^\W*(?:\+|or more\b|at least\b)")
_FUNCTION_WORDS = frozenset(
    """a an and as at been by for from had has have in is it its of on or s than that the their
    there these they this those to was were with between another other others only just exactly
    total least more most about around some""".split()  # noqa: SIM905
)
_SYMBOLS = {"$": "dollar", "\u20ac": "euro", "\u00a3": "pound", "\u00a5": "yen", "%": "percent"}
_MEASURES = frozenset(
    """dollar euro pound yen percent year month week day hour minute second mile kilometer
    kilometre km meter metre foot feet inch acre hectare ton tonne kilogram kg point degree
    vote time page rupee rouble ruble yuan""".split()  # noqa: SIM905
)
_OUTCOMES = {
    **dict.fromkeys(("dead", "killed", "died", "death", "fatality", "life", "fatally"), "dead"),
    **dict.fromkeys(("injured", "wounded", "hurt", "injury", "wound"), "injured"),
    **dict.fromkeys(("missing", "unaccounted"), "missing"),
    **dict.fromkeys(("arrested", "detained", "arrest"), "arrested"),
}
"""What happened to those who are counted, which tells one toll from another."""
_MONTHS = frozenset(
    """january february march april june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec""".split()  # noqa: SIM905
)
_PEOPLE = frozenset({"people", "person", "persons", "individual", "other"})


@dataclass(frozen=True)
class Quantity:
    """A number, or the range `low` to `high` (both included) that a vague one stands for.

    `units` are the words that it counts, in the singular: {"civilian"}, {"dollar"}, or none.
    """

    low: float
    high: float
    units: frozenset[str] = frozenset()

    @property
    def exact(self) -> bool:
        return self.low == self.high

    @property
    def measures(self) -> frozenset[str]:
        """Those of its units that things are measured in: money, percent, lengths, times."""
        return self.units & _MEASURES

    def counts_like(self, other: Quantity) -> bool:
        """Whether the two can count the same thing.

        "12" can count what "14 dead" counts, and "12 people" too; "12 injured" and "12 percent"
        cannot.
        """
        if self.measures != other.measures:
            return False
        outcomes = set(_OUTCOMES.values())
        mine, its = self.units & outcomes, other.units & outcomes
        if mine and its:
            return bool(mine & its)
        counted, others = self.units - mine, other.units - its
        if not counted or not others or counted & others:
            return True
        return bool(counted & _PEOPLE or others & _PEOPLE)

    def equals(self, other: Quantity) -> bool:
        """Whether both state the same: "12 people" and "a dozen"."""
        return (self.low, self.high) == (other.low, other.high) and self.counts_like(other)

    def narrower_than(self, other: Quantity) -> bool:
        """Whether all that it can mean is among what `other` can mean, and less."""
        within = other.low <= self.low and self.high <= other.high
        return within and (self.low, self.high) != (other.low, other.high)

    def apart_from(self, other: Quantity) -> bool:
        """Whether the two cannot both be exact truth: no number is in both ranges."""
        return self.high < other.low or other.high < self.low


def parse_quantity(text: str) -> Quantity | None:
    """The one quantity that `text` states; None if it states none or several.

    A range ("10 to 15", "between ten and fifteen") is one. An ordinal ("3rd") or a day
    of a month is none.
    """
    if len(text) > _MAX_TEXT:
        return None
    lower = unicodedata.normalize("NFKC", text).lower()
    lower = re.sub(r"(?<=\d)\s?[-\u2013\u2014]\s?(?=\d)", " to ", lower)
    tokens = list(_TOKEN.finditer(lower))
    if any(token["ordinal"] or token.group() in _MONTHS for token in tokens):
        return None
    numbers = _numbers(tokens)
    if len(numbers) == 2:
        span = _range(lower, tokens, numbers)
    elif len(numbers) == 1:
        low, high, first, last = numbers[0]
        before, after = lower[: tokens[first].start()], lower[tokens[last - 1].end() :]
        span = _hedged(low, high, before, after)
    else:
        return None
    if span is None:
        return None
    used = {index for *_, first, last in numbers for index in range(first, last)}
    return Quantity(*span, _units(lower, tokens, used))


_Number = tuple[float, float, int, int]  # lowest, highest, first token, token after the last


def _numbers(tokens: Sequence[re.Match[str]]) -> list[_Number]:
    found: list[_Number] = []
    index = 0
    while index < len(tokens):
        number = _vague(tokens, index) or _exact(tokens, index)
        if number is None:
            index += 1
        else:
            found.append(number)
            index = number[3]
    return found


def _vague(tokens: Sequence[re.Match[str]], index: int) -> _Number | None:
    for length in (3, 2, 1):
        words = " ".join(token.group() for token in tokens[index : index + length])
        if words in _VAGUE and index + length <= len(tokens):
            return *_VAGUE[words], index, index + length
    return None


def _exact(tokens: Sequence[re.Match[str]], first: int) -> _Number | None:
    """The number that begins at a token, in figures or words, with its scale words."""
    total = group = 0.0
    index, seen = first, False
    if tokens[first].group() in ("a", "half"):
        if not _scale_follows(tokens, first):
            return None
        group, index = (0.5 if tokens[first].group() == "half" else 1.0), first + 1
        index += tokens[first].group() == "half" and tokens[index].group() == "a"
        seen = True
    while index < len(tokens):
        token = tokens[index]
        word = token.group()
        if token["number"]:
            if seen:
                break
            group = float(word.replace(",", ""))
        elif word in _UNITS:
            if seen and group % 10 and group < 20:
                break
            group += _UNITS[word]
        elif word in _TENS:
            if seen and group % 100:
                break
            group += _TENS[word]
        elif seen and word == "dozen":
            group *= 12
        elif seen and word == "hundred":
            group *= 100
        elif seen and (scale := _scale(tokens, index)):
            total, group = total + group * scale, 0.0
        elif seen and word == "and" and _goes_on(tokens, index):
            index += 1
            continue
        else:
            break
        seen, index = True, index + 1
    value = total + group
    if not seen or not math.isfinite(value):
        return None
    return value, value, first, index


def _scale_follows(tokens: Sequence[re.Match[str]], index: int) -> bool:
    words = [token.group() for token in tokens[index + 1 : index + 3]]
    if tokens[index].group() == "half" and words[:1] == ["a"]:
        words = words[1:]
    return bool(words) and (words[0] in _SCALES or words[0] == "dozen")


def _scale(tokens: Sequence[re.Match[str]], index: int) -> float | None:
    word = tokens[index].group()
    if word in _SCALES:
        return _SCALES[word]
    attached = tokens[index].start() == tokens[index - 1].end() and tokens[index - 1]["number"]
    money = index > 1 and tokens[index - 2]["sign"]
    return _SHORT_SCALES.get(word) if attached and (word != "m" or money) else None


def _goes_on(tokens: Sequence[re.Match[str]], index: int) -> bool:
    """Whether an "and" is inside a number: "three hundred and forty"."""
    after = tokens[index + 1].group() if index + 1 < len(tokens) else ""
    return tokens[index - 1].group() in _SCALES and (after in _UNITS or after in _TENS)


def _range(
    text: str, tokens: Sequence[re.Match[str]], numbers: Sequence[_Number]
) -> tuple[float, float] | None:
    (low, _, first, end), (_, high, start, _) = numbers
    between = text[tokens[end - 1].end() : tokens[start].start()].strip(" $\u20ac\u00a3\u00a5")
    opened = text[: tokens[first].start()].rstrip(" $\u20ac\u00a3\u00a5").endswith("between")
    if low < high and (between in ("to", "or") or (between == "and" and opened)):
        return low, high
    return None


def _hedged(low: float, high: float, before: str, after: str) -> tuple[float, float]:
    if _LEAST_AFTER.search(after):
        return low, high * NO_MORE_THAN_TWICE
    for kind, pattern in _HEDGES:
        if re.search(rf"\b(?:{pattern.pattern})\W*(?:the|a|an)?\W*$", before):
            match kind:
                case "least":
                    return low, high * NO_MORE_THAN_TWICE
                case "most":
                    return 0.0, high
                case "below":
                    return low * (1 - _AROUND), high
                case _:
                    return low * (1 - _AROUND), high * (1 + _AROUND)
    return low, high


def _units(text: str, tokens: Sequence[re.Match[str]], used: set[int]) -> frozenset[str]:
    hedged = text
    for _, pattern in _HEDGES:
        hedged = pattern.sub(lambda found: " " * len(found.group()), hedged)
    units = set()
    for index, token in enumerate(tokens):
        word = token.group()
        if index in used or not hedged[token.start() : token.end()].strip():
            continue
        if word in _SYMBOLS:
            units.add(_SYMBOLS[word])
        elif token["word"] and word not in _FUNCTION_WORDS:
            single = _singular(word)
            units.add(_OUTCOMES.get(single, single))
    if "per" in units and "cent" in units:
        units = units - {"per", "cent"} | {"percent"}
    return frozenset(units)


def _singular(word: str) -> str:
    irregular = {
        "lives": "life",
        "fatalities": "fatality",
        "injuries": "injury",
        "women": "woman",
        "men": "man",
        "children": "child",
        "percentage": "percent",
    }
    if word in irregular:
        return irregular[word]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
