"""The names in a sentence: runs of capitals that are neither a sentence's beginning nor a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.meaning.wording import TITLES
from bot.qa.reading.function_words import FUNCTION_WORDS
from bot.qa.reading.name_runs import runs
from bot.qa.reading.words import Word, words
from index.analysis import STOP_WORDS
from index.names import COMMON_WORDS
from index.sentences import Span, sentence_spans

_OPENING = frozenset("\"'\u201c\u2018\u00ab\u201e([{:\u2022-\u2013\u2014*\u2026")
_HYPHENS = re.compile(r"[-\u2010\u2011/]")
_MORE_TITLES = frozenset(
    """acting admiral attorney brigadier chairman chairperson chairwoman commander commissioner
    congressman congresswoman corporal councillor councilman councilwoman deputy director doctor
    editor emir emperor former inspector lawmaker leader marshal messrs mullah officer official
    reps senators sens sheik spokesman spokesperson spokeswoman sultan superintendent treasurer
    vice""".split()  # noqa: SIM905  reads better
)
_NO_NAMES = (
    FUNCTION_WORDS
    | STOP_WORDS
    | {"i", "i'm", "i've", "i'll", "i'd", "am", "pm", "a.m", "p.m", "no", "nos", "ok", "s"}
)
_ORDINARY_ENDING = re.compile(
    r"(?:[^aeio]ers|ors|ists|ants|ents|isms?|tions?|sions?|ments?|ness|nesses|ity|ities|ous|ful|ive"
    r"|able|ible|ing|ings|ed|ly|ages?|ances?|ences?|ships?|hoods?|cy|cies|ies|less|wards?|ical)\Z"
)
_PLURAL = re.compile(r"[^aiousy]s\Z")
_SINGULAR_VERB = re.compile(r"\s(?:was|is|has)\b|['\u2019]")
_VERB = 12  # code points
_SPEAKS = re.compile(r"(?:['\u2019]s)?\s(?:said|says|told|tells|denied|denies|announced)\b")
_INFLECTED_NAMES = frozenset(
    """beijing ahmed mohammed mohamed fred alfred reading harding manning fleming keating sterling
    emily sicily italy billy sally kelly trinity nancy quincy lucy percy macy tracy stacy nice
    stephen orlando naples wales reuters rogers myers sanders waters williams adams jones hughes
    edwards roberts stevens phillips davies evans james charles hayes gates jacobs peters simmons
    collins hopkins perkins rodgers marks woods brooks""".split()  # noqa: SIM905
)


def names(text: str, beside: Iterable[Span] = ()) -> list[Span]:
    """The names in `text`, in order, but for those in the spans `beside`, such as dates.

    Titles before a name are no part of it. A sentence's first word is a name where more
    capitals follow, and else unless it looks like an ordinary word.
    """
    dates = list(beside)
    found: list[Span] = []
    for start, end in sentence_spans(text):
        written = [
            word
            for word in words(text, start, end)
            if not any(word.start < last and first < word.end for first, last in dates)
        ]
        found += _names_in(text, written, start)
    return found


def forms(text: str) -> list[str]:
    """The parts of a name that count, in small letters: "Mr. al-Qurayshi" has "qurayshi"."""
    parts = [part for word in words(text, 0, len(text)) for part in _parts(word.text)]
    folded = [form for part in parts for form in fold(part).split()]
    bare = [form for form in folded if form not in _titles() and form not in _NO_NAMES]
    if bare:
        return bare
    # "US" folds to a word that is none.
    return [fold(part) for part in parts if len(part) > 1 and part.replace(".", "").isupper()]


def _names_in(text: str, written: Sequence[Word], start: int) -> Iterator[Span]:
    last_of = dict(runs(text, written, start))
    at = 0
    while at < len(written):
        last = last_of.get(at, at)
        word = written[at]
        if last > at:
            if any(_has_capital(each.text) for each in written[at : last + 1]):
                span = word.start, written[last].end
                if forms(text[slice(*span)]):
                    yield span
        elif _is_name(text, word, start):
            yield word.start, word.end
        at = last + 1


def _is_name(text: str, word: Word, start: int) -> bool:
    if not _has_capital(word.text) or not forms(word.text):
        return False
    before = text[start : word.start].rstrip()
    if before and before[-1] not in _OPENING:
        return True
    return not _ordinary(word.text, text[word.end : word.end + _VERB])


def _ordinary(word: str, after: str) -> bool:
    """Whether a word with a capital, at the beginning of a sentence, looks like any other word."""
    lower = word.lower()
    if not word[1:].islower() or _known_as_name(lower):
        return False
    if any(stem in COMMON_WORDS or stem in STOP_WORDS for stem in _stems(lower)):
        return True
    if not lower.endswith("s") and _SPEAKS.match(after):
        return False  # "Boeing said": a noun in the singular would have an article
    if _PLURAL.search(lower) and not _SINGULAR_VERB.match(after):
        return lower not in _INFLECTED_NAMES
    return lower not in _INFLECTED_NAMES and _ORDINARY_ENDING.search(lower) is not None


def _known_as_name(lower: str) -> bool:
    known = gazetteer()
    name = fold(lower)
    return bool(known.types(name) or known.country_of_adjective(name.removesuffix("s")))


def _has_capital(word: str) -> bool:
    return any(part[:1].isupper() or part[1:2].isupper() for part in _HYPHENS.split(word))


def _parts(word: str) -> Iterator[str]:
    """The parts of a hyphenated word that have a capital, or a figure beside one: "F-16"."""
    parts = _HYPHENS.split(word)
    capital = _has_capital(word)
    for part in parts:
        if any(c.isupper() for c in part) or (capital and part.isdigit()):
            yield part


@cache
def _titles() -> frozenset[str]:
    return TITLES | _MORE_TITLES


def _stems(lower: str) -> Iterator[str]:
    """A word and what it may be inflected from."""
    yield lower
    for ending in ("s", "es", "ed", "d", "ing", "ly"):
        if lower.endswith(ending):
            yield lower.removesuffix(ending)
