"""Where an English question asks: its sentence, and the word in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.qa.question_words import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, tokens
from index.sentences import sentence_spans

MAX_QUESTION = 2_000
"""Code points of a question that are read, from its end."""
OPENING = AUXILIARIES - {"be", "been", "being"}
"""What a question answered by yes or no begins with."""

_QUOTED = re.compile('"[^"]*"|\u201c[^\u201d]*\u201d')
_CONTRACTED = re.compile(r"\b(who|what|when|where|why|how|which)'?(s|re|d|ll)\b", re.IGNORECASE)
_FULL = {"s": "is", "re": "are", "d": "did", "ll": "will"}
ASKS = r"(?:(?:\w+ )?(?:who|whom|whose|what|which|when|where|why|how)\b|whether\b|if\b)"
"""A pattern of how a clause begins that asks."""
_POLITE = re.compile(
    r"(?:(?:please|and|but|so|ok|okay|now|also|well|then|hi|hello|hey)[, ]+)*"
    r"(?:(?:(?:can|could|would|will) (?:you|anyone|someone) (?:please )?"
    r"(?:tell|say|explain|show|give)(?: to)?(?: me| us)?"
    r"|(?:do|does|did) (?:you|we|they|anyone|anybody|someone) (?:happen to )?know|is it known"
    r"|(?:tell|remind) (?:me|us)|explain|say|i (?:would like|want|need|'d like) to know"
    r"|i'd like to know|i wonder|i am wondering)(?: exactly|,|:)? (?=" + ASKS + r"))?",
    re.IGNORECASE,
)
_LEADING = ("and", "but", "so", "then", "exactly", "least")  # before a question word


def asking_sentence(question: str) -> str:
    """The last sentence that asks, on one line, without quotations, contractions and courtesies."""
    text = question[-MAX_QUESTION:].encode("utf-8", "replace").decode("utf-8")
    text = " ".join(text.replace("\u2019", "'").split())
    if _QUOTED.fullmatch(text):
        text = text[1:-1].strip()
    text = _QUOTED.sub("Quoted", text)
    text = _CONTRACTED.sub(lambda found: f"{found[1]} {_FULL[found[2].lower()]}", text)
    sentences: list[str] = []
    for start, end in sentence_spans(text):
        if sentences and text[start].islower():  # "Where is the show ICE! held?" is one
            sentences[-1] += " " + text[start:end]
        else:
            sentences.append(text[start:end])
    asked = [sentence for sentence in sentences if sentence.endswith(("?", ":"))]
    worded = [s for s in sentences if QUESTION_WORDS & {word.lower() for word in tokens(s)}]
    sentence = (asked or worded or sentences or [""])[-1]
    return sentence[_POLITE.match(sentence).end() :]  # type: ignore[union-attr]  # may be empty


def asking_word(words: Sequence[str]) -> int | None:
    """The place of the word that asks: a question word, or the auxiliary of a yes/no question."""
    small = [word.lower() for word in words]
    last = len(small) - 1
    while last >= 0 and not small[last][0].isalnum():
        last -= 1
    if last < 0:
        return None
    start = _clause_start(small, 0)
    first = small[start]
    if first in QUESTION_WORDS:
        follows = small[start + 1] if start + 1 < len(small) else ""
        if first not in ("when", "where") or follows in OPENING or not follows.isalnum():
            return start
        return _after_comma(small, start) or _last_noun_asker(small, start)  # "when she won, who"
    if small[0] in ("whether", "if"):
        return _after_comma(small, 0) or _last_noun_asker(small, 0)
    if small[0] in OPENING and not _a_name(words) and small[last] not in QUESTION_WORDS:
        return 0
    # The last one that can hardly be a relative pronoun: "the man who fled, what did he say of ..."
    strong = weak = None
    for place, word in enumerate(small):
        opens = place > 0 and _clause_start(small, _clause_begin(small, place)) == place
        if word in QUESTION_WORDS:
            if opens or place == last or word in ("what", "which", "how"):
                strong = place
            else:
                weak = place
        elif word in OPENING and strong is None and place > 0 and small[place - 1] == ",":
            strong = place if small[-1] == "?" and _subject(small, place) else strong
    return strong if strong is not None else weak


def _clause_start(small: Sequence[str], begin: int) -> int:
    """`begin`, or the question word after the preposition or adverb there."""
    place = begin
    while place + 1 < len(small) and place < begin + 3:
        word = small[place]
        if word in QUESTION_WORDS:
            return place
        if word in PREPOSITIONS or word.endswith("ly") or word in _LEADING:
            place += 1
        else:
            break
    return place if small[place] in QUESTION_WORDS else begin


def _clause_begin(small: Sequence[str], place: int) -> int:
    """Where the clause begins that a comma or the like opens at most two words before `place`."""
    for begin in range(place, max(place - 3, 0), -1):
        if small[begin - 1] in (",", ":", ";", "-", "\u2013", "\u2014"):
            return begin
    return place if place == 0 else 0


def _after_comma(small: Sequence[str], start: int) -> int | None:
    """The question word or auxiliary that opens a later clause."""
    for comma in (n for n in range(start, len(small) - 1) if small[n] == ","):
        place = _clause_start(small, comma + 1)
        if small[place] in QUESTION_WORDS | OPENING:
            return place
    return None


def _last_noun_asker(small: Sequence[str], start: int) -> int:
    """The last "what" or "which" after a comma; `start` if there is none."""
    comma = small.index(",", start) if "," in small[start:] else len(small)
    askers = (n for n in range(comma, len(small)) if small[n] in ("what", "which"))
    return max(askers, default=start)


def _subject(small: Sequence[str], auxiliary: int) -> bool:
    """Whether a subject follows the auxiliary, as in a question, rather than a verb."""
    following = small[auxiliary + 1 : auxiliary + 2]
    return following != [] and following[0] not in PREPOSITIONS | AUXILIARIES


def _a_name(words: Sequence[str]) -> bool:
    """Whether the auxiliary at the start is none: "IS fighters", "May 2022"."""
    first, rest = words[0], words[1:]
    shouted = first.isupper() and len(first) > 1 and not all(word.isupper() for word in rest[:3])
    return shouted or (first.lower() == "may" and words[-1] != "?")
