"""What to search for a message that somebody asks "is this true?" about."""

from __future__ import annotations

import re
import unicodedata

from bot.qa.followups.courtesies import is_courtesy, without_courtesy
from bot.qa.followups.entities import entities
from bot.qa.followups.times import time_phrases
from bot.qa.meaning.content import content_words
from bot.qa.meaning.numbers import parse_quantity
from index.sentences import sentence_spans

MAX_CLAIM = 300
"""Code points of what is searched; of a longer sentence the whole words that fit."""
MAX_TEXT = 4_000
"""Code points of a message that are read; Discord allows no more in one."""

_MOST_SENTENCES = 2
_ENOUGH = 2  # content words of a sentence that can be looked up
_MOST_MARKS = 2  # accents on one letter; more are there to deface

# In this order: what hides other markup comes first.
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[([^\[\]\n]{1,300})\]\(<?[^()\s]{1,2000}>?(?:\s[^()\n]{0,300})?\)"), r"\1"),
    (re.compile(r"<(?:@[!&]?|#)\d{1,20}>|<a?:\w{1,32}:\d{1,20}>|<t:-?\d{1,20}(?::\w)?>"), " "),
    (re.compile(r"</[^:<>\n]{1,100}:\d{1,20}>|<id:\w{1,20}>"), " "),
    (re.compile(r"<?\b(?:https?://|www\.)[^\s<>]{1,2000}>?|\bdiscord\.gg/\S{1,100}", re.I), " "),
    (re.compile(r"@(?:everyone|here)\b"), " "),
    (re.compile(r"(?<!\w):[a-z0-9_+-]{2,32}:(?!\w)"), " "),
    (re.compile(r"^\s{0,8}(?:>{1,3}|#{1,3}|-#|[-*+])\s", re.MULTILINE), ""),
    (re.compile(r"```(?:\w{1,20}\n)?"), " "),
    (re.compile(r"[*`~|\\]+|(?<!\w)_+|_+(?!\w)"), ""),
)
_OPENING = re.compile(
    r"(?:(?:breaking|just in|update|news|urgent|fyi|tl;?dr|so|well|apparently|reportedly|look"
    r"|(?:did|do) you know(?: that)?|i (?:just )?(?:heard|read|saw|think|believe|bet)(?: that)?"
    r"|lol|omg|wow|hey|(?:they|people) say(?: that)?|someone told me(?: that)?|is it true(?: that)?"
    r"|it(?:'s| is) true that)\b[\s,:!\u2013\u2014-]*+)++(?=\w)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"(?<=[^\n.!?:])\n(?=[^\W\d_A-Z])")  # a sentence over two lines
_OPINION = re.compile(
    r"\b(?:i|i'm|i've|we|my|me|you|your|should|must|hope|wish|maybe|probably|lol|omg|wow)\b", re.I
)


def claim_question(text: str) -> str:
    """The most checkable sentence of a message, or two, on one line, without mentions and markup.

    Checkable is what has names, numbers and times, rather than opinions and questions. Empty where
    no sentence has anything to look up; at most MAX_CLAIM code points. Never raises.
    """
    plain = _plain(text[:MAX_TEXT])
    sentences = [
        sentence
        for line in plain.split("\n")
        for start, end in sentence_spans(line)
        if (sentence := _stated(line[start:end]))
    ]
    weights = {sentence: _weight(sentence) for sentence in dict.fromkeys(sentences)}
    ranked = sorted(weights, key=lambda each: -weights[each])
    chosen: list[str] = []
    for sentence in ranked[:_MOST_SENTENCES]:
        # A second one is kept if it is worth as much as half of the first.
        if chosen and 2 * weights[sentence] < weights[chosen[0]]:
            break
        if len(" ".join([*chosen, sentence])) <= MAX_CLAIM:
            chosen.append(sentence)
        elif not chosen:
            return _cut(sentence)
    return " ".join(sentence for sentence in weights if sentence in chosen)


def _plain(text: str) -> str:
    """`text` without markup, and without characters that show nothing."""
    visible: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character == "\n" or (category not in ("Cc", "Cf", "Cs", "Co") and marks <= _MOST_MARKS):
            visible.append(character)
        elif category == "Cc":
            visible.append(" ")
    plain = "".join(visible)
    for pattern, instead in _MARKUP:
        plain = pattern.sub(instead, plain)
    lines = "\n".join(" ".join(line.split()) for line in plain.split("\n"))
    return _WRAPPED.sub(" ", lines)


def _stated(sentence: str) -> str:
    """The sentence without how it is brought up; empty if it says nothing that can be looked up."""
    sentence = without_courtesy(sentence).strip(" \t\"'\u201c\u201d\u2018\u2019")
    sentence = _OPENING.sub("", sentence, count=1)
    if is_courtesy(sentence) or len(content_words(sentence)) < _ENOUGH:
        return ""
    return sentence[:1].upper() + sentence[1:]


def _weight(sentence: str) -> float:
    times = time_phrases(sentence)
    names = [each for each in entities(sentence) if each.name and not each.inner]
    weight = 1.0 + 2.0 * min(len(names), 3) + 2.0 * (parse_quantity(sentence[:300]) is not None)
    weight += 1.5 * bool(times) + min(len(content_words(sentence)), 8) / 8
    if _OPINION.search(sentence):
        weight /= 2
    return weight / 2 if sentence.endswith("?") else weight


def _cut(sentence: str) -> str:
    head, _, _ = sentence[: MAX_CLAIM + 1].rpartition(" ")
    return head or sentence[:MAX_CLAIM]
