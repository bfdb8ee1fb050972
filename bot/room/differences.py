"""What changed between two texts: sentence by sentence, then word by word inside the sentences.

Matching is difflib's (Ratcliff and Obershelp's gestalt pattern matching), whose time grows with
the square of the length and of how often the parts repeat; where that is too much, the stretch is
shown as replaced as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]

MAX_PARTS = 2_000
"""Most parts (sentences of a text, words of changed sentences) that are compared at once."""
MAX_PAIRS = 50_000
"""Most pairs of equal parts among them."""
MAX_WORDS = 40_000
"""Most words of changed sentences, of both texts together, that are compared at all."""
ALIKE = 0.4
"""Share of equal words (difflib's ratio) from which two stretches are compared word by word."""

_END = r"\n.!?\u2026\u3002\uff01\uff1f"
_SENTENCE = re.compile(rf"[^{_END}]*[{_END}]+|[^{_END}]+")
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """A stretch of text. The old text is those not added, the new one those not removed."""

    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Change]:
    """How `old` became `new`, in order; neighbours differ in kind, none is empty."""
    words_left = MAX_WORDS
    found: list[Change] = []
    for removed, added in _stretches(_SENTENCE.findall(old), _SENTENCE.findall(new)):
        if removed == added:
            found.append(Change("same", "".join(removed)))
            continue
        before, after = "".join(removed), "".join(added)
        old_words, new_words = _WORD.findall(before), _WORD.findall(after)
        words_left -= len(old_words) + len(new_words)
        if words_left > 0:
            found += _word_changes(old_words, new_words)
        else:
            found += [Change("removed", before), Change("added", after)]
    return _merged(found)


def _word_changes(old: list[str], new: list[str]) -> list[Change]:
    found: list[Change] = []
    equal = 0
    for removed, added in _stretches(old, new):
        if removed == added:
            found.append(Change("same", "".join(removed)))
            equal += sum(not word.isspace() for word in removed)
        else:
            found += [Change("removed", "".join(removed)), Change("added", "".join(added))]
    total = sum(not word.isspace() for word in old) + sum(not word.isspace() for word in new)
    if total and 2 * equal / total < ALIKE:
        return [Change("removed", "".join(old)), Change("added", "".join(new))]
    return found


def _stretches(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Both, cut into stretches that belong together; equal ones did not change."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    yield old[:head], new[:head]
    old_end, new_end = len(old) - tail, len(new) - tail
    yield from _matched(old[head:old_end], new[head:new_end])
    yield old[old_end:], new[new_end:]


def _matched(
    old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    often = Counter(new)
    if len(old) + len(new) > MAX_PARTS or sum(often[part] for part in old) > MAX_PAIRS:
        yield old, new
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        yield old[old_start:old_end], new[new_start:new_end]


def _merged(changes: list[Change]) -> list[Change]:
    """Without empty ones; what was removed and added in one place is one change of each kind."""
    merged: list[Change] = []
    gap: dict[Kind, str] = {"removed": "", "added": ""}

    def close_gap() -> None:
        merged.extend(Change(kind, text) for kind, text in gap.items() if text)
        gap["removed"] = gap["added"] = ""

    for change in changes:
        if change.kind != "same":
            gap[change.kind] += change.text
        elif change.text:
            close_gap()
            if merged and merged[-1].kind == "same":
                merged[-1] = Change("same", merged[-1].text + change.text)
            else:
                merged.append(change)
    close_gap()
    return merged
