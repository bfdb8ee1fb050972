"""Sentences with a name, a number and a date each, to be quoted and changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from index.article import Article, Passage

NAMES = (
    "Joe Biden", "Andriy Melnychuk", "Maria Lopez", "Abu Ibrahim al-Quraishi", "Angela Merkel",
    "Kofi Annan", "Boeing", "Narendra Modi", "the World Bank", "Hugo Chavez", "Sanna Marin",
)  # fmt: skip
PLACES = ("Atme", "Kharkiv", "New Zealand", "Houston", "Bogota", "Lagos", "Elmford")
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
WORDS = dict(enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2))  # noqa: SIM905

_FRAMES = (
    "{name} told reporters that {number} boats were seen off {place} on {date}.",
    "On {date}, {number} people in {place} were shown what {name} had built.",
    "Officials in {place} said {name} was able to see {number} houses on {date}.",
)


@dataclass(frozen=True)
class Told:
    frame: str
    name: str
    number: int
    place: str
    date: dt.date

    def __str__(self) -> str:
        return self.written()

    def written(self, *, in_words: bool = False, day_first: bool = True) -> str:
        month = MONTHS[self.date.month - 1]
        day, year = self.date.day, self.date.year
        return self.frame.format(
            name=self.name,
            number=WORDS.get(self.number, f"{self.number:,}") if in_words else f"{self.number:,}",
            place=self.place,
            date=f"{day} {month} {year}" if day_first else f"{month} {day}, {year}",
        )


tellings = st.builds(
    Told,
    st.sampled_from(_FRAMES),
    st.sampled_from(NAMES),
    st.integers(2, 3_000_000),
    st.sampled_from(PLACES),
    st.dates(dt.date(1950, 1, 1), dt.date(2030, 12, 31)),
)


@st.composite
def changed_tellings(draw: st.DrawFn) -> tuple[Told, Told, str]:
    """A telling, the same with another name, number, place or date, and the words put in."""
    told = draw(tellings)
    what = draw(st.sampled_from(["name", "number", "place", "date"]))
    other = draw(tellings.filter(lambda other: getattr(other, what) != getattr(told, what)))
    changed = replace(told, **{what: getattr(other, what)})
    return told, changed, what


def passage(text: str, day: dt.date | None = None, id: str = "one") -> Passage:
    """The whole of a new article."""
    return Passage(1, Article(id, "", day, "", "", text), 0, len(text))
