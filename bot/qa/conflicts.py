"""Readings that cannot both be true: the articles disagree, or speak of two of one name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.qa.candidates import Candidate
from bot.qa.meaning.namings import is_proper_name
from bot.qa.meaning.numbers import parse_quantity
from bot.qa.meaning.periods import apart
from bot.qa.meaning.wording import words_of
from bot.qa.merging import Reading, order, texts_of
from bot.qa.questions import QuestionKind
from bot.qa.specificity import Comparison

MARGIN = 4.0
"""Log-odds of evidence by which a reading may lie behind the first and still contradict it."""

_SINGLE_VALUED = (
    QuestionKind.PLACE,
    QuestionKind.TIME,
    QuestionKind.NUMBER,
    QuestionKind.PERSON,
)
_A_DAY = dt.timedelta(days=1)


def disagreeing(
    readings: Sequence[Reading], kind: QuestionKind, question: str, *, margin: float = MARGIN
) -> list[Reading]:
    """The readings that contradict the first one and each other, with it, the newest first.

    `readings` are best first, as `most_specific` gives them. Only answers to where, when, how many
    and who can contradict each other, and of those two that

    - are of the same sort: two places about as fine, two days or periods without a common day, two
      numbers that count the same, two names of people;
    - are no finer and broader wording of one another, and are not named in one sentence, as
      two that are both meant are;
    - rest on sentences that are about what the question is about;
    - come from different articles, or speak of two bearers of a name that the question gives;
    - have evidence at most `margin` apart.

    [] if there are none, else at least two. The newest is the one with the latest article; a later
    count of the dead is so before an earlier one.
    """
    if kind not in _SINGLE_VALUED or len(readings) < 2:
        return []
    compared = Comparison(question, kind, texts_of(readings))
    first = readings[0]
    found = [first]
    rest = sorted(readings[1:], key=lambda reading: (-reading.evidence, order(reading.best)))
    for reading in rest:
        near = abs(reading.evidence - first.evidence) <= margin
        if near and all(_contradict(reading, other, compared) for other in found):
            found.append(reading)
    return sorted(found, key=_newest_first) if len(found) > 1 else []


def newest(reading: Reading) -> dt.date | None:
    """The day of the latest article that says so; None if none has a date."""
    return max((c.article.date for c in reading.candidates if c.article.date), default=None)


def _newest_first(reading: Reading) -> tuple[int, float, tuple[float, int, str, int, int]]:
    day = newest(reading)
    return -day.toordinal() if day else 0, -reading.evidence, order(reading.best)


def _contradict(one: Reading, other: Reading, compared: Comparison) -> bool:
    if compared.compatible(one, other) or not (compared.about(one) and compared.about(other)):
        return False
    if not _cannot_both_be(one.best, other.best, compared):
        return False
    mine, others = _bearers(one, compared), _bearers(other, compared)
    if _two_bearers(mine, others):
        # Asked of Joe Biden, what is said of Hunter Biden contradicts nothing.
        met = [max(map(compared.subject.named_in, names)) for names in (mine, others)]
        return met[0] == met[1]
    return _independent(one, other) and not (_mentions(one, other) or _mentions(other, one))


def _cannot_both_be(one: Candidate, other: Candidate, compared: Comparison) -> bool:
    match compared.kind:
        case QuestionKind.PLACE:
            return _different_places(one, other, compared)
        case QuestionKind.TIME:
            spans = compared.period(one), compared.period(other)
            if spans[0] is None or spans[1] is None:
                return False
            # One day's difference is often that of the time zone or of the hour.
            gap = max(spans[0][0], spans[1][0]) - min(spans[0][1], spans[1][1])
            return apart(spans[0], spans[1]) and gap > _A_DAY
        case QuestionKind.NUMBER:
            numbers = parse_quantity(one.text), parse_quantity(other.text)
            if numbers[0] is None or numbers[1] is None:
                return False
            return numbers[0].counts_like(numbers[1]) and numbers[0].apart_from(numbers[1])
        case _:
            return is_proper_name(one.text) and is_proper_name(other.text)


def _different_places(one: Candidate, other: Candidate, compared: Comparison) -> bool:
    places = compared.place(one), compared.place(other)
    if any(place.near or not place.name for place in places) or places[0].name == places[1].name:
        return False
    levels = compared.level(one), compared.level(other)
    if levels[0] is None or levels[1] is None:
        # A name without a kind is most often a town; it does not contradict a country.
        return all(level is None or level >= 5 for level in levels)
    return abs(levels[0] - levels[1]) <= 1


def _independent(one: Reading, other: Reading) -> bool:
    """Whether each has an article that the other does not have."""
    mine = {candidate.article.id for candidate in one.candidates}
    others = {candidate.article.id for candidate in other.candidates}
    return bool(mine - others) and bool(others - mine)


def _mentions(one: Reading, other: Reading) -> bool:
    """Whether a sentence for `one` names what `other` says as well."""
    answers = [_searchable(candidate.text) for candidate in other.candidates]
    return any(
        answer in _searchable(candidate.quote_text)
        for candidate in one.candidates
        for answer in answers
    )


def _searchable(text: str) -> str:
    return f" {' '.join(word.form for word in words_of(text))} "


def _bearers(reading: Reading, compared: Comparison) -> set[tuple[str, ...]]:
    return {name for c in reading.candidates for name in compared.subject.bearers(c)}


def _two_bearers(mine: set[tuple[str, ...]], others: set[tuple[str, ...]]) -> bool:
    """Whether the sentences name two different people, or places, of one name."""
    return bool(mine and others) and not any(
        set(name) <= set(also) or set(also) <= set(name) for name in mine for also in others
    )
