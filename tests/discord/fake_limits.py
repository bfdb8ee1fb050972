"""What Discord refuses in a message, and whom one would ping.

The numbers are Discord's, written down again: the tests must not take them from the code they test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from fake_components import message_components
from fake_errors import ApiError, Problem, refuse
from fake_payloads import Payload
from fake_texts import too_long, too_many

__all__ = ["ApiError", "check_choices", "check_content", "check_message", "check_name", "pings"]

EMBED_PARTS = {"title": 256, "description": 4096}
EMBED_URLS = ("url", "image.url", "thumbnail.url", "footer.icon_url", "author.url")
SHOWN = ("embeds", "components", "sticker_ids", "attachments", "poll")


def check_message(body: Payload) -> None:
    """Raise the ApiError with which Discord refuses `body`; return if it would be sent."""
    check_content(body)
    check_not_empty(body)


def check_content(body: Payload) -> None:
    """Raise error 50035 for what is over a limit or malformed in a message or an edit."""
    refuse(_problems(body))


def check_not_empty(message: Payload) -> None:
    """Raise error 50006 for a message that would show nothing."""
    content = (message.get("content") or "").strip()
    if not content and not any(message.get(key) for key in SHOWN):
        raise ApiError(400, 50006, "Cannot send an empty message")


def check_choices(choices: list[Payload]) -> None:
    """Raise error 50035 for autocomplete choices that Discord does not show."""
    refuse(choice_problems("data.choices", choices))


def check_name(name: object) -> None:
    """Raise error 50035 unless `name` can be a thread's: 1 to 100 characters."""
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100:
        refuse([Problem("name", "Must be between 1 and 100 in length.", "BASE_TYPE_BAD_LENGTH")])


def choice_problems(where: str, choices: list[Payload]) -> Iterator[Problem]:
    yield from too_many(where, choices, 25)
    for n, choice in enumerate(choices):
        name, value = choice.get("name"), choice.get("value")
        if not isinstance(name, str) or not name:
            yield Problem(f"{where}.{n}.name", "This field is required", "BASE_TYPE_REQUIRED")
        yield from too_long(f"{where}.{n}.name", name, 100)
        if isinstance(value, str):
            yield from too_long(f"{where}.{n}.value", value, 100)
        elif not isinstance(value, int | float):
            yield Problem(f"{where}.{n}.value", "This field is required", "BASE_TYPE_REQUIRED")


def _problems(body: Payload) -> Iterator[Problem]:
    yield from too_long("content", body.get("content"), 2000)
    yield from _embed_problems(body.get("embeds") or [])
    yield from message_components(body.get("components") or [])
    yield from _mention_problems(body.get("allowed_mentions"))
    yield from too_many("attachments", body.get("attachments") or [], 10)
    yield from too_long("nonce", body.get("nonce"), 25)


def _embed_problems(embeds: list[Payload]) -> Iterator[Problem]:
    yield from too_many("embeds", embeds, 10)
    total = 0
    for n, embed in enumerate(embeds):
        where = f"embeds.{n}"
        texts = [(name, embed.get(name), most) for name, most in EMBED_PARTS.items()]
        texts.append(("footer.text", (embed.get("footer") or {}).get("text"), 2048))
        texts.append(("author.name", (embed.get("author") or {}).get("name"), 256))
        fields = embed.get("fields") or []
        yield from too_many(f"{where}.fields", fields, 25)
        for m, entry in enumerate(fields):
            for part, most in (("name", 256), ("value", 1024)):
                texts.append((f"fields.{m}.{part}", entry.get(part), most))
                if not (entry.get(part) or "").strip():
                    yield Problem(f"{where}.fields.{m}.{part}", "This field is required")
        for name, text, most in texts:
            yield from too_long(f"{where}.{name}", text, most)
            total += len(text or "")
        for name in EMBED_URLS:
            yield from _url_problems(f"{where}.{name}", _at(embed, name))
        colour = embed.get("color")
        if colour is not None and not 0 <= colour <= 0xFFFFFF:
            yield Problem(f"{where}.color", "int value should be less than or equal to 16777215.")
    if total > 6000:
        text = "Embed size exceeds maximum size of 6000"
        yield Problem("embeds", text, "MAX_EMBED_SIZE_EXCEEDED")


def _at(embed: Payload, path: str) -> Any:
    found: Any = embed
    for key in path.split("."):
        found = (found or {}).get(key)
    return found


def _url_problems(where: str, url: object) -> Iterator[Problem]:
    if url is None:
        return
    try:
        parts = urlsplit(str(url))
        well_formed = bool(parts.hostname) and len(str(url)) <= 2048
    except ValueError:
        well_formed = False
    if not well_formed:
        yield Problem(where, "Not a well formed URL.", "URL_TYPE_INVALID_URL")
    elif parts.scheme not in ("http", "https", "attachment"):
        text = f'Scheme "{parts.scheme}" is not supported. Scheme must be one of (http, https).'
        yield Problem(where, text, "URL_TYPE_INVALID_SCHEME")


def _mention_problems(allowed: Payload | None) -> Iterator[Problem]:
    if allowed is None:
        return
    parse = allowed.get("parse") or []
    for n, kind in enumerate(parse):
        if kind not in ("everyone", "users", "roles"):
            where = f"allowed_mentions.parse.{n}"
            yield Problem(where, "Value must be one of {'everyone', 'roles', 'users'}.")
    for kind in ("users", "roles"):
        ids = allowed.get(kind) or []
        where = f"allowed_mentions.{kind}"
        yield from too_many(where, ids, 100)
        if ids and kind in parse:
            text = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            yield Problem("allowed_mentions", text, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE")
        if not all(str(id).isdecimal() for id in ids):
            yield Problem(where, "Value is not snowflake.", "NUMBER_TYPE_COERCE")


def pings(body: Payload) -> list[str]:
    """Whom `body` would notify: everything it mentions, unless `allowed_mentions` says no."""
    content = body.get("content") or ""
    allowed = body.get("allowed_mentions")
    if allowed is None:
        allowed = {"parse": ["everyone", "users", "roles"], "replied_user": True}
    found: list[str] = []
    for kind, pattern in (
        ("everyone", r"@everyone|@here"),
        ("users", r"<@!?(\d+)>"),
        ("roles", r"<@&(\d+)>"),
    ):
        named = {str(id) for id in allowed.get(kind) or ()} if kind != "everyone" else set()
        every = kind in allowed.get("parse", [])
        found += [m[0] for m in re.finditer(pattern, content) if every or (named and m[1] in named)]
    if body.get("message_reference") and allowed.get("replied_user"):
        found.append("the author of the message replied to")
    return found
