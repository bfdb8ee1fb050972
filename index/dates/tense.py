"""Whether a sentence tells what has happened or what will, near a date in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.dates.resolving import Tense

_BEFORE = 200
_AFTER = 60
_FUTURE = frozenset(
    """will won't shall due upcoming until deadline begins starts opens returns premieres
    arrives airs expires starting beginning coming tomorrow he'll she'll it'll we'll they'll i'll
    you'll""".split()  # noqa: SIM905  reads better
)
_EXPECTING = frozenset(
    """is are expect expects expected scheduled plan plans planning planned hope hopes going set due
    slated""".split()  # noqa: SIM905
)
_APPOINTED = frozenset({"scheduled", "planned", "slated", "expected", "set", "due"})
_PAST = frozenset(
    """said says told was were had has have did been since began came took made went died won lost
    left got gave saw held met led fell rose hit struck wrote spoke found ago ran sent paid shot
    brought became""".split()  # noqa: SIM905
)
_NO_VERBS = frozenset(
    {"need", "hundred", "indeed", "speed", "exceed", "proceed", "succeed", "seed"}
)
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019][a-z]{1,2})?")
_DAY = re.compile(r"[A-Z][a-z]{2,5}day\b|[A-Z][a-z]{2,8}\.? [0-9]")
_UP_TO = re.compile(r"\b(?:by|until|through|through at least)\s\Z")
_BOUNDARY = re.compile(
    r"[.!?](?<=[a-z0-9)%\"\u201d].)[\"'\u201d\u2019)]?\s(?=[\"'\u201c\u2018A-Z])|[\n;]"
)


def tense_at(text: str, start: int, end: int) -> Tense:
    """The tense that the verb nearest before `text[start:end]`, else after it, tells.

    Only its own sentence counts, and of that at most 200 code points before and 60 after.
    """
    before = text[max(0, start - _BEFORE) : start]
    own = max((boundary.end() for boundary in _BOUNDARY.finditer(before)), default=0)
    words = _WORD.findall(before, own)
    if words[-1:] == ["by"] and _DAY.match(text, start) and not _passive(words[:-1]):
        return Tense.FUTURE  # "asked them to answer by Friday"
    if tense := _nearest(words, reversed(range(len(words)))):
        return tense
    after = text[end : end + _AFTER]
    boundary = _BOUNDARY.search(after)
    words = _WORD.findall(after, 0, boundary.start() if boundary else len(after))
    # After the date "may" is no sign: "Monday's rally may not last".
    words = [word for word in words if word not in ("may", "might")]
    if tense := _nearest(words, range(len(words))):
        return tense
    return Tense.FUTURE if _UP_TO.search(before) else Tense.UNKNOWN


def _passive(words: Sequence[str]) -> bool:
    """Whether the words end as "were made" or "had burned" do."""
    helped = words[-2:-1] in (["was"], ["were"], ["had"], ["been"])
    return helped and _tense_of(words, len(words) - 1) is Tense.PAST


def _nearest(words: Sequence[str], order: Iterable[int]) -> Tense | None:
    for place in order:
        if tense := _tense_of(words, place):
            return tense
    return None


def _tense_of(words: Sequence[str], place: int) -> Tense | None:
    written = words[place]
    word = written.lower()
    previous = words[place - 1].lower() if place else ""
    if word in _FUTURE:
        return Tense.FUTURE
    if written in ("may", "might"):
        return None if words[place + 1 : place + 2] == ["have"] else Tense.FUTURE
    if word == "to":
        return Tense.FUTURE if previous in _EXPECTING else None
    if word == "for":
        return Tense.FUTURE if previous in _APPOINTED else None
    if (word in _APPOINTED or word == "likely") and previous in ("is", "are", "be", "being"):
        return Tense.FUTURE
    if word.endswith("ed") and len(word) > 3 and word not in _NO_VERBS:
        to_be = previous == "be" and words[place - 2 : place - 1] in (["to"], ["not"])
        return Tense.FUTURE if to_be else Tense.PAST
    return Tense.PAST if word in _PAST else None
