"""The words that a sentence itself puts between quotation marks."""

from __future__ import annotations

import re

from bot.proof.folding import folded
from index.sentences import Span, trimmed

_PAIRS = re.compile(
    r"\u201c(?P<curly>[^\u201c\u201d]*)(?:\u201d|\Z)"
    r"|\u00ab(?P<angled>[^\u00ab\u00bb]*)(?:\u00bb|\Z)"
    r"|\u201e(?P<low>[^\u201e\u201c\u201d]*)(?:[\u201c\u201d]|\Z)"
    r'|(?<![\d])"(?P<straight>[^"]*)(?:"|\Z)'
    r"|(?<!\w)\u2018(?P<single>[^\u2018]{2,400}?\s[^\u2018]{1,400}?)\u2019(?!\w)"
    r"|(?<!\w)'(?P<plain>[^']{2,400}?\s[^']{1,400}?)'(?!\w)"
)
_EDGES = " ,.;:!?'-"


def quotations(text: str) -> list[Span]:
    """What stands between quotation marks, without them, in order; an open one runs to the end.

    Between single marks, which are apostrophes too, only words that are several count.
    """
    found = []
    for match in _PAIRS.finditer(text):
        group = match.lastgroup or ""
        span = trimmed(text, *match.span(group))
        if span and any(character.isalnum() for character in text[slice(*span)]):
            found.append(span)
    return found


def said(quotation: str, text: str) -> bool:
    """Whether `text` has the words of a quotation, whole and in one piece, in any typography."""
    wanted = folded(quotation).text.strip(_EDGES)
    if not wanted:
        return True
    edges = rf"(?<!\w){re.escape(wanted)}(?!\w)"
    return re.search(edges, folded(text).text) is not None
