"""A span of a text made fit to be shown as an answer: whole words and whole names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.qa.reading.brackets import balanced
from bot.qa.reading.function_words import ARTICLES, FUNCTION_WORDS
from bot.qa.reading.name_runs import runs
from bot.qa.reading.words import Word, words
from index.sentences import Span, sentence_spans, trimmed

WORD_REACH = 150
"""Code points on both sides of a span in which its words are; a longer word stays cut."""

SENTENCE_REACH = 1000
"""The same for its sentence."""

_ROUNDS = 8
_ABBREVIATED = re.compile(r"\b[^\W\d_]\.\Z")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\u2029")

_LEADING = frozenset(
    """
    's \u2019s and are at but for from had has have in into is nor of on onto or than that to was
    were which who whom whose
    """.split()  # noqa: SIM905  reads better
)
"""Not "by", "with", "as", "if" and "where": with them, an answer says how or on what condition."""
_TRAILING = FUNCTION_WORDS - frozenset(
    "be been being it its itself there these this those".split()  # noqa: SIM905
)
_HOLDING = frozenset(
    """
    accordance addition all behalf case charge excess fact favor favour few front general least
    little long many more most much order part place spite terms that total well which
    """.split()  # noqa: SIM905  reads better
)
"""What makes a phrase with the preposition before it: "in front of", "at least", "as many as"."""


def widen(text: str, start: int, end: int) -> Span:
    """`text[start:end]` in whole words, without what is no part of an answer.

    - Of a span over several sentences, only the part in the one that has most of it is kept;
      "at 9 p.m. Monday" is one.
    - It begins and ends with a whole word (words.py), and takes the whole of a name or number
      that it has the first or last words of (name_runs.py): "Quraishi" becomes "Abu Ibrahim
      al-Hashimi al-Quraishi", "12" "12 million".
    - Punctuation at its ends goes, and so do function words: "in Atme," becomes "Atme". "town
      of Atme" takes its article, and becomes "the town of Atme".
    - Brackets and double quotes in it come in pairs (brackets.py).

    Widening what was widened changes nothing. A span without a word is only cut to its sentence
    and freed of white space. Raises ValueError unless 0 <= start < end <= len(text).
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no span of a text of {len(text)} characters: {start} to {end}")
    if (visible := trimmed(text, start, end)) is None:
        return start, end
    sentence = _sentence(text, *visible)
    span = max(visible[0], sentence[0]), min(visible[1], sentence[1])
    for _ in range(_ROUNDS):
        before, span = span, _widened(text, *span, sentence)
        if span == before:
            break
    return span


def _sentence(text: str, start: int, end: int) -> Span:
    """The sentence with most of the span, the first one of equals."""
    breaks = list(_PARAGRAPH_BREAK.finditer(text, max(0, start - SENTENCE_REACH), start))
    begin = breaks[-1].end() if breaks else max(0, start - SENTENCE_REACH)
    following = _PARAGRAPH_BREAK.search(text, end, min(len(text), end + SENTENCE_REACH))
    stop = following.start() if following else min(len(text), end + SENTENCE_REACH)
    sentences = [(begin + one, begin + two) for one, two in sentence_spans(text[begin:stop])]
    touched: list[Span] = []
    for one, two in sentences:
        if one >= end or two <= start:
            continue
        if touched and _ABBREVIATED.search(text, *touched[-1]):
            touched[-1] = touched[-1][0], two  # "9 p.m. Monday": two sentences are but a guess
        else:
            touched.append((one, two))
    return max(touched, key=lambda one: min(one[1], end) - max(one[0], start))


def _widened(text: str, start: int, end: int, sentence: Span) -> Span:
    begin = max(sentence[0], start - WORD_REACH)
    stop = min(sentence[1], end + WORD_REACH)
    near = words(text, begin, stop)
    covered = [n for n, word in enumerate(near) if word.start < end and start < word.end]
    if not covered or _is_cut(near, covered, (begin, stop), sentence):
        return start, end
    first, last = _content(near, covered[0], covered[-1], sentence[0])
    for one, two in runs(text, near, sentence[0]):
        if one <= first <= two:
            first = one
        if one <= last <= two:
            last = two
    if 0 < first < last and near[first].text.islower() and near[first + 1].text == "of":
        first -= near[first - 1].text == "the"
    return balanced(text, near[first].start, near[last].end, sentence)


def _is_cut(near: Sequence[Word], covered: Sequence[int], looked_at: Span, sentence: Span) -> bool:
    """Whether the first or the last word goes on beyond what was looked at."""
    return (near[covered[0]].start == looked_at[0] > sentence[0]) or (
        near[covered[-1]].end == looked_at[1] < sentence[1]
    )


def _content(near: Sequence[Word], first: int, last: int, sentence_start: int) -> tuple[int, int]:
    """The words from `first` to `last` without function words at the ends, if any are left."""
    one, two = first, last
    while one < two and _leads(near, one, sentence_start):
        one += 1
    while two > one and near[two].text in _TRAILING:
        two -= 1
    alone = near[one].text.lower()
    return (first, last) if one == two and alone in _TRAILING else (one, two)


def _leads(near: Sequence[Word], n: int, sentence_start: int) -> bool:
    """Whether the word is no part of what follows it."""
    word, following = near[n].text, near[n + 1].text
    if near[n].start == sentence_start:
        word = word.lower()
    if word == "to" and following[0].islower() and following not in ARTICLES:
        return False  # "to win the election" is a purpose
    return word in _LEADING and following not in _HOLDING
