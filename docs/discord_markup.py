"""What Discord shows of a message or a modal, as HTML in its look, for pictures.

It takes the objects of Discord's API and knows the Markdown that Dateline writes, and no other. The
style is our own; nothing is loaded from elsewhere.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

Payload = dict[str, Any]
Names = Mapping[str, str]
"""What mentions show: "@1" of a user, "@&1" of a role, "#1" of a channel or thread."""

STYLE = """
body { margin: 0; background: #313338; color: #dbdee1; width: 640px;
  font: 15px/1.4 "Noto Sans", "DejaVu Sans", "Helvetica Neue", Arial, sans-serif; }
section { padding: 6px 0; background: #313338; }
.message { display: flex; gap: 14px; padding: 8px 16px; }
.message > :last-child { min-width: 0; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #2e8b57;
  color: #fff; font: bold 20px/40px Georgia, serif; text-align: center; }
.avatar.person { background: #7a5c99; }
.above { padding: 8px 16px 0 70px; color: #949ba4; font-size: 12px; overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis; }
.name { color: #f2f3f5; font-weight: 600; }
.app { background: #5865f2; color: #fff; border-radius: 4px; padding: 1px 5px; font-size: 11px; }
.when, .footer, .private { color: #949ba4; font-size: 12px; }
.private { margin-top: 6px; }
.embed { margin-top: 6px; padding: 10px 14px; border-radius: 4px; border-left: 4px solid;
  background: #2b2d31; max-width: 500px; font-size: 14px; overflow-wrap: anywhere; }
.title, .field-name { color: #f2f3f5; font-weight: 600; }
.fields { display: flex; flex-wrap: wrap; gap: 0 18px; }
.field { margin-top: 10px; flex: 0 0 100%; min-width: 0; }
.field.inline { flex: 0 0 calc(33% - 12px); }
.footer { margin-top: 10px; }
blockquote { margin: 4px 0; padding-left: 10px; border-left: 4px solid #4e5058; }
a { color: #00a8fc; text-decoration: none; }
small { color: #949ba4; font-size: 12px; }
pre { margin: 4px 0 0; padding: 7px; border: 1px solid #1e1f22; border-radius: 4px;
  background: #1e1f22; font: 12px/1.35 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
code { background: #1e1f22; border-radius: 3px; padding: 1px 4px;
  font: 12px "DejaVu Sans Mono", monospace; }
.mention { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px; }
ul { margin: 2px 0; padding-left: 20px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.button { background: #4e5058; color: #fff; border-radius: 4px; padding: 5px 14px;
  font-size: 14px; }
.button.style1 { background: #5865f2; }
.button.style3 { background: #248046; }
.button.style4 { background: #da373c; }
.button.disabled { opacity: 0.5; }
.modal { margin: 12px 16px; width: 440px; padding: 16px; border-radius: 6px; background: #2b2d31; }
.modal .title { font-size: 18px; margin-bottom: 12px; }
.modal .input { margin: 6px 0 14px; padding: 8px; border-radius: 4px; background: #1e1f22; }
.modal .input.tall { min-height: 64px; }
.modal .row { justify-content: flex-end; }
"""

_EPHEMERAL = 1 << 6
_ROW, _TEXT_INPUT, _LABEL = 1, 4, 18
_PARAGRAPH = 2

_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(&lt;([^\s]*?)&gt;\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*(?!\*)")
_CODE = re.compile(r"`([^`\n]+)`")
_MENTION = re.compile(r"&lt;(@&amp;|@|#)(\d+)&gt;")
_SHIELD = 0xF0000  # private characters stand for those that a backslash shows as they are


def message(payload: Payload, names: Names, *, above: str = "") -> str:
    """A message as Discord's API has it. `above` is the line above, such as what it answers."""
    author = payload["author"]
    name = html.escape(str(author.get("global_name") or author["username"]))
    app = ' <span class="app">APP</span>' if author.get("bot") else ""
    parts = [f"<div>{markdown(payload['content'], names)}</div>"] if payload["content"] else []
    parts += [embed(one, names) for one in payload["embeds"]]
    parts += [
        f'<div class="row">{"".join(map(_button, row["components"]))}</div>'
        for row in payload["components"]
    ]
    if payload["flags"] & _EPHEMERAL:
        parts.append('<div class="private">Only you can see this · <a>Dismiss message</a></div>')
    line = f'<div class="above">{html.escape(above)}</div>' if above else ""
    return (
        f'{line}<div class="message"><div class="avatar{"" if app else " person"}">{name[0]}</div>'
        f'<div><span class="name">{name}</span>{app} <span class="when">Today at 16:20</span>'
        f"{''.join(parts)}</div></div>"
    )


def embed(card: Payload, names: Names) -> str:
    parts = []
    if title := card.get("title"):
        parts.append(f'<div class="title">{html.escape(title)}</div>')
    if description := card.get("description"):
        parts.append(markdown(description, names))
    fields = "".join(
        f'<div class="field{" inline" if one.get("inline") else ""}">'
        f'<div class="field-name">{html.escape(one["name"])}</div>'
        f"{markdown(one['value'], names)}</div>"
        for one in card.get("fields", ())
    )
    parts.append(f'<div class="fields">{fields}</div>' if fields else "")
    if footer := card.get("footer", {}).get("text"):
        parts.append(f'<div class="footer">{html.escape(footer)}</div>')
    colour = card.get("color") or 0x1E1F22
    return f'<div class="embed" style="border-color:#{colour:06x}">{"".join(parts)}</div>'


def modal(payload: Payload) -> str:
    """A modal with nothing typed in yet."""
    parts = [f'<div class="title">{html.escape(payload["title"])}</div>']
    for part in payload["components"]:
        inside = part["component"] if part["type"] == _LABEL else part["components"][0]
        if inside["type"] != _TEXT_INPUT:
            raise ValueError(f"no picture of a modal's component of type {inside['type']}")
        label = part["label"] if part["type"] == _LABEL else inside["label"]
        tall = " tall" if inside["style"] == _PARAGRAPH else ""
        hint = html.escape(inside.get("placeholder") or "")
        parts.append(
            f'<div class="field-name">{html.escape(label)}</div><div class="input{tall}">'
            f"<small>{hint}</small></div>"
        )
    parts.append(
        '<div class="row"><span class="button">Cancel</span>'
        '<span class="button style1">Submit</span></div>'
    )
    return f'<div class="modal">{"".join(parts)}</div>'


def markdown(text: str, names: Names) -> str:
    if text.startswith("```"):
        return f"<pre>{html.escape(text.strip('`').strip())}</pre>"
    shown = _ESCAPE.sub(lambda found: chr(_SHIELD + ord(found[1])), text)
    rows = []
    for row in shown.split("\n"):
        for start, tag in (("> ", "blockquote"), ("-# ", "small"), ("- ", "li"), ("", "span")):
            if row.startswith(start):
                rows.append((tag, _inline(row.removeprefix(start), names)))
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


def _inline(row: str, names: Names) -> str:
    def mention(found: re.Match[str]) -> str:
        kind = html.unescape(found[1])
        name = names.get(kind + found[2], "unknown")
        return f'<span class="mention">{html.escape(kind[0] + name)}</span>'

    shown = html.escape(row, quote=False)
    shown = _LINK.sub(lambda found: f'<a href="{html.escape(found[2])}">{found[1]}</a>', shown)
    shown = _CODE.sub(r"<code>\1</code>", shown)
    shown = _BOLD.sub(r"<strong>\1</strong>", shown)
    shown = _MENTION.sub(mention, shown)
    return re.sub(
        "[\U000f0000-\U000f007f]", lambda found: html.escape(chr(ord(found[0]) - _SHIELD)), shown
    )


def _button(button: Payload) -> str:
    emoji = (button.get("emoji") or {}).get("name")
    words = " ".join(filter(None, (emoji, button.get("label"))))
    disabled = " disabled" if button.get("disabled") else ""
    return f'<span class="button style{button["style"]}{disabled}">{html.escape(words)}</span>'
