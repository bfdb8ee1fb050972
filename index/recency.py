"""How a passage's date speaks for it: factors on the scores of a search.

News questions are mostly about what is new on the day they are asked. The factors only raise
what was found: nothing is left out for its date.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.attributes import NO_DATE, Attributes, Ints, Mask
from index.dates.questions import Period, wants_latest

HALF_DAYS = 30.0
"""Age in days at which an article has half the bonus of one of the same day."""
RECENCY_WEIGHT = 0.4
"""Bonus of an article of the day of the question. Chosen on RealTimeQA 2022, where 0.2 to 0.5, with
the two below in proportion, raise hit@1 from 0.69 to between 0.82 and 0.84; a small one does less
harm to questions about the past."""
LATEST_WEIGHT = 1.5
"""The same where the question asks for the latest."""
PERIOD_WEIGHT = 0.4
"""Bonus of a passage that is from, or mentions, the period that the question names."""
TIME_ZONES = 1
"""Days by which a date may lie ahead of the day of the question, as clocks differ."""
LONGEST_MENTION = 366
"""Days; a passage that mentions "the 1990s" says nothing of one month of them."""

Factors = NDArray[np.floating[Any]]


def date_factors(
    attributes: Attributes, rows: Ints, question: str, as_of: dt.date, period: Period | None
) -> Factors:
    """What the dates of passages, given by row, make of their scores, for a question of a day.

    A question for the latest wants what is new, whatever week it names. One that names a
    `period` wants what is from it or tells of it, and if that has only just ended, what is new
    as well.
    """
    arrays = attributes.arrays
    dates = arrays.dates[arrays.article_rows[rows]]
    if wants_latest(question):
        return 1 + recency_bonus(dates, as_of, LATEST_WEIGHT)
    if period is None:
        return 1 + recency_bonus(dates, as_of, RECENCY_WEIGHT)
    bonus = PERIOD_WEIGHT * is_of_period(attributes, rows, period.first, period.last)
    if (as_of - period.last).days <= HALF_DAYS:
        bonus = bonus + recency_bonus(dates, as_of, RECENCY_WEIGHT)
    return 1 + bonus


def recency_bonus(dates: Ints, as_of: dt.date, weight: float) -> Factors:
    """weight / (1 + age / HALF_DAYS) for ordinals of dates; 0 without a date, or after `as_of`.

    A hyperbola, because a year-old story is not a thousand times less likely than one of last
    month.
    """
    age = as_of.toordinal() - dates
    known = (dates != NO_DATE) & (age >= -TIME_ZONES)
    return np.where(known, weight / (1 + np.maximum(age, 0) / HALF_DAYS), 0.0)


def is_of_period(attributes: Attributes, rows: Ints, first: dt.date, last: dt.date) -> Mask:
    """Which passages are from, or mention, a day between `first` and `last`."""
    arrays = attributes.arrays
    start, end = first.toordinal(), last.toordinal()
    dates = arrays.dates[arrays.article_rows[rows]]
    inside: Mask = (dates >= start) & (dates <= end)
    for place, row in enumerate(rows.tolist()):
        if not inside[place]:
            days = arrays.mentions[arrays.mention_offsets[row] : arrays.mention_offsets[row + 1]]
            short = days[:, 1] - days[:, 0] < LONGEST_MENTION
            inside[place] = bool(np.any(short & (days[:, 0] <= end) & (days[:, 1] >= start)))
    return inside
