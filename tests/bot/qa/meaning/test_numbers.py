"""Quantities as news writes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.meaning.numbers import parse_quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "units"),
    [
        ("12", 12, 12, ""),
        ("twelve people", 12, 12, "people"),
        ("a dozen", 12, 12, ""),
        ("two dozen migrants", 24, 24, "migrant"),
        ("twenty-five", 25, 25, ""),
        ("three hundred and forty", 340, 340, ""),
        ("one hundred twenty-five thousand", 125_000, 125_000, ""),
        ("1,250", 1250, 1250, ""),
        ("half a million", 500_000, 500_000, ""),
        ("a hundred", 100, 100, ""),
        ("$1.2 million", 1.2e6, 1.2e6, "dollar"),
        ("$5m", 5e6, 5e6, "dollar"),
        ("5m", 5, 5, "m"),
        ("12 per cent", 12, 12, "percent"),
        ("12%", 12, 12, "percent"),
        ("more than 30", 30, 60, ""),
        ("at least 14 people", 14, 28, "people"),
        ("30 or more", 30, 60, ""),
        ("no fewer than 14", 14, 28, ""),
        ("up to 50", 0, 50, ""),
        ("nearly 1,000", 900, 1000, ""),
        ("about 100 km", 90, 110, "km"),
        ("between ten and fifteen", 10, 15, ""),
        ("10-15", 10, 15, ""),
        ("two or three", 2, 3, ""),
        ("dozens of civilians", 24, 100, "civilian"),
        ("hundreds", 200, 1000, ""),
        ("tens of thousands of people", 20_000, 100_000, "people"),
        ("12 deaths", 12, 12, "dead"),
        ("12 lives", 12, 12, "dead"),
        ("nine wounded", 9, 9, "injured"),
    ],
)
def test_one_quantity(text: str, low: float, high: float, units: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.low, quantity.high) == pytest.approx((low, high))
    assert quantity.units == frozenset(units.split())


@pytest.mark.parametrize(
    "text", ["", "a man", "the 3rd", "12 dead and 14 injured", "10 March", "half the city", "-"]
)
def test_none_or_several_are_none(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("12", "14 people", True),
        ("12 dead", "14 people killed", True),
        ("12 people", "14 civilians", True),
        ("12 dead", "14 injured", False),
        ("12 percent", "14", False),
        ("$12", "14 euros", False),
        ("three years", "three months", False),
        ("12 cats", "14 dogs", False),
    ],
)
def test_what_counts_the_same(one: str, other: str, alike: bool) -> None:
    first, second = parse_quantity(one), parse_quantity(other)
    assert first is not None
    assert second is not None
    assert first.counts_like(second) is second.counts_like(first) is alike


@settings(deadline=None)
@given(st.integers(1, 10**9))
def test_a_number_is_within_what_hedges_make_of_it(number: int) -> None:
    exact = parse_quantity(f"{number:,}")
    assert exact is not None
    assert exact.exact
    for hedge in ("more than", "at least", "about", "nearly", "up to"):
        hedged = parse_quantity(f"{hedge} {number}")
        assert hedged is not None
        assert exact.narrower_than(hedged)
        assert not hedged.narrower_than(exact)
        assert not exact.apart_from(hedged)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    quantity = parse_quantity(text)
    assert quantity is None or quantity.low <= quantity.high
