"""The words of a text that mean something by themselves."""

from __future__ import annotations

import re

from index.analysis import STOP_WORDS

WORD = re.compile(r"\w+")


def content_words(text: str) -> set[str]:
    """Its words in small letters, without the most common ones and the "s" of possession."""
    return {word.casefold() for word in WORD.findall(text)} - STOP_WORDS - {"s"}
