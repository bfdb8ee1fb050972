"""The pages of the reading room as HTML that needs no script and loads nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.room.differences import Change, differences
from bot.room.displaying import displayed
from bot.room.text import marked_text
from bot.ui.dates import long_day
from bot.ui.links import safe_link
from bot.ui.visible import inline, visible

if TYPE_CHECKING:
    from bot.room.article import RoomArticle
    from bot.room.signing import RoomLink
    from index.article import Article
    from index.catalog import Revision

_HERE = Path(__file__).parent

LABEL_LENGTH = 140
"""Most characters shown of another passage that was cited."""
CONTEXT_LENGTH = 300
"""Characters shown before and after a change; more between two changes is folded away."""

Href = Callable[["RoomLink"], str]
"""A link as an address relative to the page that it stands on."""


class Pages:
    """Writes pages. Thread-safe."""

    def __init__(self) -> None:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup

        style = (_HERE / "style.css").read_text("utf-8")
        digest = hashlib.sha256(style.encode()).digest()
        self.style_source = f"'sha256-{base64.b64encode(digest).decode()}'"
        """The style as a source of a Content-Security-Policy."""
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["style"] = Markup(style)  # noqa: S704 - a file of ours

    def message(self, heading: str, explanation: str) -> str:
        return self._page("message", heading=heading, explanation=explanation)

    def article(
        self, shown: RoomArticle, link: RoomLink, *, citations: Mapping[str, str], href: Href
    ) -> str:
        """The text with the link's passage marked. Other links on it expire with this one."""
        article = shown.article
        original = safe_link(article.url)
        elsewhere = replace(link, start=0, end=0)
        return self._page(
            "article",
            **_facts(article),
            authors=[inline(author) for author in article.authors],
            original=original,
            host=urlsplit(original).netloc,
            notice=_notice(shown),
            text=marked_text(article.text, link.start, link.end),
            quoted=bool(article.text[link.start : link.end].strip()),
            citations={inline(style): visible(text) for style, text in citations.items()},
            also=[
                {
                    "href": href(replace(link, start=start, end=end)),
                    "label": _label(article.text[start:end]),
                }
                for start, end in shown.passages
                if (start, end) != (link.start, link.end)
            ],
            revisions=_revisions(shown, elsewhere, href),
            number=shown.revision,
            **_expiry(link),
        )

    def changes(self, old: RoomArticle, new: RoomArticle, link: RoomLink, *, href: Href) -> str:
        """How the text became the newer one, words removed and added."""
        parts = differences(displayed(old.article.text), displayed(new.article.text))
        before, after = _fields(old.article), _fields(new.article)
        return self._page(
            "changes",
            title=_facts(new.article)["title"],
            old_href=href(replace(link, revision=old.revision, start=0, end=0, against=0)),
            new_href=href(replace(link, start=0, end=0, against=0)),
            old_number=old.revision,
            new_number=new.revision,
            facts=[
                (name, before[name], after[name]) for name in after if before[name] != after[name]
            ],
            parts=[
                _folded(part, first=i == 0, last=i == len(parts) - 1)
                for i, part in enumerate(parts)
            ],
            changed=any(part.kind != "same" for part in parts),
            **_expiry(link),
        )

    def _page(self, name: str, **values: Any) -> str:
        return self._templates.get_template(f"{name}.html").render(values)


def _facts(article: Article) -> dict[str, Any]:
    return {
        "title": inline(article.title) or "Untitled article",
        "date": article.date,
        "day": long_day(article.date) if article.date else "",
        "source": inline(article.source),
    }


def _fields(article: Article) -> dict[str, str]:
    return {
        "Title": inline(article.title),
        "Date": long_day(article.date) if article.date else "",
        "Source": inline(article.source),
        "Authors": ", ".join(inline(author) for author in article.authors),
        "Address": visible(article.url),
    }


def _expiry(link: RoomLink) -> dict[str, Any]:
    return {"expires": link.expires, "last_day": long_day(link.expires)}


def _label(passage: str) -> str:
    words = inline(passage)
    return words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1].rstrip() + "…"


def _notice(shown: RoomArticle) -> str:
    serving = next((revision for revision in shown.revisions if revision.serving), None)
    if not shown.revisions or (serving and serving.number == shown.revision):
        return ""
    if serving is None:
        return f"This article is searched no more. Here it is as revision {shown.revision}."
    return (
        f"This is revision {shown.revision}, which is searched no more: "
        f"revision {serving.number} has taken its place."
    )


def _revisions(shown: RoomArticle, link: RoomLink, href: Href) -> list[dict[str, Any]]:
    """Newest first."""
    rows = []
    before: Revision | None = None
    for revision in shown.revisions:
        at = replace(link, revision=revision.number)
        rows.append(
            {
                "number": revision.number,
                "shown": revision.number == shown.revision,
                "remark": _remark(revision),
                "href": href(at),
                "before": before.number if before else 0,
                "changes_href": href(replace(at, against=before.number)) if before else "",
            }
        )
        before = revision
    return rows[::-1]


def _remark(revision: Revision) -> str:
    remark = ""
    if revision.stored_at:
        remark = f", stored on {long_day(dt.datetime.fromisoformat(revision.stored_at))}"
    return remark + (", searched now" if revision.serving else "")


def _folded(part: Change, *, first: bool, last: bool) -> dict[str, str]:
    """An unchanged stretch with its middle apart if that is long; at words' ends."""
    folded = {"kind": part.kind, "text": part.text, "head": "", "middle": "", "tail": ""}
    if part.kind != "same":
        return folded
    head = 0 if first else _word_end(part.text, CONTEXT_LENGTH)
    tail = len(part.text) if last else _word_end(part.text, len(part.text) - CONTEXT_LENGTH)
    if tail - head > CONTEXT_LENGTH:
        folded |= {
            "head": part.text[:head],
            "middle": part.text[head:tail],
            "tail": part.text[tail:],
        }
    return folded


def _word_end(text: str, position: int) -> int:
    """The next white space from `position` on, near by, else `position`; within the text."""
    position = min(max(position, 0), len(text))
    for offset, character in enumerate(text[position : position + 40]):
        if character.isspace():
            return position + offset
    return position
