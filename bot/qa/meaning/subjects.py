"""What a question is about, and whether a sentence speaks of it."""

from __future__ import annotations

import re

from bot.qa.candidates import Candidate
from bot.qa.meaning.gazetteer import fold
from bot.qa.meaning.wording import TITLES
from bot.qa.question_words import AUXILIARIES, QUESTION_WORDS, tokens
from bot.qa.questions import wanted_noun
from index.analysis import NAME_PREFIXES, STOP_WORDS, Analyzer

ENOUGH = 0.5
"""Share of the subject's words that a sentence has to have to be about it."""

_MAX_QUESTION = 2_000  # code points that are read, from its end
_POSSESSIVE = re.compile(r"['\u2019]s?\b(?=\W|$)")
_DAYS_AND_MONTHS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december""".split()  # noqa: SIM905  reads better
)
_BESIDE_NAMES = NAME_PREFIXES - {"abu", "umm"} | STOP_WORDS | TITLES | _DAYS_AND_MONTHS
_FULL_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w\u2019'-]*\s(?:(?:al|el|bin|ibn|de|van|von|der|da)[\s-])?){0,4}"
    r"[^\W\d_a-z][\w\u2019'-]*"
)


class Subject:
    """The names in a question or, where it has none, its other words. Not thread-safe."""

    def __init__(self, question: str) -> None:
        self._analyzer = Analyzer()
        words = tokens(question[-_MAX_QUESTION:])
        noun = wanted_noun(question)
        self.names = tuple(dict.fromkeys(fold(word) for word in words[1:] if _may_name(word)))
        if not any(word[:1].islower() for word in words):
            self.names = ()  # all in capitals, or one word: capitals tell nothing
        others = (word for word in words if word.lower() not in QUESTION_WORDS | AUXILIARIES)
        chosen = self.names or tuple(fold(word) for word in others if word.lower() != noun)
        self._wanted = [terms for word in chosen if (terms := frozenset(self._terms(word)))]
        self._known: dict[tuple[str, str], float] = {}

    def share(self, candidate: Candidate) -> float:
        """Share in [0, 1] of the subject's words that the quote or the article's title has.

        1.0 for a question without any word to go by.
        """
        key = candidate.quote_text, candidate.article.title
        if key not in self._known:
            here = set(self._terms(" ".join(key)))
            met = sum(bool(terms & here) for terms in self._wanted)
            self._known[key] = met / len(self._wanted) if self._wanted else 1.0
        return self._known[key]

    def about(self, candidate: Candidate) -> bool:
        """Whether enough of the subject is there."""
        return self.share(candidate) >= ENOUGH

    def bearers(self, candidate: Candidate) -> set[tuple[str, ...]]:
        """The fuller names in the quote that end with a name of the question, without titles.

        In "Abu Ibrahim al-Quraishi was killed", asked of Quraishi: "abu", "ibrahim", "quraishi".
        """
        found = set()
        for match in _FULL_NAME.finditer(_POSSESSIVE.sub(" ", candidate.quote_text)):
            words = fold(match.group()).split()
            own = tuple(word for word in words if word not in _BESIDE_NAMES)
            if len(own) > 1 and own[-1] in self.names:
                found.add(own)
        return found

    def named_in(self, bearer: tuple[str, ...]) -> int:
        """How many of the question's names a bearer has."""
        return len(set(self.names) & set(bearer))

    def _terms(self, text: str) -> list[str]:
        return self._analyzer.terms(text)


def _may_name(word: str) -> bool:
    lower = word.lower()
    if lower in QUESTION_WORDS | AUXILIARIES or lower in NAME_PREFIXES:
        return False
    return word[:1].isupper()
