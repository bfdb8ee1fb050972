"""Hidden characters out, everything else as it was."""

from __future__ import annotations

import pytest

from bot.ui.visible import inline, lines, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 10:30\n", "plain text, 10:30\n"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("tab\there", "tab here"),
        ("\x1b[31mred\x00\x7f\x9b", "\u241b[31mred\u2400\u2421\ufffd"),
        ("\u202edesrever\u202c\u2066\u2069\u200e\u200f\u061c", "desrever"),
        ("pay\u200bload\u2060\ufeff\u00ad\u180e", "payload"),
        ("\U000e0068\U000e0069tags\U000e0100", "tags"),
        ("\u3164\u115f\u1160\uffa0fillers", "fillers"),
        ("\u2800", " "),
        ("\ud800\ufffe\ufdd0", "\ufffd\ufffd\ufffd"),
        ("a\u200db \u00e9\u200d\u00e9 \u200d", "ab \u00e9\u00e9 "),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\u0645\u200c\u200c\u062e", "\u0645\u200c\u062e"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525"),
        ("a\ufe0f\ufe0f 1\ufe0f\u20e3", "a 1\ufe0f\u20e3"),
        ("\u0301x \u0301", "\u25cc\u0301x \u25cc\u0301"),
        ("e" + "\u0301" * 1000, "e" + "\u0301" * 3),
        ("\u0e01" + "\u0e49" * 1000, "\u0e01" + "\u0e49" * 8),
        ("\u1780\u17d2\u1781\u17b6\u17c6", "\u1780\u17d2\u1781\u17b6\u17c6"),
        ("\u0600\u0661", "\u0600\u0661"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_inline() -> None:
    assert inline("  a\n\n\u3000b\u00a0c\t\u200b d ") == "a b c d"


def test_lines() -> None:
    assert lines("\n a \n \n\n\n b\nc\n") == "a\n\nb\nc"
