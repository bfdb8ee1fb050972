"""Readings that can both be true become one: the most specific answers, the broader explain it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.qa.candidates import Candidate
from bot.qa.meaning.gazetteer import CITY, CONTINENT, COUNTRY, STATE, gazetteer
from bot.qa.meaning.namings import names_the_described
from bot.qa.meaning.numbers import parse_quantity
from bot.qa.meaning.periods import period_of, within
from bot.qa.meaning.place_map import PlaceMap
from bot.qa.meaning.places import Place, level_of_noun, parse_place
from bot.qa.meaning.subjects import Subject
from bot.qa.merging import Reading, order, texts_of
from bot.qa.questions import QuestionKind, wanted_noun
from index.dates.calendar_spans import DateSpan

MARGIN = 6.0
"""Log-odds that a more specific reading may lie behind the best one that it explains."""
FLOOR = 0.0
"""Log-odds below which a reading is not plausible enough to answer for a broader one."""

_DAYS_OF_NOUN = {"year": 366, "month": 31, "week": 7, "weekend": 3, "season": 93, "decade": 3_653}
_ANY_PLACE = ("area", "zone", "region", "capital", "port", "resort")  # nouns of no certain level

_Key = tuple[str, int, int]


class Comparison:
    """Compares the readings of one question; caches what it reads. Not thread-safe.

    `texts` are those of the articles, which may state that one place is in another.
    """

    def __init__(self, question: str, kind: QuestionKind, texts: Iterable[str]) -> None:
        self.kind = kind
        self.subject = Subject(question)
        self._map = PlaceMap(texts)
        self._places: dict[str, Place] = {}
        self._finer_pairs: dict[tuple[_Key, _Key], bool] = {}
        self._periods: dict[_Key, DateSpan | None] = {}
        self._noun = wanted_noun(question)

    def finer(self, one: Reading, other: Reading) -> bool:
        """Whether `one` says the same as `other` more exactly: both are true or both are not."""
        return any(
            self._finer(fine, coarse) for fine in one.candidates for coarse in other.candidates
        )

    def compatible(self, one: Reading, other: Reading) -> bool:
        """Whether one of the two is a finer wording of the other."""
        return self.finer(one, other) or self.finer(other, one)

    def place(self, candidate: Candidate) -> Place:
        text = candidate.text
        if text not in self._places:
            self._places[text] = parse_place(text)
        return self._places[text]

    def period(self, candidate: Candidate) -> DateSpan | None:
        key = _key(candidate)
        if key not in self._periods:
            self._periods[key] = period_of(candidate)
        return self._periods[key]

    def level(self, candidate: Candidate) -> float | None:
        """How fine the place is that a candidate names, by all that the articles tell."""
        return self._map.level(self.place(candidate))

    def about(self, reading: Reading) -> bool:
        """Whether a sentence that says so speaks of what the question is about."""
        return any(self.subject.about(candidate) for candidate in reading.candidates)

    def too_fine(self, reading: Reading) -> bool:
        """Whether it is finer than the question asks for: a day where it asks for the year."""
        if self.kind is QuestionKind.TIME:
            days = _DAYS_OF_NOUN.get(self._noun or "")
            period = self.period(reading.best)
            # A month has at least 28 days, a year 365.
            return bool(days and period and (period[1] - period[0]).days + 1 < 0.9 * days)
        wanted = self._wanted_level
        level = self.level(reading.best) if wanted is not None else None
        return wanted is not None and level is not None and int(level) > wanted

    def fit(self, reading: Reading) -> float:
        """How well it is of the kind that the question's noun names, as log-odds to add.

        Half a margin for a place that is stated to be one ("village"), as much less for one of
        another kind that is as fine ("town"), a margin less for any finer or coarser one, and for
        a date that is too fine; 0 if nothing tells.
        """
        if self.kind is QuestionKind.TIME:
            return -MARGIN if self.too_fine(reading) else 0.0
        wanted = self._wanted_level
        if wanted is None or self._noun is None:
            return 0.0
        place = self.place(reading.best)
        level = self._map.level(place)
        if level is not None and int(level) != wanted:
            return -MARGIN
        types = self._map.types(place) or _known_types(place)
        if not types:
            return 0.0
        named = self._noun in types or (wanted == 2 and level == 2)
        return MARGIN / 2 if named else -MARGIN / 2

    @property
    def _wanted_level(self) -> int | None:
        if self.kind is not QuestionKind.PLACE or self._noun in _ANY_PLACE:
            return None
        return level_of_noun(self._noun)

    def _finer(self, fine: Candidate, coarse: Candidate) -> bool:
        key = _key(fine), _key(coarse)
        if key not in self._finer_pairs:
            self._finer_pairs[key] = self._compare(fine, coarse)
        return self._finer_pairs[key]

    def _compare(self, fine: Candidate, coarse: Candidate) -> bool:
        match self.kind:
            case QuestionKind.PLACE:
                return self._map.inside(self.place(fine), self.place(coarse))
            case QuestionKind.TIME:
                one, other = self.period(fine), self.period(coarse)
                return one is not None and other is not None and within(one, other)
            case QuestionKind.NUMBER:
                number, vague = parse_quantity(fine.text), parse_quantity(coarse.text)
                if number is None or vague is None or not number.counts_like(vague):
                    return False
                return number.narrower_than(vague)
            case QuestionKind.PERSON:
                return names_the_described(fine, coarse)
            case _:
                return False


def most_specific(
    readings: Sequence[Reading],
    kind: QuestionKind,
    question: str,
    *,
    margin: float = MARGIN,
    floor: float = FLOOR,
) -> list[Reading]:
    """The readings, best first, those that can both be true as one with the broader inside.

    A reading gives way to a finer wording of itself if that one's score is at least `floor` and at
    most `margin` below the best that speaks for either; half of that if no sentence of the finer
    one speaks of the question's subject. It never gives way to one that is finer than what the
    question's noun asks for ("what country", "which year"). Among all, what is of the kind asked
    for ("which village") comes before what is known to be of another, if the scores are near.
    The order of `readings` changes nothing, applying it again neither, and no candidate is lost.
    """
    compared = Comparison(question, kind, texts_of(readings))
    merged = _ordered(readings, compared)
    while True:  # each turn joins at least two, or is the last
        before = len(merged)
        merged = _ordered(_joined(merged, compared, margin, floor), compared)
        if len(merged) == before:
            return merged


def _ordered(readings: Iterable[Reading], compared: Comparison) -> list[Reading]:
    return sorted(
        readings,
        key=lambda reading: (-reading.evidence - compared.fit(reading), order(reading.best)),
    )


def _joined(
    readings: Sequence[Reading], compared: Comparison, margin: float, floor: float
) -> list[Reading]:
    left = list(readings)
    joined = []
    while left:
        head = top = left[0]
        passed = [top]
        while finer := [
            reading
            for reading in left
            if reading not in passed
            and _may_answer_for(reading, head, top.peak, compared, margin, floor)
        ]:
            head = max(finer, key=lambda reading: (compared.about(reading), reading.evidence))
            passed.append(head)
        broader = [
            reading
            for reading in left
            if reading is not head
            and (reading in passed or _explains(reading, head, compared, margin))
        ]
        joined.append(_with_broader(head, broader))
        left = [reading for reading in left if reading is not head and reading not in broader]
    return joined


def _may_answer_for(
    finer: Reading,
    coarser: Reading,
    peak: float,
    compared: Comparison,
    margin: float,
    floor: float,
) -> bool:
    allowed = margin if compared.about(finer) else margin / 2
    return (
        finer.score >= floor
        and finer.score >= peak - allowed
        and compared.fit(finer) >= compared.fit(coarser)
        and not compared.too_fine(finer)
        and compared.finer(finer, coarser)
    )


def _explains(broader: Reading, head: Reading, compared: Comparison, margin: float) -> bool:
    return (
        abs(broader.peak - head.peak) <= margin
        and compared.fit(broader) <= compared.fit(head)
        and not compared.too_fine(head)
        and compared.finer(head, broader)
    )


def _with_broader(head: Reading, broader: Sequence[Reading]) -> Reading:
    candidates = (
        candidate for reading in broader for candidate in (*reading.candidates, *reading.broader)
    )
    return Reading(head.candidates, tuple(sorted((*head.broader, *candidates), key=order)))


def _key(candidate: Candidate) -> _Key:
    return candidate.article.id, candidate.start, candidate.end


def _known_types(place: Place) -> set[str]:
    names = {COUNTRY: "country", STATE: "state", CITY: "city", CONTINENT: "continent"}
    return {names[kind] for kind in gazetteer().types(place.name)} if not place.compass else set()
