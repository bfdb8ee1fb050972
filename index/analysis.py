"""From text to index terms for BM25: the same for passages and for questions.

English stemming (Snowball), English stop words, accents folded. A hyphenated or prefixed name
gives its parts and its whole, so that "Al-Quraishi", "al Quraishi", "AlQuraishi" and
"Quraishi" find each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

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
_JOINED_NAME = re.compile(
    rf"\b((?:{'|'.join(f'[{p[0].upper()}{p[0]}]{p[1:]}' for p in sorted(NAME_PREFIXES))}))"
    "(?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ])"
)
_HYPHEN = re.compile("[-\u2010\u2011]")  # hyphen-minus, hyphen, non-breaking hyphen
_WORD = re.compile(rf"\w+(?:{_HYPHEN.pattern}\w+)*")


class Analyzer:
    """Splits text into terms. Not thread-safe, as Snowball stemmers are not: one a thread."""

    def __init__(self) -> None:
        self._stem = Stemmer.Stemmer("english", 0).stemWord
        self._known: dict[str, tuple[str, ...]] = {}

    def terms(self, text: str) -> list[str]:
        """The index terms of `text`, in order, with repeats."""
        terms: list[str] = []
        previous = ""
        for word in _WORD.findall(_fold(text)):
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


def _fold(text: str) -> str:
    """Lower case without accents; "U.S." as "us", "Obama's" as "obama", "Qur'an" as "quran", and
    "AlQuraishi" as "al-quraishi"."""
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), text)
    text = _APOSTROPHE_S.sub("", text)
    text = _JOINED_NAME.sub(r"\1-", text)
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", unicodedata.normalize("NFKD", text.casefold()))
