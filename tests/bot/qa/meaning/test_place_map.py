"""Which place is in which, from what articles state."""

from __future__ import annotations

import pytest

from bot.qa.meaning.place_map import PlaceMap
from bot.qa.meaning.places import parse_place

STATED = [
    ("A fire broke out in Lorvik in Hald province.", "Lorvik", "Hald province", True),
    ("A fire broke out in Lorvik, Hald province, on Monday.", "Lorvik", "Hald", True),
    ("The fire in Lorvik, also in Hald, went on.", "Lorvik", "Hald province", True),
    ("Lorvik, a small town in northern Hald, burned.", "Lorvik", "Hald", True),
    ("Lorvik, which is in Hald, burned.", "Lorvik", "Hald", True),
    ("Hald's Lorvik burned.", "Lorvik", "Hald", True),
    ("Hald's northern town of Lorvik burned.", "Lorvik", "Hald", True),
    ("The Nigerian town of Lorvik burned.", "Lorvik", "Nigeria", True),
    ("The northern Nigerian town of Lorvik burned.", "Lorvik", "western Nigeria", True),
    ("Lorvik in Hald province burned. Hald province in Kenya is dry.", "Lorvik", "Kenya", True),
    ("Lorvik in Hald burned. Hald, Kenya, is dry.", "Lorvik", "Kenya", True),
    ("Lorvik in Hald burned. Hald, Kenya, is dry.", "Lorvik", "Africa", True),
    ("Lorvik, Hald and Marn burned.", "Lorvik", "Hald", False),
    ("Lorvik burned and Hald flooded.", "Lorvik", "Hald", False),
    ("Lorvik burned in October.", "Lorvik", "October", False),
    ("Lorvik burned. In Hald nobody knew.", "Lorvik", "Hald", False),
    ("The town of Lorvik is near the village of Marn.", "Lorvik", "Marn", False),
    ("The town of Hald, a town in Lorvik, burned.", "Lorvik", "Hald", False),
    ("", "Lorvik, Hald province", "Hald", True),
    ("", "a market in Hald", "Hald", True),
    ("", "Dallas, Texas", "United States", True),
    ("", "Paris", "France", True),
    ("", "Paris", "Europe", True),
    ("", "Paris", "Germany", False),
    ("", "northern Texas", "Texas", True),
    ("", "Texas", "northern Texas", False),
    ("", "northern Texas", "southern United States", False),
    ("", "Hald city", "Hald province", True),
    ("", "Hald province", "Hald city", False),
    ("", "France", "France", False),
]


@pytest.mark.parametrize(("text", "finer", "coarser", "inside"), STATED)
def test_containment(text: str, finer: str, coarser: str, inside: bool) -> None:
    places = PlaceMap([text])
    assert places.inside(parse_place(finer), parse_place(coarser)) is inside
    if inside:
        assert not places.inside(parse_place(coarser), parse_place(finer))


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("They raided the village of Marn.", {"village"}),
        ("They raided Marn village.", {"village"}),
        ("They raided Marn, a remote village.", {"village"}),
        ("They raided Marn.", set()),
    ],
)
def test_kinds_of_places_are_read_from_articles(text: str, types: set[str]) -> None:
    places = PlaceMap([text])
    assert places.types(parse_place("Marn")) == types
    assert places.level(parse_place("Marn")) == (6 if types else None)


def test_hostile_text_ends() -> None:
    text = "Lorvik, " * 2_000 + "A" * 5_000 + "Lorvik in " * 2_000 + "Lorvik " + "a- " * 5_000
    assert not PlaceMap([text]).inside(parse_place("Lorvik"), parse_place("Hald"))
