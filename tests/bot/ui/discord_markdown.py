"""What Discord would make of a message: enough of its Markdown to see what stays alive.

Written from Discord's own rules, not from the code under test: a backslash before anything but a
letter, a digit or white space shows the next character as it is, and everything else that has a
meaning has it unless it was shown so.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"\[(?:open at the quote|open at this passage|open the article)\]\(<([^>]*)>\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*(?!\*)")  # within a line, once escapes are shielded
# Private characters that stand for "this was escaped": U+E000 and its code point.
_SHIELD = 0xF0000

ALIVE = re.compile(
    r"[*_~`|<>\[\]()@#]"  # emphasis, code, spoilers, quotes, links, mentions, headings
    r"|[a-z]+://"  # addresses that become links
    r"|:\w+:"  # emoji
    r"|^\s*(?:[-+]|\d+\.)\s"  # lists
    r"|^\s*-#"
    r"|(?:discord\.gg|discord\.com)/",
    re.MULTILINE | re.IGNORECASE,
)


def shield(message: str) -> str:
    """`message` with its escaped characters as private ones, which have no meaning."""
    return _ESCAPE.sub(lambda found: chr(_SHIELD + ord(found[1])), message)


def unshield(text: str) -> str:
    return re.sub("[\U000f0000-\U000f007f]", lambda found: chr(ord(found[0]) - _SHIELD), text)


def links(message: str) -> list[str]:
    return _LINK.findall(message)


def without_own_markup(message: str) -> str:
    """What is left of a rendered message, shielded, without the markup the bot itself writes."""
    lines = []
    for line in shield(_LINK.sub("", message)).split("\n"):
        rest = line
        for start in ("-# ", "> ", "— "):
            rest = rest.removeprefix(start)
        lines.append(_BOLD.sub(r"\1", rest))
    return "\n".join(lines)


def block_quote(message: str) -> str:
    """The text of the first block quote, as a reader sees it."""
    return unshield(_BOLD.sub(r"\1", _first_block_quote(message)))


def bold_in_block_quote(message: str) -> list[str]:
    """What of the first block quote is bold, line by line, as a reader sees it."""
    return [unshield(found) for found in _BOLD.findall(_first_block_quote(message))]


def _first_block_quote(message: str) -> str:
    rows = shield(message).split("\n")
    first = next(n for n, row in enumerate(rows) if row.startswith("> "))
    shown = []
    for row in rows[first:]:
        if not row.startswith("> "):
            break
        shown.append(row[2:])
    return "\n".join(shown)
