"""Names and descriptions of one person, where an article sets them side by side."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.qa.candidates import Candidate
from bot.qa.meaning.wording import is_name, words_of

_MAX_WORDS = 120  # code points of a name or a description that are compared
_DETERMINER = re.compile(
    r"(?:(?:an?|the|his|her|their|its|my|our|one|(?:[^\W_]+\s){1,3}?[^\W_]+['\u2019]s)\s)+", re.I
)
_PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her", "them", "who", "i", "we", "you"})
_OWNED = r"(?:an?\s|the\s|his\s|her\s|their\s|its\s|[\w\u2019'-]{1,30}['\u2019]s\s)?"
_CALLED = r"(?:,?\s(?:who\s(?:is|was)\s)?(?:named|called|identified\sas|known\sas)|,)?\s"
_IS = r"(?:,|,?\s(?:who\s)?(?:is|was|became)|,?\sdescribed\sas|\s\()"
_MORE = r"(?:[\w-]{1,30},?\s){0,3}"


@lru_cache(maxsize=2_000)
def is_proper_name(text: str) -> bool:
    """Whether an answer is a name rather than a description: "Michelle Obama", "the Taliban"."""
    words = words_of(text)
    return is_name(words) and not all(word.form in _PRONOUNS for word in words)


@lru_cache(maxsize=2_000)
def is_description(text: str) -> bool:
    """Whether an answer tells who someone is without the name: "his wife", "a US soldier"."""
    words = words_of(text)
    return bool(words) and words[-1].form.isalpha() and not (
        words[-1].capital or all(word.form in _PRONOUNS for word in words)
    )  # fmt: skip


def names_the_described(name: Candidate, described: Candidate) -> bool:
    """Whether the article of `described` says that its description is of the one named.

    It does by apposition ("his wife, Michelle Obama"), by a verb ("Obama is a lawyer") or by a
    naming ("a man called Smith"), with nothing between but a few more words of description.
    """
    if not is_proper_name(name.text) or not is_description(described.text):
        return False
    text = described.article.text
    if name.text.split()[-1] not in text:
        return False
    naming = " ".join(name.text[:_MAX_WORDS].split())
    core = _DETERMINER.sub("", " ".join(described.text[:_MAX_WORDS].split()), count=1)
    if not core or len(name.text) > _MAX_WORDS or len(described.text) > _MAX_WORDS:
        return False
    who = rf"(?:[^\W\d_a-z][\w.\u2019'-]*\s){{0,3}}{_spaced(naming)}"
    what = rf"(?i:{_spaced(core)})"
    stated = re.compile(
        rf"\b{what}{_CALLED}{who}(?!\w)|(?<!\w){_spaced(naming)}{_IS}\s?{_OWNED}{_MORE}{what}(?!\w)"
    )
    return stated.search(text) is not None


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())
