"""Addresses from articles as links that Discord opens and nothing else happens to."""

from __future__ import annotations

from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit, urlunsplit

from bot.qa.citations import is_web_url
from bot.ui.limits import units

MAX_LINK = 600
"""Most units of a link: three such links fit into one message."""

# What may stay as it is inside `[label](<url>)`. `%` stays because the address is encoded already.
# Everything else (brackets, `|`, `*`, the `@` of a mention) means the same percent-encoded.
_SAFE = "%-._~!$&'+,;=:/?"


def safe_link(url: str, longest: int = MAX_LINK) -> str:
    """`url` in ASCII, with nothing in it that has a meaning in Markdown; "" if it cannot be shown.

    Refused: other schemes than http and https, addresses with a user name or password (they
    disguise where a link goes), hosts that are no domain names, more than `longest` units.
    """
    if not is_web_url(url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:  # UnicodeError is one
        return ""
    if "@" in parts.netloc or not host.replace("-", "").replace(".", "").isalnum():
        return ""
    link = urlunsplit(
        (
            parts.scheme,
            host if port is None else f"{host}:{port}",
            percent_encode(parts.path, safe=_SAFE),
            percent_encode(parts.query, safe=_SAFE),
            percent_encode(parts.fragment, safe=_SAFE),
        )
    )
    return link if units(link) <= longest else ""


def host_of(link: str) -> str:
    """Where a `safe_link` leads: the host as it is looked up, with a port that is unusual."""
    return urlsplit(link).netloc
