"""Block quotes of an article's words, the answer among them in bold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from bot.ui.graphemes import graphemes
from bot.ui.limits import units
from bot.ui.markdown import ELLIPSIS, bold, escape, shorten
from bot.ui.visible import visible

MOST_PLACES = 8
"""Most places of one quote that are shown in bold."""

_LINES = 24
_MOST_READ = 20_000  # code points of one quote that are looked at: no article stalls the bot
_LEAD = 200
"""Most code points before the answer that are shown of a quote too long to be shown whole."""
_NEXT = "\n> "
_BOLD = units(bold(""))
# Control characters are in no visible text, so that these can stand for our own marks.
_OPEN, _CLOSE = "\x01", "\x02"
_MARKS = re.compile(f"({_OPEN}|{_CLOSE})")

_Spans: TypeAlias = list[tuple[int, int]]


def block_quote(quote: str, limit: int, emphasis: tuple[int, int] | None = None) -> str:
    """`quote` as a block quote of at most `limit` units (256 or more), cut visibly.

    `emphasis` is the answer's place in `quote`, in code points; it is shown in bold, and what
    stands far before it is left out where the whole is too long.
    """
    return marked_quote(quote, limit, [emphasis] if emphasis else [])


def marked_quote(quote: str, limit: int, places: Sequence[tuple[int, int]]) -> str:
    """`block_quote` with several places in bold, of which the first is the one to be seen.

    At most `MOST_PLACES` count; `limit` is 400 or more if there are several.
    """
    cut_off = len(quote) > _MOST_READ
    text, spans = _visible(quote[:_MOST_READ], places[:MOST_PLACES])
    if not text:
        text = "\ufffd"
    bold_lines = sum(1 + text.count("\n", start, end) for start, end in spans)
    limit -= units("> ") + _BOLD * min(bold_lines, _LINES + max(len(spans) - 1, 0))
    if spans and not _fits(text[: spans[-1][1]], limit):
        text, spans = _from_near(text, spans)
    rows = text.split("\n")
    kept = "\n".join(rows[:_LINES]).rstrip("\n")
    shown = shorten(kept, limit - units(ELLIPSIS), line_break=_NEXT)
    if (len(rows) > _LINES or cut_off) and not shown.endswith(ELLIPSIS):
        shown += ELLIPSIS
    return "> " + _with_bold(shown, kept, spans)


def _visible(quote: str, places: Iterable[tuple[int, int]]) -> tuple[str, _Spans]:
    """The quote as `bot.ui.visible.lines` makes it, and where the places are in that."""
    marked, edge = "", 0
    for start, end in _merged(_whole_graphemes(quote, *place) for place in places):
        words = visible(quote[start:end])
        inner = words.strip()
        marked += visible(quote[edge:start])
        marked += words.replace(inner, f"{_OPEN}{inner}{_CLOSE}", 1) if inner else words
        edge = end
    marked += visible(quote[edge:])
    rows = "\n".join(line.strip() for line in marked.split("\n"))
    text, spans, start = "", [], 0
    for part in _MARKS.split(re.sub(r"\n{3,}", "\n\n", rows).strip()):
        if part == _OPEN:
            start = len(text)
        elif part == _CLOSE:
            spans.append((start, len(text)))
        else:
            text += part
    return text, spans


def _merged(places: Iterable[tuple[int, int]]) -> _Spans:
    """The places in their order in the text, those that touch as one."""
    merged: _Spans = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _whole_graphemes(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened so that no character as people see it is cut."""
    edge = 0
    first, last = start, end
    for cluster in graphemes(text):
        following = edge + len(cluster)
        if edge <= start < following:
            first = edge
        if edge < end <= following:
            last = following
        edge = following
    return min(first, edge), min(last, edge)


def _fits(text: str, limit: int) -> bool:
    if text.count("\n") >= _LINES:
        return False
    return units(escape(text).replace("\n", _NEXT)) <= limit - units(ELLIPSIS)


def _from_near(text: str, spans: _Spans) -> tuple[str, _Spans]:
    """The text from at most `_LEAD` code points before the first span on, after an ellipsis."""
    start = spans[0][0]
    space = re.search(r"\s+", text[max(0, start - _LEAD) : start])
    begin = max(0, start - _LEAD) + space.end() if space else start
    begin = max(begin, text.rfind("\n", 0, start) + 1)  # one line: nothing but the answer counts
    moved = len(ELLIPSIS) - begin
    if not begin:
        return text, spans
    return ELLIPSIS + text[begin:], [(start + moved, end + moved) for start, end in spans]


def _with_bold(shown: str, text: str, spans: _Spans) -> str:
    """`shown`, an escaped start of `text`, with the marks of bold around the spans of `text`."""
    places = [0]  # in `shown`, of each code point of `text`
    for character in text[: spans[-1][1]] if spans else "":
        place = places[-1]
        step = len(_NEXT) if character == "\n" else 2 if shown[place : place + 1] == "\\" else 1
        if shown[place : place + step][-1:] != (" " if character == "\n" else character):
            break  # an ellipsis: the rest was cut off
        places.append(place + step)
    for start, end in reversed(spans):
        if start >= min(end, len(places) - 1):
            continue
        first, last = places[start], places[min(end, len(places) - 1)]
        # One pair of marks a line: emphasis across lines is where Markdown parsers differ.
        lines = shown[first:last].split(_NEXT)
        marked = _NEXT.join(bold(line) if line.strip() else line for line in lines)
        shown = shown[:first] + marked + shown[last:]
    return shown
