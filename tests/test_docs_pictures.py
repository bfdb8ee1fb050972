"""The pictures in docs/: what draws them, and that all are there and shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.ui.markdown import bold, masked_link
from bot.ui.parts import one_line
from docs.discord_markup import markdown, message, modal

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SHOWN = re.compile(r"!\[[^\]]*\]\(([^)]+\.png)\)")
MOST_BYTES = 60_000
HOSTILE = "<b>x</b> **y** <@1> <script>alert(1)</script> [z](http://evil.example) `c` > q"
AUTHOR = {"username": "dateline", "bot": True}


def test_markdown_looks_as_in_discord() -> None:
    assert markdown("**a** `b`\n> c\n> d\n- e", {}) == (
        "<div><span><strong>a</strong> <code>b</code></span></div>"
        "<blockquote>c<br>d</blockquote><ul><li>e</li></ul>"
    )
    link = masked_link("there", "https://news.example/a")
    assert '<a href="https://news.example/a">there</a>' in markdown(link, {})


def test_mentions_have_names() -> None:
    names = {"@1": "Ben", "@&1": "desk", "#1": "general"}
    shown = re.sub("<[^>]+>", "", markdown("<@1> <@&1> <#1> <#2>", names))
    assert shown == "@Ben @desk #general #unknown"


def test_what_the_renderer_escapes_is_shown_as_text() -> None:
    drawn = markdown(bold(one_line(HOSTILE, 200)), {"@1": "Ben"})
    assert "Ben" not in drawn and "<a " not in drawn and "<code>" not in drawn
    assert set(re.findall(r"</?(\w+)", drawn)) == {"div", "span", "strong"}
    for part in ("&lt;b&gt;x", "**y**", "&lt;script&gt;", "[z]"):
        assert part in drawn


def test_a_message() -> None:
    item = {"type": 2, "style": 3, "label": "<Publish>", "disabled": True}
    card = {"title": "<t>", "fields": [{"name": "<n>", "value": "v"}], "footer": {"text": "<f>"}}
    payload = {
        "author": AUTHOR,
        "content": "",
        "embeds": [card],
        "components": [{"type": 1, "components": [item]}],
        "flags": 1 << 6,
    }
    drawn = message(payload, {}, above="<Ben>")
    for text in ("t", "n", "f", "Publish", "Ben"):
        assert f"&lt;{text}&gt;" in drawn
    assert "Only you can see this" in drawn and "style3 disabled" in drawn
    assert "Only you" not in message(payload | {"flags": 0}, {})


def test_a_modal_with_what_cannot_be_drawn() -> None:
    part = {"type": 18, "label": "Why", "component": {"type": 3, "custom_id": "x"}}
    with pytest.raises(ValueError, match="type 3"):
        modal({"title": "What?", "components": [part]})


@pytest.mark.parametrize("page", ["README.md", "docs/README.md"])
def test_what_is_shown_is_there(page: str) -> None:
    file = ROOT / page
    shown = SHOWN.findall(file.read_text("utf-8"))
    assert shown
    assert [one for one in shown if not (file.parent / one).is_file()] == []


def test_every_sample_has_a_small_picture_in_the_gallery() -> None:
    html = (DOCS / "discord.html").read_text("utf-8")
    samples = re.findall(r'<section id="([\w-]+)">', html)
    assert len(samples) == len(set(samples)) > 25
    gallery = SHOWN.findall((DOCS / "README.md").read_text("utf-8"))
    assert gallery == [f"discord-{one}.png" for one in samples]
    pictures = {one.name: one.stat().st_size for one in DOCS.glob("*.png")}
    assert {one for one in pictures if one.startswith("discord-")} == set(gallery)
    assert {name: size for name, size in pictures.items() if size > MOST_BYTES} == {}
