"""Dates in English: what period a question asks about, and which dates a passage mentions."""

from index.dates.mentions import DateMention, mentions
from index.dates.questions import Period, question_period, wants_latest

__all__ = ["DateMention", "Period", "mentions", "question_period", "wants_latest"]
