"""What answers say of places, and what is known of names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.meaning.gazetteer import CITY, COUNTRY, STATE, fold, gazetteer
from bot.qa.meaning.places import level_of_noun, parse_place, same_place


@pytest.mark.parametrize(
    ("text", "name", "level", "within"),
    [
        ("the town of Lorvik, Hald province", "lorvik", 6, "hald"),
        ("western Nigeria", "nigeria", 2.5, ""),
        ("Hald province", "hald", 4, ""),
        ("in the northern Nigerian city of Kano", "kano", 6, "nigeria"),
        ("Nigeria's Kano state", "kano", 4, "nigeria"),
        ("a market in Kano", "", 9, "kano"),
        ("Kansas City", "kansas city", 6, ""),
        ("South Korea", "south korea", 2, ""),
        ("West Virginia", "west virginia", 4, ""),
        ("northern Hald province", "hald", 4.5, ""),
        ("a hospital", "", 9, ""),
        ("the Middle East", "middle east", 1.5, ""),
        ("Lorvik", "lorvik", None, ""),
        ("the US", "united states", 2, ""),
        ("Springfield, Illinois", "springfield", None, "illinois"),
        ("Lorvik, also in Hald", "lorvik", None, "hald"),
        ("Grand Central Station in New York", "grand central station", 9, "new york"),
        ("the capital of France", "", 6, "france"),
        ("the streets of Paris", "", 8, "paris"),
        ("University of Texas", "university of texas", 9, "texas"),
        ("the Iraqi border", "", 3, "iraq"),
        ("drone attacks in eastern Ukraine", "ukraine", 2.5, ""),
        ("", "", None, ""),
        (" , ", "", None, ""),
    ],
)
def test_a_place_is_read(text: str, name: str, level: float | None, within: str) -> None:
    place = parse_place(text)
    assert (place.name, place.level) == (name, level)
    assert place.within == ((within,) if within else ())


@pytest.mark.parametrize(
    "text", ["near Lorvik", "15 miles north of Lorvik", "just outside the town of Lorvik"]
)
def test_near_a_place_is_not_in_it(text: str) -> None:
    place = parse_place(text)
    assert place.near
    assert place.name == "lorvik"
    assert not same_place(place, parse_place("Lorvik"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lorvik", "the town of Lorvik, Hald", True),
        ("Lorvik in Hald", "Lorvik, Nigeria", True),
        ("Paris, France", "Paris, Texas", False),
        ("Idlib, Syria", "Idlib, Idlib province", True),
        ("Hald city", "Hald province", False),
        ("Hald", "northern Hald", False),
        ("a hospital", "a hospital", False),
    ],
)
def test_one_name_is_one_place_unless_words_speak_against_it(
    one: str, other: str, same: bool
) -> None:
    assert same_place(parse_place(one), parse_place(other)) is same
    assert same_place(parse_place(other), parse_place(one)) is same


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    place = parse_place(text)
    assert place.name not in place.within
    assert place.surface or not place.name


def test_finer_kinds_of_places_have_higher_levels() -> None:
    nouns = ["continent", "country", "state", "county", "village", "suburb", "street", "hospital"]
    levels = [level_of_noun(noun) for noun in nouns]
    assert levels == sorted(set(levels), key=lambda level: level or 0)
    assert level_of_noun("dog") is level_of_noun(None) is None


@pytest.mark.parametrize(
    ("name", "types", "parents"),
    [
        ("kenya", {COUNTRY}, {"africa"}),
        ("texas", {STATE}, {"united states"}),
        ("london", {CITY}, {"united kingdom"}),
        ("georgia", {COUNTRY, STATE}, {"asia", "united states"}),
        ("anbar", {STATE}, {"iraq"}),
        ("lorvik", set(), set()),
    ],
)
def test_the_gazetteer_knows_where_names_can_be(
    name: str, types: set[str], parents: set[str]
) -> None:
    assert gazetteer().types(name) == types
    assert gazetteer().parents(name) == parents


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("syrian", "syria"), ("nigerian", "nigeria"), ("french", "france"), ("iraqi", "iraq"),
        ("japanese", "japan"), ("italian", "italy"), ("turkish", "turkiye"), ("urban", None),
        ("main", None), ("", None),
    ],
)  # fmt: skip
def test_adjectives_lead_to_their_countries(word: str, country: str | None) -> None:
    assert gazetteer().country_of_adjective(word) == country


def test_names_of_one_country_are_one() -> None:
    names = ["US", "U.S.", "USA", "United States", "America"]
    assert {gazetteer().canonical(fold(name)) for name in names} == {"united states"}
    assert gazetteer().canonical("lorvik") == "lorvik"
