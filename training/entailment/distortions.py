"""Sentences changed so that their text no longer says them, and ones shortened that it still says.

The first in the manner of Kryściński et al. 2020 ("Evaluating the Factual Consistency of
Abstractive Text Summarization", section 3.1): a name, a number or a word is exchanged, a verb is
denied. What models add to summaries of news is mostly a detail that no text has (Maynez et al.
2020, "On Faithfulness and Factuality in Abstractive Summarization"): so details are added, too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.opposites import opposite

NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
NAME = re.compile(
    r"(?<!^)(?<![.?!:“\"] )\b[A-Z][\w'\u2019-]+(?:(?: | of | the | de )[A-Z][\w'\u2019-]+)*"
)
_COUNTS = """
one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred
thousand million billion first second third fourth fifth
"""
COUNTS = tuple(_COUNTS.split())
_COUNT = re.compile(r"\b(" + "|".join(COUNTS) + r")\b", re.IGNORECASE)
_YEAR = re.compile(r"^(?:1\d|20)\d\d$")
_AT_END = re.compile(
    r"\s((?:in|on|at|near|from|after|before|during|by|with|for) (?:the )?(?:[A-Z0-9][\w'\u2019-]*)"
    r"(?: (?:of |the )?[A-Z0-9][\w'\u2019-]*)*)\.$"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_ASIDE = re.compile(r", (?!and\b|or\b|but\b)[^,;:]{4,80},(?= [a-z])")
_LEAD = re.compile(
    r"^(?:In|On|At|After|Before|During|By|With|For|As|While|When|Since)\b[^,]{2,80}, "
)


def parts(text: str) -> list[tuple[str, int, int]]:
    """(kind, start, end) of what can be exchanged for another of its kind."""
    found = [
        ("year" if _YEAR.match(one.group()) else "number", *one.span())
        for one in NUMBER.finditer(text)
    ]
    found += [("count", *one.span()) for one in _COUNT.finditer(text)]
    return found + [("name", *one.span()) for one in NAME.finditer(text)]


def exchanged(
    text: str, rng: random.Random, nearby: str, keep: Sequence[str] = ()
) -> tuple[str, str] | None:
    """`text` with a part put in the place of another, and the kind; None without a candidate.

    Parts from `nearby`, the text around, come first: those are what is confused.
    """
    candidates = [one for one in parts(text) if text[one[1] : one[2]] not in keep]
    rng.shuffle(candidates)
    for kind, start, end in candidates:
        old = text[start:end]
        others = {
            nearby[a:b]
            for other, a, b in parts(nearby)
            if other == kind and not _alike(nearby[a:b], old)
        } - set(_words_in(text))
        if kind == "count":
            others |= {rng.choice(COUNTS[:10])} - {old.lower()}
        if kind in ("number", "year") and rng.random() < 0.4:
            others = {_moved(old, rng)}
        if others:
            new = rng.choice(sorted(others))
            return text[:start] + (new.lower() if old.islower() else new) + text[end:], kind
    return None


def denied(text: str, rng: random.Random) -> str | None:
    """A word made its opposite, or the verb denied."""
    return opposite(text, rng)


def extended(text: str, detail: str) -> str | None:
    """With a detail at the end that its text does not give."""
    return text[:-1] + " " + detail + "." if text.endswith(".") and detail not in text else None


def detail_of(text: str) -> str | None:
    """Such a detail: "in 1940", "near the River Severn"."""
    found = _AT_END.search(text)
    return found.group(1) if found else None


def shortened(text: str, rng: random.Random) -> str:
    """Without brackets, and mostly without an aside or what stands before the main clause."""
    short = _BRACKETS.sub("", text)
    lead = found.group() if (found := _LEAD.match(short)) else ""
    main = short[len(lead) :]  # an aside is looked for behind it: its comma begins none
    if rng.random() < 0.7:
        main = _ASIDE.sub("", main, count=1)
    if rng.random() < 0.5:
        lead = ""
    return lead + main if lead else main[:1].upper() + main[1:]


def _alike(one: str, other: str) -> bool:
    a, b = one.casefold(), other.casefold()
    return a in b or b in a


def _words_in(text: str) -> list[str]:
    return [text[a:b] for _, a, b in parts(text)]


def _moved(number: str, rng: random.Random) -> str:
    """Another number of about its size and of its form."""
    digits = [n for n, char in enumerate(number) if char.isdigit()]
    at = rng.choice(digits[1:] or digits)
    new = rng.choice([d for d in "0123456789" if d != number[at] and (at or d != "0")])
    return number[:at] + new + number[at + 1 :]
