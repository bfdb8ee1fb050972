"""Links that open one revision of one guild's article until they expire, and cannot be altered.

A token is URL-safe base64 (RFC 4648, section 5, without padding) of a fixed head, the article's id
and HMAC-SHA256 (RFC 2104) over both, cut to 16 bytes as its section 5 allows.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hmac
import struct
from dataclasses import dataclass

_CONTEXT = b"dateline reading room 1\0"  # a key used elsewhere too signs nothing for this room
_HEAD = struct.Struct(">QIIIII")
_TAG_BYTES = 16
_MAX_TOKEN = 2000
"""Longer than any that is signed: an id has at most 200 characters of 4 bytes."""

MIN_KEY_BYTES = 32


class InvalidLinkError(Exception):
    """Forged, damaged or expired: which of them is nobody's business."""


@dataclass(frozen=True)
class RoomLink:
    """What a link opens: `text[start:end]` of a revision, highlighted; 0 and 0 is no passage."""

    guild_id: int
    article_id: str
    revision: int
    expires: dt.datetime
    """With a time zone; kept in whole seconds."""
    start: int = 0
    end: int = 0
    against: int = 0
    """The older revision that this one is compared with; 0 shows the text alone."""


class LinkSigner:
    """Turns links into tokens and back. `key` has at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY_BYTES:
            raise ValueError(f"a key of {len(key)} bytes is too short: {MIN_KEY_BYTES} are needed")
        self._key = key

    def token(self, link: RoomLink) -> str:
        """Raises ValueError for numbers that no link can hold (a guild id over 64 bits)."""
        try:
            head = _HEAD.pack(
                link.guild_id,
                int(link.expires.timestamp()),
                link.revision,
                link.start,
                link.end,
                link.against,
            )
        except struct.error as error:
            raise ValueError(f"no link can hold {link}") from error
        payload = head + link.article_id.encode()
        return base64.urlsafe_b64encode(payload + self._tag(payload)).rstrip(b"=").decode()

    def read(self, token: str, now: dt.datetime) -> RoomLink:
        """The link that was signed. Raises InvalidLinkError if none was, or it expired by `now`."""
        signed = _decoded(token)
        payload, tag = signed[:-_TAG_BYTES], signed[-_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(payload)) or len(payload) < _HEAD.size:
            raise InvalidLinkError
        guild_id, expires, revision, start, end, against = _HEAD.unpack_from(payload)
        if expires <= now.timestamp():
            raise InvalidLinkError
        return RoomLink(
            guild_id=guild_id,
            article_id=payload[_HEAD.size :].decode(),
            revision=revision,
            expires=dt.datetime.fromtimestamp(expires, dt.UTC),
            start=start,
            end=end,
            against=against,
        )

    def _tag(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, _CONTEXT + payload, "sha256")[:_TAG_BYTES]


def _decoded(token: str) -> bytes:
    """The bytes of a token that is written in the one way in which they are signed."""
    if len(token) > _MAX_TOKEN or not token.isascii():
        raise InvalidLinkError
    try:
        signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise InvalidLinkError from None
    # The last character may have bits to spare, which decoding ignores.
    if base64.urlsafe_b64encode(signed).rstrip(b"=").decode() != token:
        raise InvalidLinkError
    return signed
