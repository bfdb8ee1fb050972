"""How numbers are written: figures, words, ordinals, fractions, times of day, "dozens"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.proof.measures import currency_before
from bot.qa.meaning.numbers import parse_quantity

CLOCK, ORDINAL, FRACTION = "o'clock", "ordinal", "fraction"

_BIG = r"(?:hundred|thousand|million|billion|trillion|dozen)(?!\w)"
_SMALL = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety)(?!\w)"
)
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
        thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
        """.split(),  # noqa: SIM905  reads better
        start=1,
    )
} | {"thirtieth": 30.0, "fortieth": 40.0, "fiftieth": 50.0, "sixtieth": 60.0, "hundredth": 100.0}
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8,
          "tenth": 10}  # fmt: skip
_VULGAR = {"\u00bc": 0.25, "\u00bd": 0.5, "\u00be": 0.75, "\u2153": 1 / 3, "\u2154": 2 / 3}
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "k": 1e3,
    "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "dozen": 12.0,
}  # fmt: skip

_LARGEST = 1e200  # of endless figures, so that no arithmetic leaves the floats
_NO_ONE = re.compile(r"\b(?:no|any|every|some|this|that|the|another|which|each|only|last)[\s-]\Z")
_ONE_OF = re.compile(
    r"\s(?:of|another|day|who|that|side|thing|by|or|to|and|in|at|for|with|is|was)\b|\W*\Z|[,.;:-]"
)
_SECOND_OF_TIME = re.compile(r"(?:\b(?:per|every|each|split|one)|\d)[\s-]\Z")
_AT = re.compile(r"\bat\s\Z")
_FIRST_IN_IDIOMS = re.compile(r"\s(?:lady|of\sall|names?|aid|responders?)\b|-?hand\b")


@dataclass(frozen=True, slots=True)
class Numeral:
    """text[start:end] is a number from `low` to `high`, both included: one, unless it is vague."""

    start: int
    end: int
    low: float
    high: float
    unit: str = ""
    """CLOCK (minutes after midnight), ORDINAL or FRACTION; "" for other numbers."""
    scaled: bool = False
    """Whether a word such as "million" is part of it."""
    base: float = 0.0
    """The number before that word."""
    half_told: bool = True
    """Of a time of day, whether morning and evening are told apart."""


def numerals(text: str) -> list[Numeral]:
    """Those in `text`, in order and without overlap; `text` is in small letters and plain."""
    found: list[Numeral] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            if numeral := read(match):
                found.append(numeral)
                # Taken: for the readers that follow, nothing that is part of a number or word.
                length = numeral.end - numeral.start
                text = text[: numeral.start] + "\0" * length + text[numeral.end :]
    return sorted(found, key=lambda numeral: numeral.start)


def _twelve_hours(match: re.Match[str]) -> Numeral | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if not 1 <= hour <= 12:
        return None
    minutes = 60 * (hour % 12 + 12 * (match["half"] == "p")) + minute
    return _at(match, minutes, CLOCK)


def _clock(match: re.Match[str]) -> Numeral | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23:
        return None
    told = hour > 12 or hour == 0
    minutes = 60.0 * hour + minute
    return Numeral(*match.span(), minutes, minutes, CLOCK, half_told=told)


def _noon(match: re.Match[str]) -> Numeral:
    return _at(match, 720 if match.group() == "noon" else 0, CLOCK)


def _figured_ordinal(match: re.Match[str]) -> Numeral:
    return _at(match, float(match["figure"]), ORDINAL)


def _ordinal(match: re.Match[str]) -> Numeral | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    word = match["ordinal"]
    if word == "second" and _SECOND_OF_TIME.search(before[-8:]):
        return None
    if word == "first" and (_AT.search(before[-4:]) or _FIRST_IN_IDIOMS.match(after)):
        return None
    tens = parse_quantity(match["tens"]).low if match["tens"] else 0.0  # type: ignore[union-attr]
    return _at(match, tens + _ORDINALS[word], ORDINAL)


def _fraction(match: re.Match[str]) -> Numeral | None:
    count = match["count"]
    quantity = parse_quantity(count) if count and count not in ("a", "an") else None
    part = _PARTS[match["part"]]
    return _at(match, (quantity.low if quantity else 1.0) / part, FRACTION)


def _vague(match: re.Match[str]) -> Numeral | None:
    quantity = parse_quantity(" ".join(match.group().split()))
    return Numeral(*match.span(), quantity.low, quantity.high) if quantity else None


def _several(match: re.Match[str]) -> Numeral | None:
    quantity = parse_quantity(f"{match['big']}s")
    return Numeral(*match.span(), quantity.low, quantity.high) if quantity else None


def _figure(match: re.Match[str]) -> Numeral:
    written = match["figure"]
    if written[-1] in _VULGAR:
        base = _VULGAR[written[-1]] + float(written[:-1] or 0)
    elif re.fullmatch(r"\d+,\d{1,2}", written):
        base = float(written.replace(",", "."))
    else:
        base = float(written.replace(",", ""))
    base = min(base, _LARGEST) * (-1 if match["minus"] else 1)
    scale = match["scale"] or match["short"] or ""
    start, end = match.span()
    if match["money"]:
        # "$5m" is five million, "5m" five metres.
        if currency_before(match.string, start)[0]:
            scale = match["money"]
        else:
            end -= 1
    value = base * _SCALES.get(scale, 1.0)
    return Numeral(start, end, value, value, "", bool(scale), base)


def _words(match: re.Match[str]) -> Numeral | None:
    written = re.sub(r"[\s-]+", " ", match.group())
    if written == "one" and not _counts_one(match):
        return None
    quantity = parse_quantity(written)
    if quantity is None or not quantity.exact:
        return None
    head = re.match(_SMALL, written)
    base = parse_quantity(head.group()) if head else None
    scaled = re.search(rf"{_BIG}\Z", written) is not None
    return Numeral(*match.span(), quantity.low, quantity.high, "", scaled, base.low if base else 1)


def _counts_one(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 10) : match.start()]
    return not (_NO_ONE.search(before) or _ONE_OF.match(match.string, match.end()))


def _at(match: re.Match[str], value: float, unit: str) -> Numeral:
    return Numeral(*match.span(), value, value, unit)


_Reader = Callable[[re.Match[str]], Numeral | None]


def _readers() -> Iterator[tuple[re.Pattern[str], _Reader]]:
    figure = (
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+\.\d+|\d+,\d{1,2}(?![\d,])"
        r"|\d*[\u00bc-\u00be\u2153\u2154]|\d+"
    )
    words = rf"{_SMALL}(?:(?:[\s-]|\sand\s)(?:{_SMALL}|{_BIG})){{0,8}}"
    for pattern, read in (
        (r"(?<![\w.,:])(?P<hour>\d\d?)(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?",
         _twelve_hours),
        (r"(?<![\w.,:])(?P<hour>\d\d?):(?P<minute>[0-5]\d)(?![\w:])", _clock),
        (r"(?<!\w)(?:noon|midnight)(?!\w)", _noon),
        (r"(?<![\w.,-])(?P<figure>\d{1,9})(?:st|nd|rd|th)(?!\w)", _figured_ordinal),
        (rf"(?<![\w-])(?:(?P<count>an?|{_SMALL})[\s-])?(?P<part>half)(?!\w|-[a-z])"
         r"(?!\s(?:a\s)?(?:million|billion|trillion|dozen))", _fraction),
        (rf"(?<!\w)(?P<count>a|{_SMALL})[\s-](?P<part>third|quarter|fifth|sixth|eighth|tenth)"
         r"(?:s\b|(?=\sof\b))", _fraction),
        (rf"(?<!\w)(?:(?P<tens>{_TENS})-)?(?P<ordinal>{'|'.join(_ORDINALS)})(?!\w)", _ordinal),
        (r"(?<!\w)(?:(?:tens|hundreds)\sof\s)?(?:dozens|scores(?=\sof)|hundreds|thousands"
         r"|(?:m|b|tr)illions)(?!\w)", _vague),
        (rf"(?<!\w)(?:several|few|some|couple)\s(?:of\s)?(?P<big>{_BIG})", _several),
        (r"(?<![\w\0])(?P<minus>(?:minus\s|(?<![\d%)])-)(?=[\d]))?(?<![^\W\d_])(?<![^\W\d_]-)"
         rf"(?P<figure>{figure})(?!\d)"
         rf"(?:[\s-]?(?P<scale>{_BIG})|(?P<short>k|mn|mln|bn|tn)(?!\w)"
         r"|(?<=\d)(?P<money>m|b)(?!\w))?", _figure),
        (rf"(?<!\w)(?:half\sa\s|an?\s){_BIG}|(?<!\w){words}", _words),
        (rf"(?<!\w){_SMALL}", _words),  # of "six five-star hotels"
    ):  # fmt: skip
        yield re.compile(pattern), read


_READERS = tuple(_readers())
