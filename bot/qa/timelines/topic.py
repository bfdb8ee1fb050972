"""Whether a sentence is about a topic, by the topic's words and names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.qa.meaning.gazetteer import fold, gazetteer
from bot.qa.meaning.wording import TITLES
from index.analysis import NAME_PREFIXES, STOP_WORDS, Analyzer
from index.article import Article
from index.names import COMMON_WORDS, KEY_PREFIX, name_key

ENOUGH = 0.5
"""Share of a topic that a sentence has to have to be about it."""
LAST_NAME = 0.75
"""What a name's last word stands for by itself: "Biden" for "Joe Biden"."""
TITLE = 0.35
"""What the words count for that only the article's title has."""

_OFFICES = frozenset(
    """minister secretary chairman chairwoman chief spokesman spokeswoman leader star actor actress
    singer founder owner billionaire mogul coach hurricane storm attorney detective inspector
    republican democrat democratic labour conservative""".split()  # noqa: SIM905
)
_HEAVY = 0.5  # of the heaviest word's weight: "State" alone does not stand for "Islamic State"
_MAX_TOPIC = 500  # code points that are read
_MAX_WORDS = 16
_BEGINNING = 3_000  # code points of an article in which a name in another spelling is looked for
_WORD = re.compile(r"\w+(?:['\u2019.-]\w+)*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")
_COMPARED = re.compile(
    r"\b(?:since|than|unlike|like|as|before|after|following|until|amid|about|on|of|for|to|over"
    r"|from|with|despite|during)\s(?:(?:the|a|an|its|his|her|their)\s)?(?:[\w\u2019'-]+\s)?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Word:
    terms: frozenset[str]
    weight: float
    key: str | None
    """Its name key; None if it is no name."""
    country: str | None


class Topic:
    """A topic's words. Not thread-safe."""

    def __init__(self, topic: str, weigh: Callable[[str], float]) -> None:
        """`weigh` gives a word's weight, more than 0, such as its inverse document frequency."""
        self._analyzer = Analyzer()
        written = _WORD.findall(topic[:_MAX_TOPIC])[:_MAX_WORDS]
        kept = [word for word in written if _counts(word)] or written
        kept = [word for word in kept if not _YEAR.match(word)] or kept
        self._words = [
            _Word(terms, max(weigh(word), 1e-6), _key(word), _country(word))
            for word in dict.fromkeys(kept)
            if (terms := frozenset(self._analyzer.terms(word)) - NAME_PREFIXES)
        ]
        heaviest = max((word.weight for word in self._words), default=0.0)
        self._core = {n for n, word in enumerate(self._words) if word.weight == heaviest}
        # One name and nothing else: what its last word says may be said without the others.
        name = [word for word in written if word.lower() not in NAME_PREFIXES]
        capitals = len(name) > 1 and all(word[:1].isupper() for word in name)
        self._name = re.compile(r"\W+".join(map(re.escape, name)), re.I) if capitals else None
        self._complete = len(self._words) == len(name)  # none was a stop word, as "Will" is
        self._named = bool(self._words) and self._words[-1].weight >= _HEAVY * heaviest
        if self._name and self._named:
            self._core.add(len(self._words) - 1)
        self._whole: dict[str, bool] = {}

    def share(self, sentence: str, article: Article) -> float:
        """Share in [0, 1] of the topic that the sentence has, or else the title: see TITLE.

        0.0 where the sentence has not what tells the topic from others: its rarest word, or the
        last of a name. A part of a name counts for the whole where the article has that as well.
        """
        own = self._met(sentence)
        if not own & self._core:
            return 0.0
        total = sum(word.weight for word in self._words)
        share = sum(self._words[n].weight for n in own) / total
        beside = sum(self._words[n].weight for n in self._met(article.title) - own) / total
        share += TITLE * beside
        capitals = " ".join(word for word in _WORD.findall(sentence) if word[:1].isupper())
        whole = self._complete and self._has_all(capitals)  # in another spelling
        if self._name and not whole and not self._name.search(sentence):
            # Not another Smith, nor the Islamic Republic for the Islamic State.
            if not (self._named and self._is_short(sentence) and self._has_name(article)):
                return 0.0
            share = max(share, LAST_NAME)
        return min(1.0, share)

    def _is_short(self, sentence: str) -> bool:
        """Whether the last of the name stands there without another name before it."""
        before, end = "", 0
        for found in _WORD.finditer(sentence):
            word = found.group()
            if word[:1].isupper() and len(self._words) - 1 in self._met(word):
                joined = sentence[end : found.start()] == " "
                if not (joined and _is_part_of_name(before)):
                    return True
            before, end = word, found.end()
        return False

    def _has_name(self, article: Article) -> bool:
        """Whether the article has the whole name, if need be in another spelling."""
        assert self._name is not None
        if article.id not in self._whole:
            text = f"{article.title}\n{article.text}"
            found = self._name.search(text) is not None
            self._whole[article.id] = found or (self._complete and self._has_all(text[:_BEGINNING]))
        return self._whole[article.id]

    def _has_all(self, text: str) -> bool:
        return len(self._met(text)) == len(self._words)

    def prominence(self, sentence: str) -> float:
        """In (0, 1]: 1 where the topic is what the sentence speaks of, as its subject does.

        Less the further back it comes first, and the least where it stands only beside a
        preposition: "the worst since Ian", "in a speech about Ian".
        """
        first = self._first(sentence)
        if first is None:
            return 0.5
        before = sentence[:first]
        words = len(before.split())
        weight = 1.0 if words < 6 else 0.85 if words < 14 else 0.7
        return weight * (0.8 if _COMPARED.search(before[-60:]) else 1.0)

    def _first(self, sentence: str) -> int | None:
        for found in _WORD.finditer(sentence):
            if self._met(found.group()) & self._core:
                return found.start()
        return None

    def _met(self, text: str) -> set[int]:
        terms = set(self._analyzer.index_terms(text))
        countries: set[str] = set()
        if any(word.country for word in self._words):
            countries = {code for word in _WORD.findall(text) if (code := _country(word))}
        return {
            n
            for n, word in enumerate(self._words)
            if word.terms & terms
            or (word.key is not None and word.key in terms)
            or (word.country is not None and word.country in countries)
        }


def _counts(word: str) -> bool:
    lower = word.lower()
    # "US" and "IT" are told from "us" and "it" by their capitals.
    return (len(word) > 1 and word.isupper()) or lower not in STOP_WORDS | NAME_PREFIXES


def _is_part_of_name(word: str) -> bool:
    lower = word.lower().rstrip(".")
    return (
        word[:1].isupper()
        and lower not in TITLES
        and lower not in STOP_WORDS
        and lower not in _OFFICES
    )


def _key(word: str) -> str | None:
    lower = fold(word)
    if lower in COMMON_WORDS or lower in STOP_WORDS:
        return None
    key = name_key(lower.split()[-1] if lower else "")
    assert key is None or key.startswith(KEY_PREFIX)
    return key


def _country(word: str) -> str | None:
    """The country that a capitalised word names, as a noun or an adjective."""
    if not word[:1].isupper():
        return None
    known = gazetteer()
    name = fold(re.sub(r"['\u2019]s?\Z", "", word))
    if code := known.country(name):
        return code
    for form in (name, name.removesuffix("s")):
        if country := known.country_of_adjective(form):
            return known.country(country)
    return None
