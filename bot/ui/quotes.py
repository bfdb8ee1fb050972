"""Block quotes of an article's words, the answer among them in bold."""

from __future__ import annotations

import re

from bot.ui.graphemes import graphemes
from bot.ui.limits import units
from bot.ui.markdown import ELLIPSIS, bold, escape, shorten
from bot.ui.visible import visible

_LINES = 24
_MOST_READ = 20_000  # code points of one quote that are looked at: no article stalls the bot
_LEAD = 200
"""Most code points before the answer that are shown of a quote too long to be shown whole."""
_NEXT = "\n> "
_BOLD = units(bold(""))
# Control characters are in no visible text, so that these can stand for our own marks.
_OPEN, _CLOSE = "\x01", "\x02"


def block_quote(quote: str, limit: int, emphasis: tuple[int, int] | None = None) -> str:
    """`quote` as a block quote of at most `limit` units (256 or more), cut visibly.

    `emphasis` is the answer's place in `quote`, in code points; it is shown in bold, and what
    stands far before it is left out where the whole is too long.
    """
    cut_off = len(quote) > _MOST_READ
    text, start, end = _visible(quote[:_MOST_READ], emphasis)
    if not text:
        text = "\ufffd"
    bold_lines = min(1 + text.count("\n", start, end), _LINES) if end > start else 0
    limit -= units("> ") + _BOLD * bold_lines
    if not _fits(text[:end], limit):
        text, start, end = _from_near(text, start, end)
    rows = text.split("\n")
    kept = "\n".join(rows[:_LINES]).rstrip("\n")
    shown = shorten(kept, limit - units(ELLIPSIS), line_break=_NEXT)
    if (len(rows) > _LINES or cut_off) and not shown.endswith(ELLIPSIS):
        shown += ELLIPSIS
    return "> " + _with_bold(shown, kept, start, end)


def _visible(quote: str, emphasis: tuple[int, int] | None) -> tuple[str, int, int]:
    """The quote as `bot.ui.visible.lines` makes it, and where the answer is in that."""
    start, end = _whole_graphemes(quote, *emphasis) if emphasis else (0, 0)
    answer = visible(quote[start:end])
    words = answer.strip()
    space = answer[: len(answer) - len(answer.lstrip())]
    marked = visible(quote[:start]) + space + _OPEN + words + _CLOSE
    marked += answer[len(space) + len(words) :] + visible(quote[end:])
    rows = "\n".join(line.strip() for line in marked.split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", rows)
    if not words:
        return text.replace(_OPEN + _CLOSE, "").strip(), 0, 0
    text = text.strip()
    start, end = text.index(_OPEN), text.index(_CLOSE) - 1
    return text.replace(_OPEN, "").replace(_CLOSE, ""), start, end


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


def _from_near(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The text from at most `_LEAD` code points before the answer on, after an ellipsis."""
    space = re.search(r"\s+", text[max(0, start - _LEAD) : start])
    begin = max(0, start - _LEAD) + space.end() if space else start
    begin = max(begin, text.rfind("\n", 0, start) + 1)  # one line: nothing but the answer counts
    moved = len(ELLIPSIS) - begin
    return (ELLIPSIS + text[begin:], start + moved, end + moved) if begin else (text, start, end)


def _with_bold(shown: str, text: str, start: int, end: int) -> str:
    """`shown`, an escaped start of `text`, with the marks of bold around `text[start:end]`."""
    first = last = place = 0
    for position, character in enumerate(text[:end]):
        if position <= start:
            first = place
        step = len(_NEXT) if character == "\n" else 2 if shown[place : place + 1] == "\\" else 1
        if shown[place : place + step][-1:] != (" " if character == "\n" else character):
            break  # an ellipsis: the rest was cut off
        place += step
        last = place
    if end <= start or last <= first:
        return shown
    # One pair of marks a line: emphasis across lines is where Markdown parsers differ.
    lines = shown[first:last].split(_NEXT)
    marked = _NEXT.join(bold(line) if line.strip() else line for line in lines)
    return shown[:first] + marked + shown[last:]
