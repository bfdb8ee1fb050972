"""Text as Discord shows it literally, within a length, and the little markup that is our own.

Discord takes a backslash before any ASCII punctuation as "show the next character as it is". That
leaves a quote to be read and copied as it stands, where zero-width characters would change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.ui.graphemes import MAX_CLUSTER, graphemes
from bot.ui.limits import units

ELLIPSIS = "…"

# Everything that can open markup: emphasis, code, spoilers, block quotes, links, headings,
# `<@id>`, `<#id>`, `<t:0>`, `</x:1>`, `<:emoji:1>`, `@everyone`, `:emoji:`, and the `://` of an
# address. `<@123>` becomes `\<\@123\>`, which is a mention for no parser, also not for one that
# looks at the content without reading its backslashes.
_SPECIAL = re.compile(r"[\\`*_~|<>\[\]()@#:/]")
# An address without a scheme, such as an invitation: discord.gg.
_DOTTED = re.compile(r"(?<=\w)\.(?=\w)")
# Lists and subtext, which begin a line: "- ", "-# ", "+ ", "1. ".
_LINE_START = re.compile(r"^[^\S\n]*(?:[-+]|\d+\.)", re.MULTILINE)


def escape(text: str) -> str:
    """`text` (already made visible) as Markdown that shows it literally."""
    return "".join(_pieces(text, "\n"))


def bold(text: str) -> str:
    return f"**{text}**"


def subtext(text: str) -> str:
    """Small print; only at the start of a line."""
    return f"-# {text}"


def masked_link(label: str, url: str) -> str:
    """A link with a label of our own; the angle brackets keep Discord from a preview."""
    return f"[{label}](<{url}>)"


def take(text: str, limit: int, *, line_break: str = "\n") -> tuple[str, str]:
    """The longest escaped start of `text` within `limit` units, and the text that is left.

    Cuts at white space where there is some near, else between graphemes, never inside an escape.
    Each "\\n" is written as `line_break`, such as a block quote's next line. At least one grapheme
    is taken if `limit` is 256 or more.
    """
    pieces: list[str] = []
    near = text[: limit + 2 * MAX_CLUSTER]  # no more can fit, and the rest costs time
    used = cut = 0  # units of `pieces`, code points of `text`
    word_end = space_end = 0  # of the last white space: pieces before it, code points up to it
    in_space = False
    for cluster, piece in zip(graphemes(near), _pieces(near, line_break), strict=True):
        length = units(piece)
        if used + length > limit:
            if cluster.isspace() and not in_space:
                word_end, space_end = len(pieces), cut
            if space_end <= cut // 2:  # a word that fills most of the room is cut
                word_end, space_end = len(pieces), cut
            return "".join(pieces[:word_end]), text[space_end:].lstrip()
        if cluster.isspace() and not in_space:
            word_end = len(pieces)
        in_space = cluster.isspace()
        pieces.append(piece)
        used += length
        cut += len(cluster)
        if in_space:
            space_end = cut
    return "".join(pieces), ""


def shorten(text: str, limit: int, *, line_break: str = "\n") -> str:
    """`text` escaped; an ellipsis stands for what does not fit into `limit` units."""
    head, rest = take(text, limit - len(ELLIPSIS), line_break=line_break)
    if not rest:
        return head
    whole, rest = take(text, limit, line_break=line_break)
    return head + ELLIPSIS if rest else whole


def split(text: str, limit: int, most: int, *, line_break: str = "\n") -> list[str]:
    """`text` escaped, in at most `most` pieces of at most `limit` units, the last shortened."""
    parts: list[str] = []
    while text and len(parts) < most - 1:
        part, text = take(text, limit, line_break=line_break)
        parts.append(part)
    return [*parts, shorten(text, limit, line_break=line_break)] if text else parts


def pack(blocks: Iterable[str], limit: int) -> list[str]:
    """Whole blocks, one below the other, in as few messages of `limit` units as hold them."""
    messages: list[str] = []
    for block in blocks:
        if messages and units(messages[-1]) + 1 + units(block) <= limit:
            messages[-1] += "\n" + block
        else:
            messages.append(block)
    return messages


def _pieces(text: str, line_break: str) -> Iterator[str]:
    """The graphemes of `text`, each escaped."""
    marked = {found.start() for found in _SPECIAL.finditer(text)}
    marked |= {found.start() for found in _DOTTED.finditer(text)}
    marked |= {found.end() - 1 for found in _LINE_START.finditer(text)}
    position = 0
    for cluster in graphemes(text):
        if cluster == "\n":
            yield line_break
        else:  # beside a joining character, what is special can also stand inside
            yield "".join(
                "\\" + character if position + offset in marked else character
                for offset, character in enumerate(cluster)
            )
        position += len(cluster)
