"""Where a quote stands in the articles, byte for byte, or as the true text that it nearly is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.proof.folding import Folded, folded
from bot.proof.slips import NUMBER_WORDS, same_but_for_slips
from bot.qa.meaning.content import WORD
from bot.qa.reading.words import words
from index.article import Article, Passage, ScoredPassage

MAX_QUOTE = 1_200
"""Code points of the longest quote that is looked for; a sentence of news has 150."""
MAX_PASSAGES = 64
_MIN_NEAR = 15  # folded code points: shorter quotes are near too much
# What is searched for near misses, which takes time: folded code points, and passages.
_MAX_NEAR, _MAX_NEAR_PASSAGE, _NEAR_PASSAGES = 600, 4_000, 16
_MAX_PLACES = 20  # in one passage where a quote is looked at whether it cuts a word
_LEAST_WORDS = 0.6  # share of its words that a passage has to have
_LEAST_RATIO = 85.0  # of rapidfuzz, 0 to 100: a few changes in a short quote, more in a long one
_TRIED = 3  # passages whose best place is compared word for word

_AROUND = 80  # code points in which a word that is cut is looked for
_WRAPPING = " '.,;:-"
_ENDS_IN_A_DOT = re.compile(r"\.(?!\w)")  # what is left of an abbreviation that ends a quote
_LAST_WORD = re.compile(r"([^\W_]+)[\s-]*\Z")
_SCALE = re.compile(r"[\s-]*(?:hundred|thousand|[mbtr]+illion|dozen|percent|per\scent|%)", re.I)
_ELLIPSIS = re.compile(r"\.\s?\.\s?\.|\[\s?\.")


@dataclass(frozen=True)
class Located:
    """A quote found: the true text is `article.text[start:end]`, in code points.

    `exact` tells whether it was quoted byte for byte.
    """

    article: Article
    start: int
    end: int
    exact: bool

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def locate(quote: str, passages: Sequence[ScoredPassage | Passage]) -> Located | None:
    """The place of `quote` in the first of the passages that has it; None if none has.

    A byte-exact place comes first. Else other quotation marks, dashes, spaces, accents and case
    are mapped back to the true text, and so are slips of a few letters (see `slips`); never
    another number, name or negation, never a cut inside a word or number, and never words that
    an ellipsis or nothing at all joins from two places.
    """
    quote = quote.strip()
    if not quote or len(quote) > MAX_QUOTE or not any(c.isalnum() for c in quote):
        return None
    places = [one.passage if isinstance(one, ScoredPassage) else one for one in passages]
    places = places[:MAX_PASSAGES]
    for passage in places:
        if found := _exactly(quote, passage):
            return found
    unwrapped = folded(quote).text.strip(" '")
    wanted = unwrapped.strip(_WRAPPING)
    for form in dict.fromkeys((unwrapped, wanted)):
        for passage in places:
            if form and (found := _folded(form, passage)):
                return found
    if not _MIN_NEAR <= len(wanted) <= _MAX_NEAR or _ELLIPSIS.search(wanted):
        return None
    return _nearly(quote, wanted, places)


def _exactly(quote: str, passage: Passage) -> Located | None:
    text = passage.article.text
    at = text.find(quote, passage.start, passage.end)
    for _ in range(_MAX_PLACES):
        if at < 0:
            break
        if _whole(text, at, at + len(quote)):
            return Located(passage.article, at, at + len(quote), exact=True)
        at = text.find(quote, at + 1, passage.end)
    return None


def _folded(wanted: str, passage: Passage) -> Located | None:
    text, here = passage.article.text, folded(passage.text)
    at = here.text.find(wanted)
    for _ in range(_MAX_PLACES):
        if at < 0:
            break
        start, end = _span(here, at, at + len(wanted), passage)
        if _whole(text, start, end):
            return Located(passage.article, start, end, exact=False)
        at = here.text.find(wanted, at + 1)
    return None


def _nearly(quote: str, wanted: str, places: Sequence[Passage]) -> Located | None:
    from rapidfuzz import fuzz

    candidates = []
    words_wanted = WORD.findall(wanted)
    for passage in places[:_NEAR_PASSAGES]:
        here = folded(passage.text)
        if not len(wanted) * 0.9 <= len(here.text) <= _MAX_NEAR_PASSAGE:
            continue
        there = set(WORD.findall(here.text))
        if sum(word in there for word in words_wanted) < _LEAST_WORDS * len(words_wanted):
            continue
        best = fuzz.partial_ratio_alignment(wanted, here.text, score_cutoff=_LEAST_RATIO)
        if best is not None:
            candidates.append((best.score, here, best.dest_start, best.dest_end, passage))
    candidates.sort(key=lambda candidate: -candidate[0])
    for _, here, first, last, passage in candidates[:_TRIED]:
        span = same_but_for_slips(quote, passage.text, *here.span(first, max(last, first + 1)))
        if span is not None:
            start, end = passage.start + span[0], passage.start + span[1]
            if _whole(passage.article.text, start, end):
                return Located(passage.article, start, end, exact=False)
    return None


def _span(here: Folded, first: int, last: int, passage: Passage) -> tuple[int, int]:
    start, end = here.span(first, last)
    return passage.start + start, passage.start + end


def _whole(text: str, start: int, end: int) -> bool:
    """Whether neither edge cuts a word or a number: "12" of "120", "$12", "12%" or "12 million"."""
    return not (
        _cuts(text, start)
        or (_cuts(text, end) and not _ENDS_IN_A_DOT.match(text, end))
        or (_number_at(text, max(0, start - _AROUND), start) and _SCALE.match(text, start))
        or (_number_at(text, start, end) and _SCALE.match(text, end))
    )


def _cuts(text: str, edge: int) -> bool:
    near = words(text, max(0, edge - _AROUND), min(len(text), edge + _AROUND))
    return any(word.start < edge < word.end for word in near)


def _number_at(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] ends with a number in figures or words."""
    last = _LAST_WORD.search(text[max(start, end - _AROUND) : end])
    return last is not None and (
        last.group(1)[-1].isdigit() or last.group(1).lower() in NUMBER_WORDS
    )
