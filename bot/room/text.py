"""An article's text as HTML: its paragraphs, and the cited passage marked.

All elements' text together is `displayed(text)`, code point for code point. What separates
paragraphs stands between them, so a passage of several paragraphs has one `mark` in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from bot.room.displaying import displayed

_BETWEEN = re.compile(r"\n(?:[ \t]*\n)+")
_PARAGRAPH = Markup('<p dir="auto">')
_PARAGRAPH_END = Markup("</p>")
_MARK_END = Markup("</mark>")


def marked_text(text: str, start: int, end: int) -> Markup:
    """`text` with `text[start:end]` marked; where both are equal, nothing is."""
    shown = displayed(text)
    paragraphs = list(_paragraphs(shown))
    quoted = [
        (max(first, start), min(last, end))
        for first, last in paragraphs
        if max(first, start) < min(last, end)
    ]
    pieces: list[str] = []
    done = 0
    marks = iter(quoted)
    mark = next(marks, None)
    for first, last in paragraphs:
        pieces += [shown[done:first], _PARAGRAPH]
        done = first
        if mark is not None and first <= mark[0] < last:
            pieces += [escape(shown[first : mark[0]]), _mark(mark, quoted)]
            pieces += [escape(shown[mark[0] : mark[1]]), _MARK_END]
            done = mark[1]
            mark = next(marks, None)
        pieces += [escape(shown[done:last]), _PARAGRAPH_END]
        done = last
    pieces.append(shown[done:])
    # What is not escaped here is white space and markup of our own.
    return Markup("".join(pieces))  # noqa: S704


def _paragraphs(shown: str) -> Iterator[tuple[int, int]]:
    """Start and end of each; between them there is nothing but white space."""
    start = 0
    for between in _BETWEEN.finditer(shown):
        if start < between.start():
            yield start, between.start()
        start = between.end()
    if start < len(shown):
        yield start, len(shown)


def _mark(mark: tuple[int, int], quoted: list[tuple[int, int]]) -> Markup:
    first, last = mark == quoted[0], mark == quoted[-1]
    names = " ".join(name for name, is_it in (("first", first), ("last", last)) if is_it)
    return Markup("<mark{}{}>").format(
        Markup(' id="quote"') if first else "",
        Markup(' class="{}"').format(names) if names else "",
    )
