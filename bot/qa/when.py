"""A date as an article writes it, in full: "in February" in October 2022 is February 2022."""

from __future__ import annotations

import datetime as dt
import re

from index.dates import DateMention, mentions
from index.sentences import sentence_spans

_BEFORE, _AFTER = 600, 200
"""Code points around an answer that are read."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_ROUND = re.compile(r"\b(?:few|several|couple|decades?|centur(?:y|ies)|past|coming)\b", re.I)
"""Words of an expression that say about when, not when."""
_ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|roughly|some|over|approximately|every|each|any|more\sthan"
    r"|less\sthan|at\sleast|up\sto|(?:days?|weeks?|months?|years?)\s(?:ago|from|before|after),?"
    r"(?:\son)?|(?:that|the\s(?:same|following|previous|next|first)))\s\Z",
    re.IGNORECASE,
)
_OTHER_YEAR = re.compile(
    r",?\s(?:of\s|in\s)?(?:that|the\s(?:same|following|next|previous))\s(?:same\s)?year\b"
    r"|\s(?:before|after)\s(?:that|the)\b|\sof\s(?:every|each)\b",
    re.IGNORECASE,
)
_SHIFTED = re.compile(
    rf"(?:last|next)\s(?:\w+day|{'|'.join(month[:3] for month in _MONTHS)}"
    r"|spring|summer|fall|autumn|winter)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:last|this|next|ago|now|yesterday|today|tonight|tomorrow)\b", re.IGNORECASE
)
_PAST_WEEKEND = re.compile(r"\bpast\s(?:weekend|\w+day)\Z", re.IGNORECASE)


def resolved_date(text: str, start: int, end: int, article_date: dt.date | None) -> str:
    """The date that the answer `text[start:end]` means, in full: "6 October 2022", "2019".

    `text` is the article's, offsets in code points. "" where that adds nothing to what is
    written, where there is no `article_date` to count from, and where it is not certain: "a few
    years ago", two dates that are not one, "in March" beside another year.
    """
    if article_date is None:
        return ""
    left = max(0, start - _BEFORE)
    context = text[left : end + _AFTER]
    start, end = start - left, end - left
    found = mentions(context, article_date)
    named = [mention for mention in found if mention.start < end and mention.end > start]
    mention = _narrowest(named)
    if mention is None:
        return ""
    complete = {(known.start, known.end) for known in mentions(context, None)}
    if any((m.start, m.end) in complete and start <= m.start and m.end <= end for m in named):
        return ""
    written = context[mention.start : mention.end]
    if "/" in written or not _certain(context, mention, article_date):
        return ""
    if (mention.start, mention.end) not in complete and _beside_another_year(context, mention):
        return ""
    return _in_words(mention.first, mention.last)


def _narrowest(found: list[DateMention]) -> DateMention | None:
    """The mention that lies within all others, as a day in its month does; None if none does."""
    for mention in found:
        if all(other.first <= mention.first and mention.last <= other.last for other in found):
            return mention
    return None


def _certain(text: str, mention: DateMention, article_date: dt.date) -> bool:
    """Whether a careful reader would have no doubt which days are meant."""
    written = text[mention.start : mention.end]
    before, after = text[: mention.start], text[mention.end : mention.end + 40]
    if _ROUND.search(written) and not _PAST_WEEKEND.search(written):
        return False
    if _ABOUT.search(before[-30:]) or _OTHER_YEAR.match(after):
        return False
    if _SHIFTED.match(written):
        # "Last Monday", said on a Thursday, may be three days ago or ten, and "last March", said
        # in May, this year's or last year's.
        if mention.first == mention.last:
            return mention.first.isocalendar()[:2] != article_date.isocalendar()[:2]
        return article_date.year not in (mention.first.year, mention.last.year)
    return True


def _beside_another_year(text: str, mention: DateMention) -> bool:
    """Whether a month or day without a year stands in or after a sentence about another year."""
    if _COUNTED.search(text[mention.start : mention.end]):
        return False
    sentences = sentence_spans(text)
    own = next((n for n, (_, end) in enumerate(sentences) if end > mention.start), None)
    if own is None:
        return False
    begin, end = sentences[max(own - 1, 0)][0], sentences[own][1]
    return any(
        begin <= other.start < end
        and not (other.first <= mention.first and mention.last <= other.last)
        for other in mentions(text, None)
    )


def _in_words(first: dt.date, last: dt.date) -> str:
    """The shortest words for the days `first` to `last`: a century, a decade, a year, a month."""
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    if first == last:
        return _day(first)
    if (first.month, first.day, after.month, after.day) == (1, 1, 1, 1):
        return _years(first.year, last.year)
    if first.day == 1 == after.day:
        if (first.year, first.month) == (last.year, last.month):
            return _month(first)
        opening = _MONTHS[first.month - 1] if first.year == last.year else _month(first)
        return f"{opening} to {_month(last)}"
    if first.year != last.year:
        return f"{_day(first)} to {_day(last)}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {_day(last)}"
    return f"{first.day} to {_day(last)}"


def _years(first: int, last: int) -> str:
    if first == last:
        return str(first)
    if first % 10 == 0 and last == first + 9:
        return f"the {first}s"
    return f"{first} to {last}"


def _month(day: dt.date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _day(day: dt.date) -> str:
    return f"{day.day} {_month(day)}"
