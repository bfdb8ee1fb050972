"""From text to index terms for BM25: the same for passages and for questions.

English stemming (Snowball), English stop words, accents folded. A hyphenated or prefixed name
gives its parts and its whole, so that "Al-Quraishi", "al Quraishi", "AlQuraishi" and
"Quraishi" find each other. Words that may be names can also have a name key (index/names.py), so
that "al-Qurayshi" finds them too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

from index.names import COMMON_WORDS, capitalized, name_key

ANALYSIS_VERSION = 2
"""Raised when terms change: an index of another version has to be built again."""

STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)

NAME_PREFIXES = frozenset(
    """al el ad an ar as ash at az abu ibn bin bint ben umm mac mc van von de del della di da du
    dos das la le lo san santa st ter ten den der""".split()  # noqa: SIM905  reads better
)
"""Particles written apart, hyphenated or joined to the name that follows."""

MAX_TERM_LENGTH = 64
MAX_KNOWN_WORDS = 200_000
"""Words whose terms are remembered; most of a text's words have been seen before."""

_COMBINING = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_APOSTROPHE_S = re.compile("['\u2019](?:s\\b)?")
_CAPITAL_INSIDE = re.compile("[a-z](?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])")
_JOINED_NAME = re.compile(
    rf"\b((?:{'|'.join(f'[{p[0].upper()}{p[0]}]{p[1:]}' for p in sorted(NAME_PREFIXES))}))"
    "(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
)
_HYPHEN = re.compile("[-\u2010\u2011]")  # hyphen-minus, hyphen, non-breaking hyphen
_PART = re.compile(r"\w+")
_WORD = re.compile(rf"\w+(?:{_HYPHEN.pattern}\w+)*")


class Analyzer:
    """Splits text into terms. Not thread-safe, as Snowball stemmers are not: one a thread."""

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english", 0).stemWord
        self._known: dict[str, tuple[str, ...]] = {}
        self._known_keys: dict[str, str | None] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of `text`, in order, with repeats, without name keys."""
        return self._word_terms(_lower(_unpunctuated(text)))

    def index_terms(self, text: str) -> list[str]:
        """The terms of a text to be searched: `terms`, then the keys of its capitalised words."""
        text = _unpunctuated(text)
        terms = self._word_terms(_lower(text))
        known = self._known_keys
        # An accent written as a character of its own would end the word.
        for word in capitalized(unicodedata.normalize("NFC", text)):
            key = known[word] if word in known else self._key_of(word)
            if key is not None:
                terms.append(key)
        return terms

    def query_terms(self, text: str, vocabulary: Container[str]) -> list[str]:
        """The terms of a question: `terms`, then the keys of words that the index does not have.

        `vocabulary` holds the index's terms. A name that is spelled as in some article needs no
        key, which would count it twice and bring in other names. Questions are often typed
        without capitals, so any word that is not common may be a name.
        """
        text = _lower(_unpunctuated(text))
        keys = dict.fromkeys(
            self._key_of(part)
            for part in _PART.findall(text)
            if not any(term in vocabulary for term in self._terms_of(part))
        )
        return self._word_terms(text) + [key for key in keys if key is not None]

    def _word_terms(self, lower: str) -> list[str]:
        terms: list[str] = []
        previous = ""
        for word in _WORD.findall(lower):
            if previous in NAME_PREFIXES and len(word) > 2 and word.isalpha():
                terms.append(self._term(previous + word))
            terms += self._terms_of(word)
            previous = word
        return terms

    def _terms_of(self, word: str) -> tuple[str, ...]:
        if (terms := self._known.get(word)) is None:
            if len(self._known) >= MAX_KNOWN_WORDS:
                self._known.clear()
            terms = self._known[word] = tuple(self._analyzed(word))
        return terms

    def _key_of(self, word: str) -> str | None:
        """The name key of a word in any case, None for common words."""
        if len(self._known_keys) >= MAX_KNOWN_WORDS:
            self._known_keys.clear()
        lower = _lower(word)
        common = lower in COMMON_WORDS or lower in STOP_WORDS or lower in NAME_PREFIXES
        key = self._known_keys[word] = None if common else name_key(lower)
        return key

    def _analyzed(self, word: str) -> Iterator[str]:
        parts = _HYPHEN.split(word)
        if len(parts) > 1:
            yield self._term("".join(parts))
        for part in parts:
            if part not in STOP_WORDS:
                yield self._term(part)

    def _term(self, word: str) -> str:
        stem: str = self._stem(word)
        return stem[:MAX_TERM_LENGTH]


def _unpunctuated(text: str) -> str:
    """Turns "U.S." into "US", "Obama's" into "Obama", "AlQuraishi" into "Al-Quraishi"."""
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    text = _APOSTROPHE_S.sub("", text)
    # Few texts have one, and looking for it is quicker than trying every prefix everywhere.
    return _JOINED_NAME.sub(r"\1-", text) if _CAPITAL_INSIDE.search(text) else text


def _lower(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold()))
