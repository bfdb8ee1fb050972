"""Embeds as HTML in Discord's look, for pictures: the Markdown that Dateline writes, and no other.

The style is our own; nothing is loaded from elsewhere.
"""

from __future__ import annotations

import html
import re

import discord

STYLE = """
body { margin: 0; background: #313338; color: #dbdee1; width: 640px;
  font: 15px/1.4 "Noto Sans", "DejaVu Sans", "Helvetica Neue", Arial, sans-serif; }
.message { display: flex; gap: 14px; padding: 14px 16px; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #2e8b57;
  color: #fff; font: bold 20px/40px Georgia, serif; text-align: center; }
.name { color: #f2f3f5; font-weight: 600; }
.app { background: #5865f2; color: #fff; border-radius: 4px; padding: 1px 5px; font-size: 11px; }
.when, .footer { color: #949ba4; font-size: 12px; }
.embed { margin-top: 6px; padding: 10px 14px; border-radius: 4px; border-left: 4px solid;
  background: #2b2d31; max-width: 500px; font-size: 14px; overflow-wrap: anywhere; }
.title, .field-name { color: #f2f3f5; font-weight: 600; }
.fields { display: flex; flex-wrap: wrap; gap: 0 18px; }
.field { margin-top: 10px; flex: 0 0 100%; min-width: 0; }
.field.inline { flex: 0 0 auto; }
.footer { margin-top: 10px; }
blockquote { margin: 4px 0; padding-left: 10px; border-left: 4px solid #4e5058; }
a { color: #00a8fc; text-decoration: none; }
small { color: #949ba4; font-size: 12px; }
pre { margin: 4px 0 0; padding: 7px; border: 1px solid #1e1f22; border-radius: 4px;
  background: #1e1f22; font: 12px/1.35 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
ul { margin: 2px 0; padding-left: 20px; }
.row { display: flex; gap: 8px; margin-top: 8px; }
.button { background: #4e5058; color: #fff; border-radius: 4px; padding: 5px 14px;
  font-size: 14px; }
.button.primary { background: #5865f2; }
"""

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(&lt;([^\s]*?)&gt;\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*(?!\*)")
_SHIELD = 0xF0000  # private characters stand for those that a backslash shows as they are


def message(card: discord.Embed, rows: list[list[discord.ui.Button[discord.ui.View]]]) -> str:
    """A message of the bot that holds `card` and below it rows of buttons."""
    buttons = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in rows)
    return (
        '<div class="message"><div class="avatar">D</div><div><span class="name">Dateline</span> '
        '<span class="app">APP</span> <span class="when">Today at 16:20</span>'
        f"{embed(card)}{buttons}</div></div>"
    )


def embed(card: discord.Embed) -> str:
    parts = []
    if card.title:
        parts.append(f'<div class="title">{html.escape(card.title)}</div>')
    if card.description:
        parts.append(_markdown(card.description))
    fields = "".join(
        f'<div class="field{" inline" if one.inline else ""}">'
        f'<div class="field-name">{html.escape(one.name or "")}</div>'
        f"{_markdown(one.value or '')}</div>"
        for one in card.fields
    )
    parts.append(f'<div class="fields">{fields}</div>' if fields else "")
    if card.footer.text:
        parts.append(f'<div class="footer">{html.escape(card.footer.text)}</div>')
    colour = card.colour.value if card.colour else 0x1E1F22
    return f'<div class="embed" style="border-color:#{colour:06x}">{"".join(parts)}</div>'


def _markdown(text: str) -> str:
    if text.startswith("```"):
        return f"<pre>{html.escape(text.strip('`').strip())}</pre>"
    shown = _ESCAPE.sub(lambda found: chr(_SHIELD + ord(found[1])), text)
    rows = []
    for row in shown.split("\n"):
        for start, tag in (("> ", "blockquote"), ("-# ", "small"), ("- ", "li"), ("", "span")):
            if row.startswith(start):
                rows.append((tag, _inline(row.removeprefix(start))))
                break
    return _blocks(rows)


def _blocks(rows: list[tuple[str, str]]) -> str:
    """Rows of one kind that follow one another as one block."""
    parts: list[str] = []
    before = ""
    for tag, row in rows:
        if tag == before == "blockquote":
            parts[-1] = parts[-1].removesuffix("</blockquote>") + f"<br>{row}</blockquote>"
        elif tag == before == "li":
            parts[-1] = parts[-1].removesuffix("</ul>") + f"<li>{row}</li></ul>"
        elif tag == "li":
            parts.append(f"<ul><li>{row}</li></ul>")
        elif tag == "blockquote":
            parts.append(f"<blockquote>{row}</blockquote>")
        else:
            parts.append(f"<div><{tag}>{row or '&nbsp;'}</{tag}></div>")
        before = tag
    return "".join(parts)


def _inline(row: str) -> str:
    shown = html.escape(row, quote=False)
    shown = _LINK.sub(lambda found: f'<a href="{html.escape(found[2])}">{found[1]}</a>', shown)
    shown = _BOLD.sub(r"<strong>\1</strong>", shown)
    return re.sub(
        "[\U000f0000-\U000f007f]", lambda found: html.escape(chr(ord(found[0]) - _SHIELD)), shown
    )


def _button(button: discord.ui.Button[discord.ui.View]) -> str:
    kind = " primary" if button.style is discord.ButtonStyle.primary else ""
    words = " ".join(filter(None, (str(button.emoji or ""), button.label)))
    return f'<span class="button{kind}">{html.escape(words)}</span>'
