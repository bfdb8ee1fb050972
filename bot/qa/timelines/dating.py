"""When something happened, by what its sentence says, else by the day of its article."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.timelines.event import DatedBy, Precision
from bot.qa.timelines.telling import looks_back
from bot.qa.when import resolved_date
from index.article import Article
from index.dates import DateMention, mentions
from index.sentences import Span

LEAD = 700
"""Code points at the beginning of an article that tell its news; what follows is often older."""

_LONGEST = 366  # days: "the 1990s" is no date of an event
_AROUND = 300  # code points beside a sentence that say which tense and year it is told in
_BESIDE = 48
_NOT_THEN = re.compile(
    r"\b(?:since|until|till|before|after|by|from|than|through|prior\sto|following|every|each"
    r"|anniversary\sof|(?<!morning\s)(?<!night\s)(?<!evening\s)(?<!day\s)(?<!afternoon\s)"
    r"(?<!week\s)(?<!hours\s)(?<!end\s)(?<!start\s)(?<!beginning\s)(?<!summer\s)(?<!fall\s)of"
    r"|(?:day|days|week|weeks|hours|month|months)\s(?:before|after|from))"
    r"\s(?:the\s|last\s|at\sleast\s|early\s|late\s|mid-|around\s)?\Z",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[0-9]{4}(?:\s?[-\u2013]\s?[0-9]{2,4})?\Z")
_IN_YEAR = re.compile(
    r"\b(?:in|during|of|around|early|late|mid|and|to|between)(?:\s|-)(?:early\s|late\s|mid-)?\Z"
    r"|[(,]\s?\Z|\A\W*\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,\u2014\u2013(]\s?(?:who|whose|which|where|when|whom)\b")
_OTHER_TIME = re.compile(
    r"\b(?:(?:years?|decades?|months?|weeks?|centur(?:y|ies)|days?)\s(?:ago|earlier|later|before"
    r"|after|prior)|the\s(?:next|following|previous|same)\s(?:day|week|month|year|morning|night)"
    r"|that\s(?:day|week|month|year|night|summer|winter|fall|spring)|at\sthe\stime|once|then|former"
    r"ly|in\s(?:his|her|their)\s(?:youth|teens|twenties|thirties)|when\s(?:he|she|they)\swas"
    r"|previously|originally|historically|over\sthe\s(?:years|decades)|last\stime|used\sto"
    r"|in\srecent\s(?:days|weeks|months|years)|anniversary)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Dated:
    """The days that a sentence tells of, and where it says so."""

    first: dt.date
    last: dt.date
    precision: Precision
    dated_by: DatedBy
    words: Span | None
    """Where the article gives the date, in code points of its text; None for its own date."""


def dated(article: Article, start: int, end: int) -> Dated | None:
    """When what `article.text[start:end]` tells happened; None if it cannot be told for certain.

    Of several dates the first counts that is no bound ("since May"), names no other thing ("the
    2020 election") and stands in no relative clause. Without any, the day of the article counts,
    for what stands in its LEAD and does not look back.
    """
    left = max(0, start - _AROUND)
    text = article.text[left : end + _AROUND]
    own = [
        DateMention(one.start + left, one.end + left, one.first, one.last)
        for one in mentions(text, article.date)
        if start <= one.start + left and one.end + left <= end
    ]
    usable = [one for one in own if _tells_when(article.text, start, one)]
    if usable:
        chosen = _chosen(article.text, start, usable)
        if (chosen.last - chosen.first).days > _LONGEST or not _certain(article, chosen):
            return None
        return Dated(
            chosen.first,
            chosen.last,
            precision_of(chosen.first, chosen.last),
            DatedBy.SENTENCE,
            (chosen.start, chosen.end),
        )
    sentence = article.text[start:end]
    if article.date is None or own or start >= LEAD:
        return None
    if looks_back(sentence) or _OTHER_TIME.search(sentence):
        return None
    return Dated(article.date, article.date, Precision.DAY, DatedBy.ARTICLE, None)


def precision_of(first: dt.date, last: dt.date) -> Precision:
    """A year if the days are whole years, a month if whole months, else a day."""
    after = last + dt.timedelta(days=1) if last < dt.date.max else last
    if first == last or first.day != 1 or after.day != 1:
        return Precision.DAY
    return Precision.YEAR if first.month == after.month == 1 else Precision.MONTH


def _tells_when(text: str, start: int, mention: DateMention) -> bool:
    before = text[max(start, mention.start - _BESIDE) : mention.start]
    if _NOT_THEN.search(before):
        return False
    if _YEAR.match(text[mention.start : mention.end]):
        return _IN_YEAR.search(before) is not None
    return True


def _chosen(text: str, start: int, usable: Sequence[DateMention]) -> DateMention:
    main = [one for one in usable if not _in_clause(text[start : one.start])] or list(usable)
    first = main[0]
    # "In September, on the 28th": the finer of two that are one.
    within = [one for one in main if first.first <= one.first and one.last <= first.last]
    return min(within, key=lambda one: one.last - one.first)


def _in_clause(before: str) -> bool:
    """Whether a relative clause has begun and not ended in what stands before a date."""
    opened = None
    for opened in _CLAUSE.finditer(before):
        pass
    if opened is None:
        return False
    return not re.search(r"[,\u2014\u2013)]", before[opened.end() :])


def _certain(article: Article, mention: DateMention) -> bool:
    """Whether a careful reader would have no doubt which days are meant."""
    start, end = mention.start, mention.end
    if any(one.last == mention.last for one in mentions(article.text[start:end], None)):
        return True
    return resolved_date(article.text, start, end, article.date) != ""
