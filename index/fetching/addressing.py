"""Web addresses as they are written: which of them may be fetched at all."""

from __future__ import annotations

from yarl import URL

from index.fetching.errors import RefusedError

MAX_LENGTH = 2_000
_HTTP_PORTS = frozenset((80, 443))
_FIRST_FREE_PORT = 1024
_OTHER_PROTOCOLS = frozenset(
    # The "bad ports" of the Fetch standard from 1024 on, which browsers refuse, too.
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
     6669, 6679, 6697, 10080)
)  # fmt: skip


def is_web_address(text: str) -> bool:
    """Whether `text` is meant as a web address and not as a path."""
    return text.lower().startswith(("http://", "https://"))


def web_url(text: str, base: URL | None = None) -> URL:
    """`text` as an absolute http or https URL without its fragment, resolved against `base`.

    Ports are 80, 443 and those from 1024 on, where web servers are run without a system's
    rights. Those below are of other services (mail, file sharing), which a request could be made
    to talk to. Raises RefusedError.
    """
    shown = text[:200].encode("utf-8", "replace").decode()
    if len(text) > MAX_LENGTH:
        raise RefusedError(f"{shown}…: the address is longer than {MAX_LENGTH} characters")
    try:
        url = URL(text.strip())
        url = (base.join(url) if base is not None else url).with_fragment(None)
        url = URL(str(url))  # a port that is the default is left out, so that equals are equal
        port, host = url.port, url.raw_host or ""
    except (ValueError, TypeError):
        raise RefusedError(f"{shown!r} is no web address: check how it is written") from None
    if url.scheme not in ("http", "https"):
        raise RefusedError(f"{shown!r}: only http and https addresses are fetched")
    if not host or host.strip(".") == "" or not str(url).isprintable():
        raise RefusedError(f"{shown!r} names no host: check how it is written")
    if url.raw_user is not None or url.raw_password is not None:
        raise RefusedError(
            f"the address at {host} has a user name or password in it: leave them out, they would "
            "be stored with the article"
        )
    allowed = port in _HTTP_PORTS or (port is not None and port >= _FIRST_FREE_PORT)
    if not allowed or port in _OTHER_PROTOCOLS:
        raise RefusedError(f"{url}: port {port} is not one that web pages are served on")
    return url


def same_site(one: URL, other: URL) -> bool:
    """Whether two addresses are of one site: one host, but for "www.", "m." and the like."""
    return _site(one) == _site(other)


def _site(url: URL) -> str:
    host = (url.raw_host or "").rstrip(".").lower()
    first, _, rest = host.partition(".")
    return rest if first in ("www", "m", "mobile", "amp") and "." in rest else host
