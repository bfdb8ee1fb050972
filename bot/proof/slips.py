"""Slips of a quote: a few letters or small words that leave what it says.

What is compared is words. Each must be there, in order; a longer one may have a letter or two
wrong, and an article or "that" may be lost or added. No slip is a change of a number, of a name,
of a negation or of a word that only looks alike ("legal" and "illegal").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.proof.folding import folded
from index.sentences import Span

MAX_SLIPS = 3
"""Words of a quote that may differ."""

_WORDS_A_SLIP = 5  # one word in so many may differ
_LETTERS_AN_EDIT = 4
_MAX_EDITS = 2
_SAME_BEGINNING = 2

NUMBER_WORDS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred hundreds thousand thousands million millions billion billions trillion trillions dozen
    dozens half third thirds quarter quarters first second fourth fifth sixth seventh eighth ninth
    tenth twelfth once twice double triple""".split()  # noqa: SIM905  reads better
)
_NEGATIONS = frozenset(
    """no not never none nobody nothing nowhere neither nor without cannot hardly barely scarcely
    non un in im il ir dis""".split()  # noqa: SIM905
)
_DATES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december today tomorrow yesterday day week month
    year decade days weeks months years decades""".split()  # noqa: SIM905
)
_MAY_BE_LOST = frozenset({"a", "an", "the", "that"})
_TOKEN = re.compile(
    r"-?[^\W_]+(?:[.,:'-][^\W_]+)*[%\u2030]?|[%\u2030$\u20ac\u00a3\u00a5\u20b9\u20bd\u20a9\u20aa]"
)


@dataclass(frozen=True)
class _Token:
    form: str
    start: int
    end: int
    capital: bool


def same_but_for_slips(quote: str, text: str, start: int, end: int) -> Span | None:
    """The whole words of `text`, at or beside [start, end), that are `quote` but for slips.

    All offsets are in code points of `text`. None if no such words are there.
    """
    wanted, there = _tokens(quote), _tokens(text)
    inside = [n for n, token in enumerate(there) if token.start < end and start < token.end]
    if not wanted or not inside:
        return None
    first, last = inside[0], inside[-1] + 1
    near = [
        (a, b)
        for a in range(max(0, first - 1), min(len(there), first + 2))
        for b in range(max(a + 1, last - 1), min(len(there), last + 1) + 1)
    ]
    for a, b in sorted(near, key=lambda span: abs(span[0] - first) + abs(span[1] - last)):
        if _only_slips(wanted, there[a:b]):
            return there[a].start, there[b - 1].end
    return None


def _only_slips(wanted: Sequence[_Token], there: Sequence[_Token]) -> bool:
    from rapidfuzz.distance import Levenshtein

    if there[0].form in _MAY_BE_LOST and there[0].form != wanted[0].form:
        return False  # it is found without
    slips = 0
    forms = [token.form for token in wanted], [token.form for token in there]
    for change in Levenshtein.opcodes(*forms):
        mine = wanted[change.src_start : change.src_end]
        its = there[change.dest_start : change.dest_end]
        match change.tag:
            case "equal":
                continue
            case "replace":
                if not all(_slip(a, b) for a, b in zip(mine, its, strict=True)):
                    return False
            case _:
                if not all(token.form in _MAY_BE_LOST for token in (*mine, *its)):
                    return False
        slips += max(len(mine), len(its))
    return slips <= min(MAX_SLIPS, 1 + len(wanted) // _WORDS_A_SLIP)


def _slip(one: _Token, other: _Token) -> bool:
    from rapidfuzz.distance import OSA

    a, b = one.form, other.form
    if one.capital or other.capital or not (a + b).replace("-", "").isalpha():
        return False
    if {a, b} & (NUMBER_WORDS | _NEGATIONS | _DATES) or a[:_SAME_BEGINNING] != b[:_SAME_BEGINNING]:
        return False
    if a.endswith("less") != b.endswith("less"):
        return False
    edits = min(_MAX_EDITS, min(len(a), len(b)) // _LETTERS_AN_EDIT)
    return OSA.distance(a, b, score_cutoff=edits) <= edits


def _tokens(text: str) -> list[_Token]:
    here = folded(text)
    found = []
    for match in _TOKEN.finditer(here.text):
        start, end = here.span(match.start(), match.end())
        capital = any(character.isupper() for character in text[start:end])
        found.append(_Token(match.group().lstrip("-") or match.group(), start, end, capital))
    return found
