"""Whether two answers are the same answer in other words, told from the words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.candidates import Candidate
from bot.qa.meaning.gazetteer import COUNTRY, STATE, fold, gazetteer
from bot.qa.meaning.numbers import Quantity, parse_quantity
from bot.qa.meaning.periods import period_of
from bot.qa.meaning.places import TYPE_LEVEL, Place, parse_place, same_place, takes_name_after_of
from bot.qa.questions import QuestionKind
from index.dates.calendar_spans import DateSpan


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TOKEN = re.compile(
    r"['\u2019]s\b|\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['\u2019](?!s\b)[^\W_]+)*|,"
)
_ARTICLES = _set("a an the")
_OPENING = _set("in on at by of from to into inside within during for with that because")
_PREPOSITIONS = _OPENING | _set(
    """near outside off around over under above below between among across through against after
    before since until towards toward along behind beside besides beyond about as like than per via
    who whom whose which where when while despite without upon onto"""
)
_OPENS_A_DETAIL = _PREPOSITIONS - _set("of than per without like as")
_LISTS = _set("and or nor but plus")
# What makes another thing, or another place, of the words after it.
_CHANGES = _set(
    """not no never non none neither former ex vice deputy acting attempted alleged fake false anti
    pro without less fewer half almost nearly un counter mock would next previous last other
    another second third more most new north south east west northern southern eastern western
    central northeast northwest southeast southwest northeastern northwestern southeastern
    southwestern upper lower great greater little san santa los las el fort port mount lake cape
    saint st step late grand co mid inner outer papua guinea old"""
)
_PRONOUNS = _set(
    "he she it they we you i him her them us me his its their this that these those who"
)
TITLES = _set(
    """mr mrs ms miss dr prof professor president minister prime premier chancellor senator sen rep
    representative governor gov mayor king queen prince princess pope sir dame lord lady gen general
    col colonel capt captain lt lieutenant sgt sergeant maj major judge justice sheriff chief coach
    secretary ambassador imam sheikh ayatollah archbishop bishop rev reverend father sister"""
)
_COMPANY = _set("inc corp ltd co llc plc gmbh ag sa company corporation incorporated limited group")
_ROMAN = re.compile(r"(?:x{0,3})(?:ix|iv|v?i{0,3})\Z")
_NAME_PARTICLES = _set("al el bin ibn abu von van de del der da di la le of")


@dataclass(frozen=True)
class Word:
    form: str
    """Without accents, in small letters; a number written out in figures without commas."""
    capital: bool

    @property
    def number(self) -> bool:
        return self.form[:1].isdigit()


@dataclass(frozen=True)
class Wording:
    """A candidate's words as they are compared; `of` reads them."""

    words: tuple[Word, ...]
    period: DateSpan | None
    quantity: Quantity | None
    place: Place | None = None
    """What it says of a place; None unless a place is asked for."""
    kind: QuestionKind | None = None

    @staticmethod
    def of(candidate: Candidate, kind: QuestionKind | None = None) -> Wording:
        """As an answer to a question of `kind`, which is None if it is not known."""
        period = None if kind is QuestionKind.NUMBER else period_of(candidate)
        quantity = None if period else parse_quantity(candidate.text)
        place = parse_place(candidate.text) if kind is QuestionKind.PLACE else None
        return Wording(words_of(candidate.text), period, quantity, place, kind)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(word.form for word in self.words)

    def same(self, other: Wording) -> bool:
        """Whether both are one answer to a question, the one perhaps with more detail.

        Dates are if they mean the same days, quantities if they are equal and count the same, other
        words if they are equal or if the longer only adds what leaves the meaning: "Idlib" and
        "Idlib province", "Biden" and "President Joe Biden", "Atme" and "Atme, Idlib province".
        """
        if self.period or other.period:
            return self.period == other.period
        if self.quantity and other.quantity:
            return self.quantity.equals(other.quantity)
        if self.key == other.key:
            return True
        if self.quantity or other.quantity:
            return False
        if _numbers(self.words) != _numbers(other.words):
            return False
        country = gazetteer().country(" ".join(self.key))
        if country is not None and country == gazetteer().country(" ".join(other.key)):
            return True
        kind = self.kind
        if self.place and other.place and same_place(self.place, other.place):
            return True
        one, two = self.words, other.words
        if kind is not QuestionKind.PLACE:
            one, two = _untitled(one), _untitled(two)
        short, long = sorted((one, two), key=lambda words: (len(words), str(words)))
        return _is_in(short, long, kind)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text` without articles, first prepositions and punctuation but commas."""
    words = []
    for found in _TOKEN.finditer(text):
        written = found.group()
        form = written if written == "," else "'s" if written[0] in "'\u2019" else fold(written)
        if form[:1].isdigit():
            form = form.replace(",", "")
        if form not in _ARTICLES:
            words.append(Word(form, written[:1].isupper()))
    while words and (words[0].form == "," or (len(words) > 1 and words[0].form in _OPENING)):
        words.pop(0)
    while words and words[-1].form in (",", "'s"):
        words.pop()
    return tuple(words)


def is_name(words: Sequence[Word]) -> bool:
    """Whether the words are a proper name: capitals, with particles and small appositions."""
    named = [word for word in words if word.form not in _NAME_PARTICLES]
    return bool(named) and all(word.capital for word in named)


def _untitled(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """A name without the titles before it; other words as they are."""
    start = 0
    while start < len(words) and words[start].form in TITLES:
        start += 1
    return words[start:] if start < len(words) and is_name(words) else words


def _numbers(words: Sequence[Word]) -> list[str]:
    return sorted(word.form for word in words if word.number)


def _is_in(short: Sequence[Word], long: Sequence[Word], kind: QuestionKind | None) -> bool:
    if not short or all(_empty(word) for word in short):
        return False
    length = len(short)
    forms = [word.form for word in short]
    for start in range(len(long) - length + 1):
        if [word.form for word in long[start : start + length]] != forms:
            continue
        here = long[start : start + length]
        before, after = long[:start], long[start + length :]
        if _keeps_before(before, here, kind) and _keeps_after(here, after, kind):
            return True
    return kind is not QuestionKind.PLACE and _middle_names(short, long)


def _empty(word: Word) -> bool:
    """A word that alone tells nothing: "city", "she", "of"."""
    return word.form in TYPE_LEVEL.keys() | _PRONOUNS | _PREPOSITIONS | TITLES | _LISTS | {
        ",",
        "'s",
    }


def _keeps_before(before: Sequence[Word], short: Sequence[Word], kind: QuestionKind | None) -> bool:
    """Whether the words before leave what `short` means: titles, "the town of", "Syria's"."""
    forms = [word.form for word in before]
    named = is_name(short)
    if not before:
        return True
    if len(forms) > 1 and forms[-1] == "of" and takes_name_after_of(forms[-2]):
        return not _PREPOSITIONS & set(forms[:-1]) and "," not in forms
    if set(forms) & (_PREPOSITIONS | _LISTS | _PRONOUNS - {"his", "her", "their", "its"}):
        return False
    if "," in forms:
        # "his wife, Michelle Obama"; but "Atme, Idlib province" is not the province.
        return kind is not QuestionKind.PLACE and named and not any(w.capital for w in before)
    if forms[-1] == "'s":
        return True
    if set(forms) & _CHANGES:
        return False
    if named and kind is QuestionKind.PLACE:
        return not any(word.capital for word in before)
    return True


def _keeps_after(short: Sequence[Word], after: Sequence[Word], kind: QuestionKind | None) -> bool:
    """Whether the words after leave what `short` means: "province", ", Syria", "in March"."""
    forms = [word.form for word in after]
    if not after:
        return True
    if forms[0] == "," or forms[0] in _OPENS_A_DETAIL:
        return not set(forms) & _LISTS
    if forms[0] == "'s" or not is_name(short):
        return False
    if all(form in TYPE_LEVEL for form in forms):
        name = " ".join(word.form for word in short)
        holds_it = gazetteer().types(name) & {COUNTRY, STATE} and TYPE_LEVEL[forms[-1]] > 5
        return not (holds_it and after[-1].capital) and not (holds_it and forms[-1] != "city")
    return all(form in _COMPANY for form in forms) or (
        kind is not QuestionKind.PLACE and len(forms) == 1 and bool(_ROMAN.match(forms[0]))
    )


def _middle_names(short: Sequence[Word], long: Sequence[Word]) -> bool:
    """ "Joe Biden" and "Joe R. Biden": first and last word in common, all of them names."""
    if len(short) < 2 or not is_name(short) or not is_name(long):
        return False
    if short[0].form != long[0].form or short[-1].form != long[-1].form:
        return False
    rest = iter(word.form for word in long)
    middle = [word.form for word in long[1:-1]]
    return all(word.form in rest for word in short) and not set(middle) & (
        _CHANGES | _LISTS | {","}
    )
