import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qa.reading.calibration import Calibration


def test_a_logistic_function() -> None:
    fitted = Calibration(slope=0.5, intercept=-1)
    assert fitted.probability(2) == 0.5
    assert fitted.probability(2 + 2 * math.log(3)) == pytest.approx(0.75)


def test_a_model_without_calibration_is_taken_at_its_word() -> None:
    assert Calibration().probability(math.log(9)) == pytest.approx(0.9)
    assert Calibration().abstain_below == 0.5


@given(*[st.floats(allow_nan=False)] * 2)
def test_probabilities_rise_with_the_score(one: float, other: float) -> None:
    low, high = (Calibration(0.5, -1).probability(score) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1
