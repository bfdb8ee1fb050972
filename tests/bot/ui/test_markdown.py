"""Escaping, cutting and packing."""

from __future__ import annotations

import unicodedata

import pytest
from discord_markdown import ALIVE, shield, unshield
from hypothesis import given
from hypothesis import strategies as st

from bot.ui.graphemes import MAX_CLUSTER, graphemes
from bot.ui.limits import units
from bot.ui.links import safe_link
from bot.ui.markdown import escape, pack, shorten, split, take

text = st.text(st.sampled_from("ab *_<>@#\\-1. \n\u0301\U0001f468\u200d\u094d\u0915"))


@given(st.text())
def test_escaped_text_is_read_as_it_was_and_has_no_meaning(plain: str) -> None:
    shown = shield(escape(plain))
    assert unshield(shown) == unshield(plain)
    assert ALIVE.search(shown) is None


@pytest.mark.parametrize("plain", ["it's 5% off, really!", "U.S. said; no = yes? {x} $1 & ^"])
def test_harmless_punctuation_stays(plain: str) -> None:
    assert escape(plain).replace("\\.", ".") == plain


@given(text, st.integers(256, 300))
def test_take_loses_only_white_space_at_the_cut(plain: str, limit: int) -> None:
    plain *= 40
    head, rest = take(plain, limit)
    assert units(head) <= limit
    assert bool(head) or not plain.strip() or not rest
    taken = unshield(shield(head))
    assert plain.startswith(taken) and plain.endswith(rest)
    assert not plain[len(taken) : len(plain) - len(rest)].strip()


@given(text, st.integers(256, 300), st.integers(1, 5))
def test_split_keeps_to_its_limits(plain: str, limit: int, most: int) -> None:
    parts = split(plain * 40, limit, most, line_break="\n> ")
    assert len(parts) <= most
    assert all(units(part) <= limit for part in parts)


@pytest.mark.parametrize(
    ("plain", "limit", "shown"),
    [
        ("aaa bbb ccc ddd", 8, "aaa bbb…"),
        ("aaa bbb", 7, "aaa bbb"),
        ("aaaaaaaaaaaa", 8, "aaaaaaa…"),
        ("a bbbbbbbbbbb", 8, "a bbbbb…"),
        ("*****", 8, "\\*\\*\\*…"),
        ("\U0001f600" * 5, 8, "\U0001f600" * 3 + "…"),
        ("", 8, ""),
    ],
)
def test_shorten(plain: str, limit: int, shown: str) -> None:
    assert shorten(plain, limit) == shown


def test_pack() -> None:
    assert pack(["aa", "bb", "ccc", "d"], 5) == ["aa\nbb", "ccc\nd"]
    assert pack([], 5) == []


def test_graphemes_never_cut_inside_one() -> None:
    """Against the `regex` package's extended grapheme clusters."""
    regex = pytest.importorskip("regex")
    letters = "ab1*\n\u0301\u0e33\u200d\ufe0f\u20e3\U0001f468\U0001f3fd\U0001f1e9\U0001f1ea"
    letters += "\u1100\u1161\u11a8\uac00\u0915\u094d\u093f\u0600\uff9e\u2764\u0e01"
    known = st.characters().filter(lambda c: unicodedata.category(c) not in ("Cn", "Cs"))

    @given(st.text(st.sampled_from(letters) | known, max_size=20))
    def check(plain: str) -> None:
        ours = list(graphemes(plain))
        assert "".join(ours) == plain
        cuts = {sum(map(len, ours[:n])) for n in range(len(ours))}
        allowed = {found.start() for found in regex.finditer(r"\X", plain)}
        assert cuts <= allowed | {n + 1 for n, c in enumerate(plain) if c == "\n"} | {
            n for n, c in enumerate(plain) if c == "\n"
        }

    check()


def test_a_cluster_without_end_is_cut() -> None:
    assert max(map(len, graphemes("a" + "\u0301" * 1000))) == MAX_CLUSTER


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://news.example/a_b~c?d=e%20f#:~:text=x%2D,y", None),
        ("http://127.0.0.1:8080/x", None),
        ("https://m\u00fcnchen.example/\u00fc", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://e.example/(x)[y]@z*|", "https://e.example/%28x%29%5By%5D%40z%2A%7C"),
        ("https://user:pass@e.example/", ""),
        ("https://good.example@evil.example/", ""),
        ("https://[::1]/", ""),
        ("https://e.example:99999/", ""),
        ("https://-/", ""),
        ("https://" + "a" * 70 + "/", ""),
        ("ftp://e.example/", ""),
        ("https://e.example/\u202e", ""),
        ("https://e.example/" + "a" * 600, ""),
        ("", ""),
    ],
)
def test_safe_link(url: str, link: str | None) -> None:
    assert safe_link(url) == (url if link is None else link)
