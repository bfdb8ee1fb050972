"""What people see of a card, and whether Discord would take it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import discord
from discord_markdown import ALIVE, shield, unshield

# A masked link with any label; a shielded label has no bracket of its own.
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(<([^<>\s]*)>\)")
# How Discord's parser (the open source simple-markdown) finds links, without shielding: it reads no
# backslash within a label.
_INSIDE = r"(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*"
_RAW_LINK = re.compile(rf"\[({_INSIDE})\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*(?!\*)")
_OWN_STARTS = re.compile(r"^(?:-# |> |- )", re.MULTILINE)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_limits(card: discord.Embed) -> None:
    """Against the limits of Discord's documentation, written here a second time."""
    shown = card.to_dict()
    title, description = shown.get("title", ""), shown.get("description", "")
    fields = shown.get("fields", [])
    footer = shown.get("footer", {}).get("text", "")
    assert units(title) <= 256 and units(description) <= 4096 and units(footer) <= 2048
    assert len(fields) <= 25 and "author" not in shown
    assert all(0 < units(one["name"]) <= 256 for one in fields)
    assert all(0 < units(one["value"]) <= 1024 for one in fields)
    assert all(one["name"].strip() and one["value"].strip() for one in fields)
    texts = [title, description, footer, *(one["name"] + one["value"] for one in fields)]
    assert 0 < sum(map(units, texts)) <= 6000
    "".join(texts).encode()  # no lone surrogates


def marked_up(card: discord.Embed) -> Iterator[str]:
    """The texts of a card in which Discord reads Markdown, beside blocks of code."""
    if card.description:
        yield card.description
    for one in card.fields:
        if one.value and not one.value.startswith("```"):
            yield one.value


def check_harmless(card: discord.Embed) -> None:
    for text in marked_up(card):
        rest = _BOLD.sub(r"\1", _OWN_STARTS.sub("", _LINK.sub(r"\1", shield(text))))
        alive = ALIVE.search(rest)
        assert alive is None, (alive, text)
        found = links(text)
        raw = [address for label, address in _RAW_LINK.findall(text)]
        assert raw == [address for label, address in found], "both parsers see the same links"
        for _, address in found:
            assert address.startswith(("https://", "http://"))
            assert address.isascii() and not set(address) & set("<>()[]\\@*|` \n")
    for one in card.fields:
        if one.value and one.value.startswith("```"):
            assert re.fullmatch(r"```\n(?:(?!``).)*\n```", one.value, re.DOTALL)


def links(text: str) -> list[tuple[str, str]]:
    """Label and address of each link, as a reader sees them."""
    return [(unshield(label), address) for label, address in _LINK.findall(shield(text))]


def plain(text: str) -> str:
    """`text` as a reader sees it, lines and all."""
    rest = _OWN_STARTS.sub("", _LINK.sub(r"\1", shield(text)))
    return unshield(_BOLD.sub(r"\1", rest))


def bold(text: str) -> list[str]:
    """What is bold outside block quotes, line by line."""
    rows = [row for row in shield(text).split("\n") if not row.startswith("> ")]
    return [unshield(found) for row in rows for found in _BOLD.findall(row)]


def bold_in_quotes(text: str) -> list[list[str]]:
    """What is bold in each block quote, line by line."""
    quotes: list[list[str]] = []
    inside = False
    for row in shield(text).split("\n"):
        if row.startswith("> "):
            if not inside:
                quotes.append([])
            quotes[-1] += [unshield(found) for found in _BOLD.findall(row[2:])]
        inside = row.startswith("> ")
    return quotes
