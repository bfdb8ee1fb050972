"""What a number counts in: per cent, currencies, lengths, weights, times and the like."""

from __future__ import annotations

import re

_CURRENCIES = {
    "$": "dollar", "\u20ac": "euro", "\u00a3": "pound", "\u00a5": "yen", "\u20b9": "rupee",
    "\u20bd": "rouble", "\u20a9": "won", "\u20aa": "shekel", "\u20ba": "lira", "\u20a6": "naira",
    "usd": "dollar", "eur": "euro", "gbp": "pound", "jpy": "yen", "rs": "rupee", "inr": "rupee",
}  # fmt: skip

_SPELLINGS = {
    "percent": "% percent pct",
    "dollar": "dollar dollars bucks usd",
    "euro": "euro euros eur",
    # Money and weight share the word, and "lb" is one of them
    "pound": "pound pounds lb lbs gbp",
    "yen": "yen",
    "yuan": "yuan renminbi",
    "rupee": "rupee rupees",
    "rouble": "rouble roubles ruble rubles",
    "won": "won",
    "shekel": "shekel shekels",
    "lira": "lira liras",
    "naira": "naira",
    "peso": "peso pesos",
    "franc": "franc francs",
    "rand": "rand",
    "cent": "cent cents",
    "pence": "pence penny",
    "kilometre": "km kms kilometer kilometers kilometre kilometres",
    "metre": "m meter meters metre metres",
    "centimetre": "cm centimeter centimeters centimetre centimetres",
    "millimetre": "mm millimeter millimeters millimetre millimetres",
    "mile": "mile miles",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "yard": "yard yards",
    "mph": "mph",
    "km/h": "km/h kph kmh",
    "acre": "acre acres",
    "hectare": "hectare hectares",
    "kilogram": "kg kilo kilos kilogram kilograms",
    "gram": "gram grams",
    "ton": "ton tons tonne tonnes",
    "ounce": "ounce ounces oz",
    "litre": "liter liters litre litres",
    "gallon": "gallon gallons",
    "barrel": "barrel barrels",
    "degree": "degree degrees \u00b0 \u00b0c \u00b0f",
    "second": "seconds",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "decade": "decade decades",
    "century": "century centuries",
    "square kilometre": "km2 km\u00b2",
    "percentage point": "percentage-point",
}
_MEASURES = {word: name for name, words in _SPELLINGS.items() for word in words.split()}

_SIGNS = "".join(sign for sign in _CURRENCIES if len(sign) == 1)
_CURRENCY = re.compile(
    rf"(?:(?<!\w)([a-z]{{0,3}})([{re.escape(_SIGNS)}])|(?<!\w)(usd|eur|gbp|jpy|rs\.?|inr))\s?\Z"
)
_WORDS = "|".join(sorted((re.escape(word) for word in _MEASURES), key=len, reverse=True))
_MEASURE = re.compile(
    r"[\s-]?(?:(?:more|other|additional|extra|long|full|straight|consecutive|whole|us|u\.s\.)\s)?"
    rf"(?:(per\scent)|(percentage\spoints?)|((?:square|cubic)\s)?({_WORDS}))(?!\w)"
)
_AGE = re.compile(r"(?:s\s|-|\s)(?:old|of\sage)\b")


def currency_before(text: str, start: int) -> tuple[str, int]:
    """The currency whose sign ends at `start` and where the sign begins; ("", start) if none.

    `text` is in small letters. "us$" is the dollar, "a$" another one.
    """
    found = _CURRENCY.search(text, max(0, start - 6), start)
    if not found:
        return "", start
    country, sign, code = found.groups()
    if code:
        return _CURRENCIES[code.rstrip(".")], found.start()
    prefix = "" if country in ("", "us") else f"{country} "
    return prefix + _CURRENCIES[sign], found.start()


def measure_after(text: str, end: int) -> tuple[str, int]:
    """The measure that follows a number that ends at `end`, and its own end; ("", end) if none.

    `text` is in small letters. Ages have none, since "aged 19" and "19-year-old" are one.
    """
    found = _MEASURE.match(text, end)
    if not found:
        return "", end
    per_cent, points, square, word = found.groups()
    if per_cent:
        return "percent", found.end()
    if points:
        return "percentage point", found.end()
    name = (square or "") + _MEASURES[word]
    if name in ("year", "month", "week") and _AGE.match(text, found.end()):
        return "", end
    return name, found.end()
