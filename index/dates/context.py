"""Whether words that look like a date are one, told from what stands around them.

"May" may be a person, "2000" a number of people, "Black Friday" no Friday in particular, and
"Blade Runner 2049" a film.
"""

from __future__ import annotations

import datetime as dt
import re

from index.dates.expressions import Expression

BEFORE = 32
"""Code points before and after an expression that are looked at."""
FRIDAY = 4

_MODIFIER = r"(?:the\s|about\s|around\s|early\s|late\s|mid[\s-]|earlier\s|later\s)"
_PREPOSITION = re.compile(
    r"\b(?:in|during|since|before|after|until|till|from|between|of|for|by|through|throughout"
    r"|around|circa|year|years|on|as\sof)\s" + _MODIFIER + r"{0,2}\Z"
    r"|\b(?:early|late|earlier|later)(?:\s(?:in|of))?\s\Z|\bmid[\s-]\Z",
    re.IGNORECASE,
)
_FIRM_PREPOSITION = re.compile(
    r"\b(?:in|since|during|until|before|after|year)\s" + _MODIFIER + r"?\Z", re.IGNORECASE
)
_AFTER_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:,|\s(?:and|or|to|through))\s\Z",
    re.IGNORECASE,
)
_AFTER_YEAR = re.compile(r"[0-9]{4}(?:,|,?\s(?:and|or|to|through))\s\Z")
_COUNTED = re.compile(
    r"[\s-](?:people|feet|foot|ft|miles|km|kilomet|met(?:er|re)s|m\b|yards?|acres|pounds|lbs"
    r"|tons|tonnes|grams|calories|dollars|euros|percent|per\b|times|troops|soldiers|votes|points"
    r"|jobs|homes|students|workers|employees|members|cases|deaths|hours|minutes|seconds|days"
    r"|weeks|months|years|copies|units|guests|others|more\b|or\smore|square|cubic|mg|hp"
    r"|horsepower|million|billion|degrees|women|men\b|children|residents|GMT|UTC|EST|EDT"
    r"|a\.m|p\.m)",
)
_STREET = re.compile(
    r"\s(?:[A-Z]\w{0,20}\s){0,2}(?:Avenue|Ave|Street|St|Road|Rd|Drive|Boulevard|Blvd|Lane|Way)\b"
)
_QUANTITY = re.compile(
    r"\b(?:about|than|nearly|almost|over|some|roughly|approximately|No\.|Route|Room|Highway|Flight"
    r"|least|most|Windows|Boeing|Section|up\sto)\s\Z",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(r"(?<!\w)[A-Z][\w'\u2019.]*\s\Z")
_EVERY = re.compile(
    r"\b(?:every|each|alternate)\s(?:\w{3,6}day(?:,|,?\s(?:and|or|through|to))\s){0,4}\Z",
    re.IGNORECASE,
)
_MONDAY_TO = re.compile(r"\bMonday\s?(?:through|to|-|\u2013)\s?\Z", re.IGNORECASE)
_WEEKDAY_NAME_BEFORE = re.compile(
    r"\b(?:Black|Good|Ash|Super|Cyber|Easter|Palm|Bloody|Holy|Giving|Taco|Ruby|Freaky|Manic"
    r"|Sheffield|Maundy|Shrove|Fat|Casual|Ice|Business|Addams|Red)\s\Z",
    re.IGNORECASE,
)
_WEEKDAY_NAME_AFTER = re.compile(
    r"\s(?:Night\s(?:Live|Lights|Football|Raw|SmackDown)|Times|Mirror|Telegraph|Express|Mail"
    r"|Addams|Post|Herald)\b|\s?(?:through|to|-|\u2013)\s?Friday\b",
    re.IGNORECASE,
)
_EVENT_AFTER = re.compile(
    r"(?:th)?,?\s(?:House\s|select\s|Capitol\s|U\.S\.\s)?(?:committee|commission|insurrection"
    r"|attacks?|riot|panel|probe|defendant|select|investigat|hearings?|siege|assault)",
    re.IGNORECASE,
)
_OF = re.compile(r"\s(?:of|in\s(?:his|her|their)|on\s(?:his|her|the)\sjob)\b", re.IGNORECASE)
_THE = re.compile(r"\b(?:the|his|her|its|their|our)\s\Z", re.IGNORECASE)
_WITHIN_THE = re.compile(
    r"\b(?:in|over|within|for|during|through|throughout)\s(?:about\s)?the\s\Z", re.IGNORECASE
)
_THIS = re.compile(r"\b(?:the|this|these)\s\Z", re.IGNORECASE)
_THE_WEEKEND = re.compile(
    r"\b(?:over|during|on|at|for|of|by|throughout|through)\sthe\s\Z", re.IGNORECASE
)
_AGE = re.compile(r"\b(?:his|her|their|my|your|our)\s(?:early\s|mid[\s-]|late\s)?\Z", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?:[.!?:;\u2026][\"'\u201d\u2019)]?|[\"\u201c\u2018(\u2013\u2014|-]|\A|\n)\s*\Z"
)
_MAY_BE_OTHER_WORDS = frozenset({"may", "march", "jan", "mar", "jun", "sep", "dec", "oct", "nov"})
_FORENAMES = frozenset({"april", "june", "august"})


class Surroundings:
    """An expression's place in its text."""

    __slots__ = ("after", "before", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text[start:end]
        self.before = text[max(0, start - BEFORE) : start]
        self.after = text[end : end + BEFORE]

    @property
    def after_preposition(self) -> bool:
        return _PREPOSITION.search(self.before) is not None

    @property
    def starts_sentence(self) -> bool:
        return _SENTENCE_END.search(self.before) is not None

    @property
    def within_the(self) -> bool:
        """Whether "in the", "over the" or the like stands before."""
        return _WITHIN_THE.search(self.before) is not None

    def plausible(self, expression: Expression, base: dt.date | None, *, cased: bool) -> bool:
        """Whether this is a date; `cased` where the text writes names with capitals."""
        match expression.kind:
            case "year":
                return self._plausible_year(expression, base)
            case "decade":
                return _AGE.search(self.before) is None
            case "month":
                return self._plausible_month(expression, cased)
            case "weekday":
                return not (
                    _EVERY.search(self.before)
                    or _WEEKDAY_NAME_BEFORE.search(self.before)
                    or (expression.weekday == FRIDAY and _MONDAY_TO.search(self.before))
                    or _WEEKDAY_NAME_AFTER.match(self.after)
                )
            case "weekend":
                return _THE_WEEKEND.search(self.before) is not None
            case "shifted":
                return self._plausible_shift(expression, cased)
            case "near":
                return not self._title(cased)
            case _:
                return True

    def _plausible_year(self, expression: Expression, base: dt.date | None) -> bool:
        year = expression.year or 0
        if _FIRM_PREPOSITION.search(self.before):
            return True
        if _COUNTED.match(self.after) or _STREET.match(self.after) or _QUANTITY.search(self.before):
            return False
        if _AFTER_YEAR.search(self.before) or self.before.endswith("("):
            return True
        if year < 1900:
            return self.after_preposition
        latest = base.year if base else 2040
        if _CAPITALISED.search(self.before) and not self.after_preposition:
            return year <= latest + 1
        return year <= latest + 80

    def _plausible_month(self, expression: Expression, cased: bool) -> bool:
        if expression.lone_day and (expression.month, expression.day) == (1, 6):
            # Like 9/11, the name of an event that may be years back.
            return _EVENT_AFTER.match(self.after) is None
        if not expression.lone_month:
            return True
        if self.before.lower().endswith("fourth of "):
            return False
        if self.after.startswith(":") and self.after[2:3].isupper():
            return False  # "August: Osage County"
        word = self.text.lower().rstrip(".")
        if self.after_preposition or _AFTER_MONTH.search(self.before):
            return not (word == "may" and self.after[:2] in ("'s", "\u2019s"))
        if cased and self.text[0].isupper() and self.before.endswith(" to "):
            return True
        if word in _MAY_BE_OTHER_WORDS:
            return False
        followed_by_name = cased and self.after[:1] == " " and self.after[1:2].isupper()
        after_name = cased and _CAPITALISED.search(self.before) is not None
        return not (word in _FORENAMES and (followed_by_name or after_name))

    def _plausible_shift(self, expression: Expression, cased: bool) -> bool:
        if self._title(cased):
            return False
        first = self.text.split()[0].lower()
        if first == "past":
            return _THIS.search(self.before) is not None
        if first in ("last", "next", "previous") and _THE.search(self.before):
            # "the next day" counts from the story's day, "the last day of May" from May's.
            return self.within_the and not _OF.match(self.after)
        return first != "previous"

    def _title(self, cased: bool) -> bool:
        return cased and self.text[0].isupper() and not self.starts_sentence
