"""What Discord refuses in a message, and whom one would ping.

The numbers are Discord's, written down again: the tests must not take them from the code they test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fake_payloads import Payload


class ApiError(Exception):
    """An error Discord would send: HTTP status, JSON error code, text."""

    def __init__(
        self, status: int, code: int, message: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.retry_after = retry_after


EMBED_PARTS = {"title": 256, "description": 4096}


def check_message(body: Payload) -> None:
    """Raise the ApiError with which Discord refuses `body`; return if it would be sent."""
    problems = list(_problems(body))
    if problems:
        raise ApiError(400, 50035, "Invalid Form Body: " + "; ".join(problems))
    shown = ("embeds", "components", "sticker_ids", "attachments", "poll")
    if not (body.get("content") or "").strip() and not any(body.get(key) for key in shown):
        raise ApiError(400, 50006, "Cannot send an empty message")


def _problems(body: Payload) -> Iterator[str]:
    yield from _too_long("content", body.get("content"), 2000)
    embeds = body.get("embeds") or []
    if len(embeds) > 10:
        yield "embeds: Must be 10 or fewer in length."
    total = 0
    for n, embed in enumerate(embeds):
        where = f"embeds.{n}"
        texts = [(name, embed.get(name), most) for name, most in EMBED_PARTS.items()]
        texts.append(("footer.text", (embed.get("footer") or {}).get("text"), 2048))
        texts.append(("author.name", (embed.get("author") or {}).get("name"), 256))
        fields = embed.get("fields") or []
        if len(fields) > 25:
            yield f"{where}.fields: Must be 25 or fewer in length."
        for m, entry in enumerate(fields):
            texts.append((f"fields.{m}.name", entry.get("name"), 256))
            texts.append((f"fields.{m}.value", entry.get("value"), 1024))
            if not entry.get("name") or not entry.get("value"):
                yield f"{where}.fields.{m}: This field is required."
        for name, text, most in texts:
            yield from _too_long(f"{where}.{name}", text, most)
            total += len(text or "")
        if not str(embed.get("url") or "https://").startswith(("http://", "https://")):
            yield f"{where}.url: Scheme must be one of ('http', 'https')."
    if total > 6000:
        yield "embeds: Embed size exceeds maximum size of 6000"
    rows = body.get("components") or []
    if len(rows) > 5 or any(len(row.get("components", [])) > 5 for row in rows):
        yield "components: Must be 5 or fewer in length."


def _too_long(name: str, text: str | None, most: int) -> Iterator[str]:
    # Discord counts characters; UTF-16 units are never fewer, so this is the stricter reading.
    if text and len(text.encode("utf-16-le", "surrogatepass")) // 2 > most:
        yield f"{name}: Must be {most} or fewer in length."


def pings(body: Payload) -> list[str]:
    """Whom `body` would notify: everything it mentions, unless `allowed_mentions` says no."""
    content = body.get("content") or ""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        allowed = {"parse": ["everyone", "users", "roles"], "replied_user": True}
    found: list[str] = []
    for kind, pattern in (
        ("everyone", r"@everyone|@here"),
        ("users", r"<@!?\d+>"),
        ("roles", r"<@&\d+>"),
    ):
        if kind in allowed.get("parse", []):
            found += re.findall(pattern, content)
    if body.get("message_reference") and allowed.get("replied_user"):
        found.append("the author of the message replied to")
    return found
