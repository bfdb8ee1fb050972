"""Questions with their answers, turned into statements.

People who wrote questions about a paragraph put it into words of their own. With the answer in its
place, such a question is a sentence that the paragraph entails, in other words than its own
(Demszky, Guu and Liang 2018, "Transforming Question Answering Datasets Into Natural Language
Inference Datasets"). The rules here work on part-of-speech tags and noun chunks; what they do not
understand is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DO = {"do", "does", "did"}
BE = {"is", "are", "was", "were", "am"}
HAVE = {"has", "have", "had"}
MODAL = {"can", "could", "will", "would", "may", "might", "shall", "should", "must"}
WH = {"what", "which", "who", "whom", "whose", "when", "where", "why", "how"}
FINITE = {"VB", "VBD", "VBZ", "VBP", "MD"}
QUANTITY = {"percentage", "percent", "proportion", "fraction", "number", "amount", "part", "share"}
_PREPOSITIONS = """
about above across after against along among around at before behind below beneath beside between
beyond by during for from in into near of off on onto out over since through throughout to toward
towards under until upon via with within without
"""
PREPOSITIONS = set(_PREPOSITIONS.split())
_YEAR = re.compile(r"^(?:the )?(?:1\d|20)\d\ds?$|^\d+(?:st|nd|rd|th) century|^(?:the )?\d+s$", re.I)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(
    rf"^(?:{_MONTHS}) \d|^\d{{1,2}} (?:{_MONTHS})|^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_MONTH = re.compile(rf"^(?:{_MONTHS})\b")
_CLAUSE = {"when", "while", "after", "before", "if", "because", "since", "until", "although"}


@dataclass(frozen=True)
class Word:
    """A token with its Penn Treebank tag, and whether it is in a noun or a verb chunk."""

    text: str
    tag: str
    chunk: str

    @property
    def low(self) -> str:
        return self.text.lower()


def tagged(text: str) -> list[Word]:
    from textblob.en import parse

    words = []
    for token in parse(text).replace("\n", " ").split(" "):
        parts = token.rsplit("/", 3)
        if len(parts) == 4:
            words.append(Word(parts[0].replace("&slash;", "/"), parts[1], parts[2]))
    return words


def statement(question: str, answer: str) -> str | None:
    """The question as a sentence that says the answer; None where the rules do not reach."""
    words = tagged(question.rstrip(" ?.!") + " ?")[:-1]
    places = [n for n, word in enumerate(words) if word.low in WH]
    if not places or not answer.strip():
        return None
    at = places[0]
    before, wh = words[:at], words[at]
    if at and before[-1].text == ",":
        lead, before = before[:-1], []
    else:
        lead = []
    if before and before[0].low in _CLAUSE and wh.low not in ("what", "which"):
        return None
    end = _phrase_end(words, at)
    phrase, rest = words[at:end], words[end:]
    said = _said(phrase, answer)
    if said is None:
        return None
    preposition = ""
    if before:
        if len(before) == 1 and before[0].low in PREPOSITIONS | {"as"}:
            preposition = before[0].low
        else:
            # "The bridge was built in what year": the answer goes where the question word is.
            return _sentence([*_texts(before), said, *_texts(rest)])
    body = _declared(wh, phrase, rest, said, preposition)
    if body is None:
        return None
    return _sentence([*_texts(lead), "," if lead else "", *body])


def _phrase_end(words: Sequence[Word], at: int) -> int:
    """Behind the question phrase: "which village", "how many people"."""
    end = at + 1
    if words[at].low in ("who", "whom", "when", "where", "why"):
        return end
    while end < len(words):
        word = words[end]
        if word.low in DO | BE | HAVE | MODAL or word.low in ("'s",):
            break
        if word.tag in FINITE and words[end - 1].tag not in ("DT", "TO", "CC"):
            break
        if word.tag == "VBN" and word.chunk.endswith("VP"):
            break
        end += 1
    return end


def _said(phrase: Sequence[Word], answer: str) -> str | None:
    """What stands in the place of the question phrase."""
    first = phrase[0].low
    nouns = _texts(phrase[1:])
    low = [text.lower() for text in nouns]
    if first == "whose":
        return " ".join([answer + "'s", *nouns])
    if first == "how":
        if low[:1] and low[0] in ("many", "much"):
            rest = [word for word in nouns[1:] if word.lower() not in answer.lower()]
            return " ".join([answer, *rest]) if not _has_word(answer) else answer
        if low[:1] and low[0] in ("long", "far", "old", "tall", "high", "large", "big", "often"):
            return answer
        return None if low else answer
    if "of" in low and set(low[: low.index("of")]) & QUANTITY:
        return " ".join([answer, *nouns[low.index("of") :]])
    return answer


def _has_word(answer: str) -> bool:
    """Whether a count comes with what is counted: "12 people"."""
    return bool(re.search(r"\d\s+[a-z]{3,}(?<!million)(?<!billion)(?<!thousand)$", answer))


def _declared(
    wh: Word, phrase: Sequence[Word], rest: Sequence[Word], said: str, preposition: str
) -> list[str] | None:
    if not rest:
        return None
    first, after = rest[0], list(rest[1:])
    kind = wh.low
    adverbial = kind in ("when", "where", "why", "how") and not _counts(phrase)
    placed = _placed(kind, phrase, said, preposition)
    if first.low in DO:
        split = _main_verb(after)
        if split is None:
            return None
        subject, verb, tail = after[:split], after[split], after[split + 1 :]
        inflected = _inflected(verb.low, first.low)
        return [*_texts(subject), inflected, *_with(tail, placed, adverbial or bool(preposition))]
    if first.low in BE | HAVE | MODAL:
        if not adverbial and not preposition:
            split = _verb_after_subject(after)
            if not split or not _wants_object(after, split):
                if after[-1:] and after[-1].low in PREPOSITIONS and first.low in BE:
                    return [*_texts(after[:-1]), first.text, after[-1].text, said]
                return [said, first.text, *_texts(after)]
            subject, tail = after[:split], after[split:]
            return [*_texts(subject), first.text, *_with(tail, placed, False, verb=True)]
        split = _verb_after_subject(after)
        if split is None:
            if after and after[-1].low in PREPOSITIONS:  # "Where was he from?"
                return [*_texts(after[:-1]), first.text, after[-1].text, said]
            return [*_texts(after), first.text, placed]
        if split == 0:
            return None
        subject, tail = after[:split], after[split:]
        return [*_texts(subject), first.text, *_texts(tail), placed]
    if adverbial or preposition:
        return None
    return [said, *_texts(rest)]


def _counts(phrase: Sequence[Word]) -> bool:
    return phrase[0].low == "how" and len(phrase) > 1 and phrase[1].low in ("many", "much")


def _placed(kind: str, phrase: Sequence[Word], said: str, preposition: str) -> str:
    """The answer with the preposition it needs."""
    first = said.split()[0].lower() if said.split() else ""
    if first in PREPOSITIONS or first in ("because", "due", "as"):
        return said
    if preposition:
        return f"{preposition} {said}"
    if kind == "when":
        if _YEAR.match(said):
            return f"in {said}"
        if _DAY.match(said):
            return f"on {said}"
        return f"in {said}" if _MONTH.match(said) else said
    if kind == "where":
        return f"in {said}"
    if kind == "why":
        return f"because {said}" if first == "of" else f"because of {said}"
    if kind == "how" and len(phrase) == 1:
        return f"by {said}" if first.endswith("ing") else said
    return said


def _main_verb(words: Sequence[Word]) -> int | None:
    """Where the infinitive stands that belongs to a "did" before the subject."""
    for n, word in enumerate(words):
        if (
            n
            and word.tag in ("VB", "VBP", "VBD", "VBN")
            and words[n - 1].tag not in ("DT", "TO", "JJ")
        ):
            return n
    return None


def _verb_after_subject(words: Sequence[Word]) -> int | None:
    """Where the participle or infinitive stands that follows the subject; None without one."""
    for n, word in enumerate(words):
        if word.low == "to" and n and words[n - 1].tag.startswith("NN"):
            return None
        if word.tag in ("VBN", "VBG", "VB", "VBD") and (
            not n or words[n - 1].tag not in ("DT", "JJ", "TO")
        ):
            return n
        if word.low == "," or word.low in ("that", "who", "which"):
            return None
    return None


def _wants_object(words: Sequence[Word], verb: int) -> bool:
    """Whether "the treaty called" asks what it was called: nothing, or a preposition, ends it."""
    tail = words[verb + 1 :]
    return not tail or tail[-1].low in PREPOSITIONS or tail[0].low in ("as", "if", "when", "to")


def _with(tail: Sequence[Word], placed: str, adverbial: bool, *, verb: bool = False) -> list[str]:
    """The rest of the sentence with the answer at its object's place, or at its end."""
    if adverbial or not tail:
        return [*_texts(tail), placed]
    if tail[-1].low in PREPOSITIONS or tail[-1].tag == "IN":
        return [*_texts(tail), placed]
    start = 1 if verb else 0
    for n in range(start, len(tail)):
        if tail[n].low in PREPOSITIONS - {"to", "of"} or tail[n].low in _CLAUSE:
            return [*_texts(tail[:n]), placed, *_texts(tail[n:])]
    return [*_texts(tail), placed]


def _inflected(verb: str, auxiliary: str) -> str:
    import lemminflect

    tag = {"did": "VBD", "does": "VBZ"}.get(auxiliary)
    if tag is None:
        return verb
    lemmas = lemminflect.getLemma(verb, "VERB")
    forms = lemminflect.getInflection(lemmas[0] if lemmas else verb, tag)
    return forms[0] if forms else verb


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.text for word in words]


_NO_SPACE_BEFORE = re.compile(r" ([,.;:!?%)\]]|'s\b|n't\b|'(?= |$))")
_NO_SPACE_AFTER = re.compile(r"([(\[$£€]) ")


def _sentence(parts: Sequence[str]) -> str:
    text = _NO_SPACE_AFTER.sub(r"\1", _NO_SPACE_BEFORE.sub(r"\1", " ".join(filter(None, parts))))
    text = re.sub(r"\s*\bn ?' ?t\b", " not", text.strip(" ,;."))
    return text[:1].upper() + text[1:] + "."
