"""When something happened, by what its sentence says, else by the day of its article."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.qa.timelines.event import DatedBy, Precision
from bot.qa.timelines.telling import looks_ahead, looks_back, telling, verbs_of
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
    r"\b(?:since|until|till|before|after|by|from|than|through|into|to|either|prior\sto|following|every|each"
    r"|anniversary\sof|(?<!morning\s)(?<!night\s)(?<!evening\s)(?<!day\s)(?<!afternoon\s)"
    r"(?<!week\s)(?<!hours\s)(?<!end\s)(?<!start\s)(?<!beginning\s)(?<!summer\s)(?<!fall\s)of"
    r"|(?:day|days|week|weeks|hours|month|months)\s(?:before|after|from))"
    r"\s(?:the\s|last\s|at\sleast\s|early\s|late\s|mid-|around\s)?\Z",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[0-9]{4}(?:\s?[-\u2013]\s?[0-9]{2,4})?\Z")
_IN_YEAR = re.compile(
    r"\b(?:in|during|of|around|early|late|mid)(?:\s|-)(?:early\s|late\s|mid-)?\Z"
    r"|[(,]\s?\Z|\A\W*\Z",
    re.IGNORECASE,
)
_NAMED_BY_YEAR = re.compile(
    r"\b(?:of|than|like|as|and|with|by|since|from)\s(?:[A-Z][\w\u2019'-]*\s){1,4}in\s\Z"
)
_ATTRIBUTE = re.compile(
    r"(?:\b(?:the|an?|his|her|its|their|our|this|that|House)|['\u2019]s)\s\Z", re.I
)
_POSSESSED = re.compile(r"(?:\s(?:morning|night|evening|afternoon))?['\u2019]s?\s")
_NOUN = re.compile(r",?\s[a-z]{3,}")
_REGARDING = re.compile(
    r"\b(?:investigating|probing|regarding|surrounding|about|stemming\sfrom|related\sto|accused\sof"
    r"|charged\swith|role\sin|investigation\s(?:of|into)|similar\sto|compared\s(?:to|with)|since|than)\s"
    r"[^,;:]*\Z"
)
_OPENING = re.compile(
    r"\A(?:\([A-Z]+\)\s)?(?:After|Following|Before|Since|Prior\sto|Despite|Ahead\sof|Until)\s[^,]*\Z"
)
_FROM = re.compile(r"\b(?:from|between)\s\Z", re.IGNORECASE)
_TO = re.compile(r"\s?(?:to|and|through|until|till|[-\u2013])\s?")
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.I)
_STALE = 4  # days
_NEWS = 0.7
"""Least `telling` of a sentence that its article's day dates: states and opinions have no day."""
_OTHER_DAYS = 31
_SECOND_WEEK = dt.date(1, 1, 8)  # no day lies a week before an earlier one
_LONG_PAST, _RECENT = 60, 7  # days
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
    weekday: bool = False
    """Whether it is given as a day of the week, which is another date once a page is updated."""

    def stale(self, written: dt.date | None) -> bool:
        """Whether it is a weekday so far back that the next one of that name may be meant.

        Pages that are kept up to date are dated by their first day: what a page of a Tuesday says
        of Wednesday more often came the next day than six days before.
        """
        return self.weekday and written is not None and (written - self.last).days >= _STALE


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
    own = _ranges(article.text, own)
    sentence = article.text[start:end]
    usable = [one for one in own if _tells_when(article.text, start, one)]
    if usable:
        chosen = _chosen(article, start, usable)
        if (chosen.last - chosen.first).days > _LONGEST or not _certain(article, chosen):
            return None
        words = chosen.start, chosen.end
        weekday = _WEEKDAY.fullmatch(article.text, *words) is not None
        first, last = _clipped(chosen, article.date)
        if weekday and article.date and first > article.date and not looks_ahead(sentence):
            first = last = max(first, _SECOND_WEEK) - dt.timedelta(
                weeks=1
            )  # "after starting Saturday" is no plan
        return Dated(first, last, precision_of(first, last), DatedBy.SENTENCE, words, weekday)
    if article.date is None or start >= LEAD or telling(sentence) < _NEWS:
        return None
    if any(abs((one.last - article.date).days) > _OTHER_DAYS for one in own):
        return None  # "the 1973 ruling"
    if looks_back(sentence) or looks_ahead(sentence) or _OTHER_TIME.search(sentence):
        return None
    return Dated(article.date, article.date, Precision.DAY, DatedBy.ARTICLE, None)


def precision_of(first: dt.date, last: dt.date) -> Precision:
    """A year if the days are whole years, a month if whole months, else a day."""
    ends_month = last.day == calendar.monthrange(last.year, last.month)[1]
    if first == last or first.day != 1 or not ends_month:
        return Precision.DAY
    whole_years = first.month == 1 and last.month == 12
    return Precision.YEAR if whole_years else Precision.MONTH


def _ranges(text: str, found: Sequence[DateMention]) -> list[DateMention]:
    """The mentions, those of "from May 2003 to June 2004" as one."""
    joined: list[DateMention] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.first <= one.last
            and _FROM.search(text[max(0, last.start - _BESIDE) : last.start])
            and _TO.fullmatch(text[last.end : one.start])
        ):
            start = _FROM.search(text, max(0, last.start - 8), last.start)
            begin = start.start() if start else last.start
            joined[-1] = DateMention(begin, one.end, last.first, one.last)
        else:
            joined.append(one)
    return joined


def _tells_when(text: str, start: int, mention: DateMention) -> bool:
    before = text[max(start, mention.start - _BESIDE) : mention.start]
    if _NOT_THEN.search(before):
        return False
    after = text[mention.end : mention.end + _BESIDE]
    if _POSSESSED.match(after) and verbs_of(text[start : mention.start]):
        return False  # "apologized for what he did at Sunday's ceremony"
    if _ATTRIBUTE.search(before) and _NOUN.match(after):
        return False  # "the Jan. 6 committee"
    if _REGARDING.search(text[start : mention.start]):
        return False
    if _YEAR.match(text[mention.start : mention.end]):
        return bool(_IN_YEAR.search(before)) and not _NAMED_BY_YEAR.search(before)
    return True


def _clipped(mention: DateMention, written: dt.date | None) -> tuple[dt.date, dt.date]:
    """Its days; of "this week", said of what has happened, those up to the article's."""
    first, last = mention.first, mention.last
    if written and first < written < last and precision_of(first, last) is Precision.DAY:
        last = written
    return first, last


def _chosen(article: Article, start: int, usable: Sequence[DateMention]) -> DateMention:
    text, written = article.text, article.date
    main = [one for one in usable if not _in_clause(text[start : one.start])] or list(usable)
    first = main[0]
    if written and (written - first.last).days > _LONG_PAST:
        # "What he did in 2020 was the subject of a hearing on Thursday."
        news = [one for one in main if 0 <= (written - one.last).days <= _RECENT]
        first = news[0] if news else first
    # "In September, on the 28th": the finer of two that are one.
    within = [one for one in main if first.first <= one.first and one.last <= first.last]
    return min(within, key=lambda one: one.last - one.first)


def _in_clause(before: str) -> bool:
    """Whether a relative clause, or one such as "After ...,", begins in `before` and goes on."""
    opened = [found.end() for found in _CLAUSE.finditer(before)]
    if _OPENING.match(before):
        return True
    return bool(opened) and not re.search(r"[,\u2014\u2013)]", before[opened[-1] :])


def _certain(article: Article, mention: DateMention) -> bool:
    """Whether a careful reader would have no doubt which days are meant."""
    start, end = mention.start, mention.end
    if _WEEKDAY.fullmatch(article.text, start, end):
        return True
    if any(one.last == mention.last for one in mentions(article.text[start:end], None)):
        return True
    return resolved_date(article.text, start, end, article.date) != ""
