"""Edits that make near copies of an article: what happens to a story on its way to other papers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Edit = Callable[[random.Random, str, str], str]
"""From (chance, the text, another article's text) to the edited text."""


def _typos(share: float) -> Edit:
    def edit(chance: random.Random, text: str, other: str) -> str:
        def swap(found: re.Match[str]) -> str:
            word = found.group()
            if len(word) < 2 or chance.random() >= share:
                return word
            place = chance.randrange(len(word) - 1)
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]

        return re.sub(r"\w+", swap, text)

    return edit


def _other_words(share: float) -> Edit:
    def edit(chance: random.Random, text: str, other: str) -> str:
        words = other.split()
        return re.sub(
            r"\S+", lambda it: chance.choice(words) if chance.random() < share else it.group(), text
        )

    return edit


def _other_numbers(chance: random.Random, text: str, other: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(chance.random() * 10 ** len(found.group()))), text)


def _without_paragraphs(share: float) -> Edit:
    def edit(chance: random.Random, text: str, other: str) -> str:
        return "\n\n".join(line for line in _lines(text) if chance.random() >= share) or text

    return edit


def _first(share: float) -> Edit:
    return lambda chance, text, other: text[: int(share * len(text))]


def _appended(share: float) -> Edit:
    """Another article's paragraphs behind: `share` of the text's length."""

    def edit(chance: random.Random, text: str, other: str) -> str:
        length = int(share * len(text))
        return text + "\n\n" + (other * (length // len(other) + 1))[:length]

    return edit


def _framed(chance: random.Random, text: str, other: str) -> str:
    header = (
        "Skip to main content\nSubscribe for unlimited access to local reporting\n"
        "This story was produced in partnership with the other papers of our group and is free "
        "to read for everyone. Please support our work by becoming a member today.\n"
    )
    footer = (
        "\nSign up for our daily newsletter and never miss what matters in your neighbourhood.\n"
        "Our journalists follow a code of conduct, which you can read on our website. If you have "
        "found a mistake, write to the editors; corrections appear below the article.\n"
        "All rights reserved. This material may not be published or rewritten.\n"
    )
    return header + text + footer


def _new_beginning(chance: random.Random, text: str, other: str) -> str:
    return "\n\n".join(_lines(other)[:3] + _lines(text)[3:])


def _shuffled(chance: random.Random, text: str, other: str) -> str:
    lines = _lines(text)
    chance.shuffle(lines)
    return "\n\n".join(lines)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


EDITS: dict[str, Edit] = {
    "letters swapped in 2 % of the words": _typos(0.02),
    "letters swapped in 5 % of the words": _typos(0.05),
    "5 % of the words replaced": _other_words(0.05),
    "10 % of the words replaced": _other_words(0.1),
    "all numbers changed": _other_numbers,
    "every third paragraph dropped": _without_paragraphs(1 / 3),
    "paragraphs shuffled": _shuffled,
    "line breaks removed": lambda chance, text, other: " ".join(text.split()),
    "another header and footer": _framed,
    "first three paragraphs replaced": _new_beginning,
    "first 60 % kept": _first(0.6),
    "first 50 % kept": _first(0.5),
    "a quarter appended": _appended(0.25),
    "a half appended": _appended(0.5),
    "as much again appended": _appended(1.0),
}
